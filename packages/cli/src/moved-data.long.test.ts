// Where the data of a model are: named relative to its file, found from anywhere and after both were moved; other data are said; none: samples in the model.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeBnm, decodeTrainedNetwork } from '@bitnetmcu/models';
import { decodeCheckpoint } from '@bitnetmcu/trainer/internal';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runWarm } from './__fixtures__/run-cli.js';
import { EXIT_CODES } from './exit-codes.js';

/** Four features, three classes that differ in which one is large. */
function csv(seed: number): string {
  const rows = Array.from({ length: 90 }, (_, i) => {
    const values = [0, 1, 2, 3].map((k) => (k === i % 3 ? 200 : (i * 7 + k * 13 + seed) % 40));
    return [...values, 'abc'[i % 3]].join(',');
  });
  return `w,x,y,z,class\n${rows.join('\n')}\n`;
}

const NETWORK = {
  name: 'plain',
  input: { shape: [4], preprocessing: { divisor: 255, mean: 0, deviation: 1 } },
  layers: [
    { type: 'linear', name: 'fc1', outputs: 8, weights: { format: '4bitsym' } },
    { type: 'activation', name: 'relu1', function: 'relu' },
    { type: 'linear', name: 'fc2', outputs: 3, weights: { format: '4bitsym' } },
  ],
};

let root = '';
const run = (cwd: string, cache: string, ...args: string[]) =>
  runWarm(args, { cwd, environment: { BITNETMCU_CACHE: join(root, cache) } });
const at = (...path: string[]) => join(root, ...path);

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'bitnetmcu-moved-'));
  mkdirSync(at('project', 'configs', 'data'), { recursive: true });
  writeFileSync(at('project', 'configs', 'data', 'mine.csv'), csv(0));
  writeFileSync(at('project', 'configs', 'net.json'), JSON.stringify(NETWORK));
  writeFileSync(
    at('project', 'configs', 'mine.yaml'),
    'network: net.json\ndata: {kind: csv, train: data/mine.csv, labelColumn: class}\nepochs: 2\nbatchSize: 8\nvalidation: 0\nengine: wasm\naugmentation: none\n',
  );
  // From the folder above: paths of the file are relative to it, the output to where one is.
  const args = ['train', 'configs/mine.yaml', '--output', 'runs/mine'];
  const { exitCode, stderr } = await run(at('project'), 'known', ...args);
  expect(exitCode, stderr).toBe(EXIT_CODES.ok);
}, 120_000);
afterAll(() => rmSync(root, { recursive: true, force: true }));

const bytesOf = (name: string) => new Uint8Array(readFileSync(at('project', 'runs', 'mine', name)));

it('all three files name the data relative to themselves, and no path of this machine', () => {
  const provenances = [
    decodeBnm(bytesOf('model.bnm')).provenance,
    decodeTrainedNetwork(bytesOf('network.bnt')).provenance,
    decodeCheckpoint(bytesOf('checkpoint.bnc')).network.provenance,
  ];
  for (const provenance of provenances) {
    expect(provenance.data).toMatchObject({ kind: 'csv', train: '../../configs/data/mine.csv' });
    expect(provenance.datasetSha256).toMatch(/^[0-9a-f]{64}$/);
  }
  for (const name of ['model.bnm', 'network.bnt']) {
    expect(Buffer.from(bytesOf(name)).includes(root)).toBe(false);
  }
});

it('the model carries at most 16 test samples, of every class some', () => {
  const { samples } = decodeBnm(bytesOf('model.bnm'));
  // 15 % of 90 are 13 or 14.
  expect(samples!.inputs.length / 4).toBeGreaterThanOrEqual(13);
  expect(samples!.inputs.length / 4).toBeLessThanOrEqual(16);
  expect([...new Set(samples!.labels)].sort()).toEqual([0, 1, 2]);
});

