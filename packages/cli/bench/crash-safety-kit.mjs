// What the crash-safety checks share: a small data set, runs of the built command, and what is compared of their files.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { encodeBnm } from '@bitnetmcu/models';
import { readModelFile, readTrainedNetworkFile } from '@bitnetmcu/models/node';
import { readCheckpoint } from '@bitnetmcu/trainer';

const bin = fileURLToPath(new URL('../bin/bitnetmcu.js', import.meta.url));
const SIDE = 12;

/** Stripes, upright or lying, with noise from a generator of its own. */
export function writeData(folder, count) {
  let state = 7;
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const images = Buffer.alloc(16 + count * SIDE * SIDE);
  const labels = Buffer.alloc(8 + count);
  images.set([0, 0, 8, 3]);
  for (const [at, size] of [count, SIDE, SIDE].entries()) images.writeUInt32BE(size, 4 + 4 * at);
  labels.set([0, 0, 8, 1]);
  labels.writeUInt32BE(count, 4);
  for (let i = 0; i < count; i++) {
    const label = i % 2;
    labels[8 + i] = label;
    const phase = Math.floor(random() * 4);
    for (let pixel = 0; pixel < SIDE * SIDE; pixel++) {
      const across = label === 0 ? pixel % SIDE : Math.floor(pixel / SIDE);
      images[16 + i * SIDE * SIDE + pixel] = ((across + phase) % 4 < 2 ? 150 : 20) + Math.floor(random() * 90);
    }
  }
  const paths = { trainImages: join(folder, 'images.idx'), trainLabels: join(folder, 'labels.idx') };
  writeFileSync(paths.trainImages, images);
  writeFileSync(paths.trainLabels, labels);
  return { kind: 'idx', ...paths };
}

/**
 * Runs the command to its end, or kills it `killAfter` milliseconds after it was started.
 * @returns exit code (null where it was killed) and output
 */
export function command(args, { cwd, environment = {}, killAfter } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [bin, ...args], {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NO_COLOR: '1', ...environment },
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output += text;
      });
    }
    const timer = killAfter === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfter);
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ code, output });
    });
  });
}

/** Trains into a folder, or goes on where the folder has a checkpoint. */
export function trainOrResume(configFile, folder, options) {
  const checkpoint = join(folder, 'checkpoint.bnc');
  const args = existsSync(checkpoint) ? ['--resume', checkpoint] : [configFile, '--output', folder, '--overwrite'];
  return command(['train', ...args], options);
}

const sha256 = (value) =>
  createHash('sha256')
    .update(typeof value === 'string' ? value : new Uint8Array(value.buffer, value.byteOffset, value.byteLength))
    .digest('hex');

const views = (arrays) =>
  sha256(
    Object.keys(arrays)
      .sort()
      .map((key) => `${key} ${sha256(arrays[key])}`)
      .join('\n'),
  );

/** Everything of a finished run that must be the same to the bit; times and dates are left out. */
export function digestOf(folder) {
  const { network, state, history, test, epoch, step } = readCheckpoint(join(folder, 'checkpoint.bnc'));
  const trained = readTrainedNetworkFile(join(folder, 'network.bnt'));
  const model = readModelFile(join(folder, 'model.bnm'));
  const lines = readFileSync(join(folder, 'metrics.jsonl'), 'utf8').trim().split('\n');
  return {
    parameters: views(network.parameters),
    state: views(state),
    history: JSON.stringify(history.map(({ imagesPerSecond: _, seconds: __, ...rest }) => rest)),
    position: `${epoch} ${step}`,
    test: JSON.stringify(test),
    'network.bnt':
      views(trained.parameters) + JSON.stringify([trained.spec, trained.labels, trained.provenance.metrics]),
    'model.bnm': sha256(encodeBnm({ ...model, provenance: {} })),
    'metrics.jsonl': JSON.stringify(lines.map((line) => JSON.parse(line).epoch ?? 'test')),
  };
}

/** Names of what differs between two digests. */
export function differences(expected, found) {
  return Object.keys(expected).filter((key) => expected[key] !== found[key]);
}

/** Files of a run that are not whole, whatever happened to the process. */
export function damagedFiles(folder) {
  if (!existsSync(folder)) return [];
  const readers = {
    'checkpoint.bnc': readCheckpoint,
    'network.bnt': readTrainedNetworkFile,
    'model.bnm': readModelFile,
  };
  return Object.entries(readers).flatMap(([name, read]) => {
    const path = join(folder, name);
    if (!existsSync(path)) return [];
    try {
      read(path);
      return [];
    } catch (error) {
      return [`${name}: ${error.message}`];
    }
  });
}

/** What no ended process may leave for ever. */
export function leftovers(folder) {
  return readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.tmp') || name.endsWith('.lock'));
}

/** The contents of all files in a folder and the folders in it, by their paths. */
export function filesOf(folder) {
  return Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
      .map(({ parentPath, name }) => join(relative(folder, parentPath), name))
      .map((path) => [path, readFileSync(join(folder, path), 'latin1')]),
  );
}

export const sameFiles = (a, b) => JSON.stringify(a) === JSON.stringify(b);
