// Kills, faults, full disks and two writers at once: nothing may be lost, damaged or mixed, to the bit.
//   node bench/crash-safety.mjs [--short] [--kills 50] [--seed 1] [--output bench/results/crash-safety.json]
// Faults are made by a library that is compiled and preloaded here (Linux with a C compiler); full disks need the right to mount.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { writeFileAtomic } from '@bitnetmcu/models/internal/node';
import { readModelFile, readTrainedNetworkFile } from '@bitnetmcu/models/node';
import { readCheckpoint } from '@bitnetmcu/trainer';
import { callsIn, counted, faultAt, faultLibrary, faultsOf, KILL, titleOf } from './crash-safety-faults.mjs';
import {
  command,
  damagedFiles,
  differences,
  digestOf,
  filesOf,
  leftovers,
  sameFiles,
  trainOrResume,
  writeData,
} from './crash-safety-kit.mjs';

const { values } = parseArgs({
  options: {
    short: { type: 'boolean', default: false },
    kills: { type: 'string' },
    seed: { type: 'string', default: '1' },
    output: { type: 'string' },
  },
});
const kills = Number(values.kills ?? (values.short ? 4 : 50));
let state = Number(values.seed);
/** Moments of kills: 0 … 1. */
const random = () => {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return state / 2 ** 32;
};

const work = mkdtempSync(join(tmpdir(), 'bitnetmcu-crash-'));
const environment = { BITNETMCU_CACHE: join(work, 'cache') };
const problems = [];
const complain = (where, what) => {
  problems.push(`${where}: ${what}`);
  console.log(`✗ ${where}: ${what}`);
};

const data = writeData(work, 4000);
const fc = {
  name: 'fc',
  input: { shape: [1, 12, 12] },
  layers: [
    { type: 'flatten', name: 'flatten' },
    { type: 'linear', name: 'fc1', outputs: 24, weights: { format: '4bitsym' } },
    { type: 'activation', name: 'relu1', function: 'relu' },
    { type: 'linear', name: 'fc2', outputs: 2, weights: { format: '2bitsym' } },
  ],
};
const cnn = {
  name: 'cnn',
  input: { shape: [1, 12, 12] },
  layers: [
    { type: 'conv2d', name: 'conv1', channels: 4, weights: { format: '8bit' } },
    { type: 'activation', name: 'relu1', function: 'relu' },
    { type: 'maxPool2d', name: 'pool' },
    { type: 'flatten', name: 'flatten' },
    { type: 'linear', name: 'fc', outputs: 2, weights: { format: '4bitsym' } },
  ],
};
const base = { data, validation: 300, augmentation: 'none' };
const distilled = [
  { kind: 'crossEntropy', weight: 0.2 },
  { kind: 'distillation', weight: 0.8, teacher: join(work, 'fc-undisturbed', 'checkpoint.bnc') },
];
/** What is killed. Epochs: about two seconds of training. */
const CONFIGURATIONS = {
  fc: { ...base, network: fc, epochs: 120 },
  cnn: { ...base, network: cnn, epochs: 40 },
  augmented: { ...base, network: fc, epochs: 40, augmentation: { rotation: 10 } },
  wasm: { ...base, network: fc, epochs: 60, engine: 'wasm' },
  distilled: { ...base, network: fc, epochs: 60, seed: 2, loss: distilled },
};

function configFile(name, config) {
  const path = join(work, `${name}.yaml`);
  writeFileSync(path, JSON.stringify(config));
  return path;
}

/** Runs to the end undisturbed; the time that it took and what came out. */
async function undisturbed(name, config) {
  const folder = join(work, `${name}-undisturbed`);
  const file = configFile(name, config);
  const started = performance.now();
  const { code, output } = await command(['train', file, '--output', folder], { environment });
  if (code !== 0) throw new Error(`the undisturbed run of ${name} ended with ${code}:\n${output}`);
  return { file, digest: digestOf(folder), milliseconds: performance.now() - started };
}

async function finishAndCompare(where, file, folder, expected) {
  const { code, output } = await trainOrResume(file, folder, { environment });
  if (code !== 0) return complain(where, `the resumed run ended with ${code}: ${output.trim().split('\n').at(-1)}`);
  for (const what of differences(expected, digestOf(folder))) complain(where, `${what} differs`);
  for (const name of leftovers(folder)) complain(where, `${name} is left`);
}