it('is found from elsewhere, and after model and data were moved together', async () => {
  mkdirSync(at('elsewhere'));
  const before = await run(at('elsewhere'), 'known', 'verify', '../project/runs/mine/model.bnm', '--json');
  expect(before.exitCode, before.stderr + before.stdout).toBe(EXIT_CODES.ok);
  renameSync(at('project'), at('moved'));
  try {
    for (const file of ['model.bnm', 'checkpoint.bnc', 'network.bnt']) {
      const { exitCode, stdout, stderr } = await run(at(), 'known', 'verify', `moved/runs/mine/${file}`, '--json');
      expect(exitCode, stdout + stderr).toBe(EXIT_CODES.ok);
      expect(stderr).not.toContain('SHA-256');
    }
    // Somebody who never named the data is asked, with the path where the file says that they are.
    const { exitCode, stdout } = await run(at(), 'stranger', 'verify', 'moved/runs/mine/model.bnm', '--json');
    expect(exitCode).toBe(EXIT_CODES.usage);
    const { code, message } = JSON.parse(stdout).error;
    expect(code).toBe('untrusted-data');
    expect(message).toContain(join('moved', 'configs', 'data', 'mine.csv'));
    const resumed = await run(at(), 'known', 'train', '--resume', 'moved/runs/mine/checkpoint.bnc', '--json');
    expect(resumed.exitCode, resumed.stdout + resumed.stderr).toBe(EXIT_CODES.ok);
  } finally {
    renameSync(at('moved'), at('project'));
  }
}, 120_000);

it('another file than the one that was named is not opened, whatever hash the model tells', async () => {
  cpSync(at('project'), at('copy'), { recursive: true });
  renameSync(at('project'), at('hidden'));
  try {
    renameSync(at('copy', 'configs', 'data', 'mine.csv'), at('copy', 'configs', 'data', 'secret.csv'));
    const { exitCode, stdout } = await run(at('copy'), 'known', 'verify', 'runs/mine/model.bnm', '--json');
    expect(exitCode).not.toBe(EXIT_CODES.ok);
    expect(stdout).not.toContain('secret');
  } finally {
    renameSync(at('hidden'), at('project'));
    rmSync(at('copy'), { recursive: true });
  }
});

it('other data than those of the training are said, by every command that opens them', async () => {
  const file = at('project', 'configs', 'data', 'mine.csv');
  writeFileSync(file, csv(5));
  try {
    for (const args of [
      ['verify', 'runs/mine/model.bnm'],
      ['sim', 'runs/mine/model.bnm'],
      ['infer', 'runs/mine/model.bnm', '1'],
      ['firmware', 'runs/mine/model.bnm', '--target', 'arduino', '-o', 'fw-other'],
      [
        'verify',
        'runs/mine/model.bnm',
        '--data',
        'csv',
        '--data-train',
        'configs/data/mine.csv',
        '--data-label-column',
        'class',
      ],
    ]) {
      const { stderr, exitCode } = await run(at('project'), 'known', ...args);
      expect(stderr, args.join(' ')).toMatch(/not those that the model was trained on \(other SHA-256\)/);
      expect(exitCode, stderr).toBe(EXIT_CODES.ok);
    }
  } finally {
    writeFileSync(file, csv(0));
  }
}, 120_000);

it('sim and firmware take the samples of the model where the data are missing, or not theirs to open; verify says which', async () => {
  mkdirSync(at('alone'));
  writeFileSync(at('alone', 'model.bnm'), bytesOf('model.bnm'));
  for (const cache of ['known', 'stranger']) {
    renameSync(at('project', 'configs', 'data'), at('project', 'configs', 'away'));
    try {
      for (const args of [
        ['sim', 'model.bnm'],
        ['firmware', 'model.bnm', '--target', 'arduino'],
      ]) {
        const { exitCode, stderr } = await run(at('alone'), cache, ...args);
        expect(exitCode, stderr).toBe(EXIT_CODES.ok);
        expect(stderr).toMatch(/1[3-6] test samples that the model carries|10 test samples that the model carries/);
      }
      expect((await run(at('alone'), cache, 'verify', 'model.bnm')).exitCode).not.toBe(EXIT_CODES.ok);
      // What the user names is not replaced by something else.
      const named = ['--data', 'csv', '--data-train', 'nowhere.csv'];
      expect((await run(at('alone'), cache, 'sim', 'model.bnm', ...named)).exitCode).not.toBe(EXIT_CODES.ok);
    } finally {
      renameSync(at('project', 'configs', 'away'), at('project', 'configs', 'data'));
    }
  }
}, 120_000);
