// Which files are opened because a model says so: none that the user has not named himself.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runWarm } from './__fixtures__/run-cli.js';
import { writeSyntheticIdx } from './__fixtures__/synthetic-idx.js';
import { tinyModel } from './__fixtures__/tiny-model.js';
import { EXIT_CODES } from './exit-codes.js';

let cwd = '';
let data: string[] = [];
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'bitnetmcu-model-data-'));
  data = writeSyntheticIdx(join(cwd, 'data'), 60, 20);
  const [train, test] = ['train', 'test'].map((part) => [`data/${part}-images.idx`, `data/${part}-labels.idx`]);
  const spec = {
    kind: 'idx',
    trainImages: train![0],
    trainLabels: train![1],
    testImages: test![0],
    testLabels: test![1],
    testShare: 0.15,
  };
  writeFileSync(join(cwd, 'asks.bnm'), tinyModel({ config: { data: spec } }));
  const secret = { kind: 'csv', train: '/etc/\u001b[2Jpasswd', testShare: 0.15 };
  writeFileSync(join(cwd, 'evil.bnm'), tinyModel({ config: { data: secret }, datasetSha256: 'ff'.repeat(32) }));
  writeFileSync(join(cwd, 'named.bnm'), tinyModel({ config: { data: { kind: 'mnist', path: '/etc' } } }));
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const run = (cache: string, ...args: string[]) =>
  runWarm(args, { cwd, environment: { BITNETMCU_CACHE: join(cwd, cache) } });
const error = (stdout: string) => JSON.parse(stdout).error as { code: string; message: string };

describe('a model that names data files', () => {
  it.each([
    ['verify', 'evil.bnm'],
    ['infer', 'evil.bnm', '3'],
    ['sim', 'evil.bnm'],
    ['firmware', 'evil.bnm'],
    ['verify', 'named.bnm'],
  ])('does not get them from %s %s', async (...args) => {
    const { exitCode, stdout } = await run('none', ...args, '--json');
    expect(exitCode).toBe(EXIT_CODES.usage);
    const { code, message } = error(stdout);
    expect(code).toBe('untrusted-data');
    expect(message).toContain('--trust-data');
    expect(message).not.toContain('\u001b');
    if (args[1] === 'evil.bnm')
      expect(message).toMatch(/"\/etc\/\\u001b\[2Jpasswd"[\s\S]*--data csv --data-train <path>/);
  });

  it('gets them when the user says so, or names them, and from then on', async () => {
    expect((await run('asked', 'sim', 'asks.bnm')).exitCode).toBe(EXIT_CODES.usage);
    const trusted = await run('asked', 'sim', 'asks.bnm', '--trust-data', '--images', '2');
    expect(trusted.exitCode, trusted.stderr).toBe(EXIT_CODES.ok);
    const named = await run('named', 'sim', 'asks.bnm', '--images', '2', ...data);
    expect(named.exitCode, named.stderr).toBe(EXIT_CODES.ok);
    // The model of this test does not say which samples it means: only their hash opens what was named before.
    expect((await run('named', 'sim', 'asks.bnm')).exitCode).toBe(EXIT_CODES.usage);
  });

  it('finds the data of a training by their hash, from wherever it is called', async () => {
    const trained = await run(
      'known',
      ...['train', '--preset', 'fc-1k', ...data, '--epochs', '1', '--validation', '0', '--engine', 'wasm'],
      ...['--output', 'run'],
    );
    expect(trained.exitCode, trained.stderr).toBe(EXIT_CODES.ok);
    const elsewhere = join(cwd, 'else', 'where');
    mkdirSync(elsewhere, { recursive: true });
    const environment = { BITNETMCU_CACHE: join(cwd, 'known') };
    const args = ['sim', '../../run/model.bnm', '--images', '2', '--json'];
    const found = await runWarm(args, { cwd: elsewhere, environment });
    expect(found.exitCode, found.stderr).toBe(EXIT_CODES.ok);
    // Who never named them gets the samples that the model carries, and is told so; `verify` has no others.
    const other = { cwd: elsewhere, environment: { BITNETMCU_CACHE: join(cwd, 'other') } };
    const another = await runWarm(args, other);
    expect(another.exitCode, another.stderr).toBe(EXIT_CODES.ok);
    expect(another.stderr).toContain('test samples that the model carries are taken instead');
    const verified = await runWarm(['verify', '../../run/model.bnm', '--json'], other);
    expect(error(verified.stdout).code).toBe('untrusted-data');
    // The record says where, by hash, and nothing else of the model's.
    const record = JSON.parse(readFileSync(join(cwd, 'known', 'known-data.json'), 'utf8'));
    expect(record.dataSets).toHaveLength(1);
    expect(record.dataSets[0].data.trainImages).toBe(join(cwd, 'data', 'train-images.idx'));
    // A checkpoint is asked in the same way, before anything of it is opened.
    const resume = ['train', '--resume', 'run/checkpoint.bnc', '--json'];
    expect(error((await run('other', ...resume)).stdout).code).toBe('untrusted-data');
    expect((await run('known', ...resume)).exitCode).toBe(EXIT_CODES.ok);
  }, 60_000);
});