async function killAtRandom() {
  const names = Object.keys(CONFIGURATIONS).slice(0, values.short ? 2 : undefined);
  const result = {};
  for (const [i, name] of names.entries()) {
    const { file, digest, milliseconds } = await undisturbed(name, CONFIGURATIONS[name]);
    const wanted = Math.floor(kills / names.length) + (i < kills % names.length ? 1 : 0);
    let done = 0;
    let runs = 0;
    while (done < wanted) {
      const folder = join(work, `${name}-killed-${++runs}`);
      for (let finished = false; !finished && done < wanted; ) {
        const { code } = await trainOrResume(file, folder, {
          environment,
          killAfter: milliseconds * (0.2 + 0.6 * random()),
        });
        if (code === null) done++;
        else finished = true;
        for (const damage of damagedFiles(folder)) complain(`kill ${done} of ${name}`, damage);
      }
      await finishAndCompare(`${name}, run ${runs}`, file, folder, digest);
    }
    result[name] = { kills: done, runs };
    console.log(`✓ ${name}: ${done} kills in ${runs} runs`);
  }
  return result;
}

async function faultsInTraining(library) {
  const config = { ...base, network: fc, epochs: 3 };
  const { file, digest } = await undisturbed('faulty', config);
  const train = (folder) => (variables) => trainOrResume(file, folder, { environment: variables });
  const first = join(work, 'counted');
  const log = join(work, 'calls');
  await train(first)({ ...environment, ...counted(library, first, log) });
  const calls = callsIn(log);
  const faults = faultsOf(calls, 1, values.short ? 10 : Number.POSITIVE_INFINITY);
  for (const fault of faults) {
    const where = titleOf(fault, 'training');
    const folder = join(work, 'faulty-run');
    rmSync(folder, { recursive: true, force: true });
    const variables = { ...environment, ...faultAt(library, folder, fault) };
    const { code, output } = await train(folder)(variables);
    if (code === 70 || /\.tmp/.test(output)) complain(where, `exit code ${code}: ${output.trim().split('\n').at(-1)}`);
    if (fault.error === KILL && code !== null) complain(where, `was not killed (${code})`);
    for (const damage of damagedFiles(folder)) complain(where, damage);
    await finishAndCompare(where, file, folder, digest);
  }
  console.log(`✓ ${faults.length} faults at ${calls.length} calls of a training run`);
  return { calls: calls.length, faults: faults.length };
}

/** Two models of the same network: their exports have the same names. */
async function twoExports() {
  const [old, fresh] = ['fc', 'faulty'].map((name) => join(work, `${name}-undisturbed`, 'model.bnm'));
  const write = (model, folder, variables = environment) =>
    command(['export', model, '--name', 'model', '-o', folder], { environment: variables });
  const [before, after] = [join(work, 'export-old'), join(work, 'export-new')];
  await write(old, before);
  await write(fresh, after);
  return { old, fresh, write, before: filesOf(before), after: filesOf(after) };
}

async function faultsInExport(library) {
  const { old, fresh, write, before, after } = await twoExports();
  const first = join(work, 'export-counted');
  await write(old, first);
  const log = join(work, 'calls-of-export');
  await write(fresh, first, { ...environment, ...counted(library, first, log) });
  const calls = callsIn(log);
  const faults = faultsOf(calls, 2, values.short ? 6 : Number.POSITIVE_INFINITY);
  for (const fault of faults) {
    const where = titleOf(fault, 'export');
    const folder = join(work, 'export-faulty');
    rmSync(folder, { recursive: true, force: true });
    cpSync(join(work, 'export-old'), folder, { recursive: true });
    const variables = { ...environment, ...faultAt(library, folder, fault) };
    const { code, output } = await write(fresh, folder, variables);
    if (code === 70) complain(where, output.trim().split('\n').at(-1));
    for (const [name, content] of Object.entries(filesOf(folder))) {
      if (content !== before[name] && content !== after[name]) complain(where, `${name} is damaged`);
    }
    const again = await write(fresh, folder);
    if (again.code !== 0) complain(where, `the next export ended with ${again.code}: ${again.output.trim()}`);
    else if (!sameFiles(filesOf(folder), after)) complain(where, 'the next export has other files');
  }
  console.log(`✓ ${faults.length} faults at ${calls.length} calls of an export over another one`);
  return { calls: calls.length, faults: faults.length };
}

/** Full disks: a file system in memory that is too small, then one with room. */
async function fullDisks() {
  const sizes = [
    ['train', '24k'],
    ['train', '60k'],
    ['train', '80k'],
    ['export', '24k'],
  ].slice(0, values.short ? 2 : undefined);
  const place = join(work, 'disk');
  mkdirSync(place);
  const config = { ...base, network: fc, epochs: 40 };
  const { file, digest } = await undisturbed('full', config);
  for (const [what, size] of sizes) {
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', place], { encoding: 'utf8' });
    if (mounted.status !== 0)
      return { skipped: `no file system can be mounted here: ${(mounted.error?.message ?? mounted.stderr).trim()}` };
    try {
      const where = `a disk of ${size}, ${what}`;
      const folder = join(place, 'out');
      const model = join(work, 'full-undisturbed', 'model.bnm');
      const write = () =>
        what === 'train'
          ? trainOrResume(file, folder, { environment })
          : command(['export', model, '-o', folder], { environment });
      const { code, output } = await write();
      if (code !== 3 || !/disk is full/.test(output))
        complain(where, `ended with ${code}: ${output.trim().split('\n').at(-1)}`);
      for (const damage of damagedFiles(folder)) complain(where, damage);
      spawnSync('mount', ['-o', 'remount,size=8m', place]);
      if (what === 'train') await finishAndCompare(where, file, folder, digest);
      else if ((await write()).code !== 0) complain(where, 'fails also with room');
    } finally {
      spawnSync('umount', [place]);
    }
  }
  console.log(`✓ ${sizes.length} full disks`);
  return { disks: sizes.length };
}

async function twoWriters() {
  const rounds = values.short ? 1 : 5;
  const config = configFile('two', { ...base, network: fc, epochs: 30 });
  for (let round = 1; round <= rounds; round++) {
    const folder = join(work, `two-${round}`);
    const train = (seed) => command(['train', config, '--output', folder, '--seed', `${seed}`], { environment });
    const results = await Promise.all([train(1), train(2)]);
    const where = `two trainings, round ${round}`;
    const winners = results.filter(({ code }) => code === 0).length;
    if (winners !== 1) complain(where, `${winners} of them wrote (${results.map(({ code }) => code)})`);
    const seeds = [
      readCheckpoint(join(folder, 'checkpoint.bnc')).config.seed,
      readTrainedNetworkFile(join(folder, 'network.bnt')).provenance.seed,
      readModelFile(join(folder, 'model.bnm')).provenance.seed,
    ];
    if (new Set(seeds).size !== 1) complain(where, `files of the seeds ${seeds}`);
    if (readFileSync(join(folder, 'metrics.jsonl'), 'utf8').trim().split('\n').length !== 31)
      complain(where, 'metrics are mixed');
    for (const name of leftovers(folder)) complain(where, `${name} is left`);
  }
  const { old, fresh, write, before, after } = await twoExports();
  for (let round = 1; round <= rounds; round++) {
    const folder = join(work, `two-exports-${round}`);
    const results = await Promise.all([write(old, folder), write(fresh, folder)]);
    const where = `two exports, round ${round}`;
    if (results.every(({ code }) => code !== 0)) complain(where, 'neither wrote');
    const files = filesOf(folder);
    if (!sameFiles(files, before) && !sameFiles(files, after)) complain(where, 'files are mixed');
  }
  console.log(`✓ two writers, ${rounds} times training and export`);
  return { rounds };
}

const started = performance.now();
try {
  const results = { killed: await killAtRandom() };
  const { library, reason } = faultLibrary(work);
  if (library === undefined) console.log(`– faults skipped: ${reason}`);
  results.trainingFaults = library === undefined ? { skipped: reason } : await faultsInTraining(library);
  // Also makes the second of the models that exports are compared by.
  results.exportFaults = library === undefined ? { skipped: reason } : await faultsInExport(library);
  results.fullDisks = await fullDisks();
  if (results.fullDisks.skipped) console.log(`– full disks skipped: ${results.fullDisks.skipped}`);
  if (library !== undefined) results.twoWriters = await twoWriters();
  const seconds = Math.round((performance.now() - started) / 1000);
  console.log(`${problems.length} problems in ${seconds} s`);
  if (values.output !== undefined) {
    const document = {
      command: `node bench/crash-safety.mjs ${process.argv
        .slice(2)
        .filter((word) => word !== '--output' && word !== values.output)
        .join(' ')}`.trim(),
      date: new Date().toISOString().slice(0, 10),
      machine: `${process.platform}-${process.arch}, ${cpus()[0]?.model.trim()}, ${cpus().length} cores, Node ${process.versions.node}`,
      seconds,
      ...results,
      problems,
    };
    mkdirSync(dirname(values.output), { recursive: true });
    writeFileAtomic(values.output, `${JSON.stringify(document, null, 2)}\n`);
  }
  process.exitCode = problems.length === 0 ? 0 : 1;
} finally {
  rmSync(work, { recursive: true, force: true });
}
