// bitnetmcu study: a study from a file to its table, stopped and gone on with, and what its folder says of it.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli, runWarm } from './__fixtures__/run-cli.js';
import { writeSyntheticIdx } from './__fixtures__/synthetic-idx.js';
import { EXIT_CODES } from './exit-codes.js';

let cwd = '';
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'bitnetmcu-study-'));
  writeSyntheticIdx(join(cwd, 'data'), 400, 100);
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

/** Paths are relative to the file, which lies beside the folder of the data. */
const DATA = `{ kind: idx, trainImages: data/train-images.idx, trainLabels: data/train-labels.idx,
          testImages: data/test-images.idx, testLabels: data/test-labels.idx }`;
const NETWORK = `
    name: bars
    input: { shape: [1, 16, 16] }
    layers:
      - { type: flatten, name: pixels }
      - { type: linear, name: fc, outputs: 4, weights: { format: 4bitsym } }`;

function writeStudy(rest: string, epochs = 2): void {
  const text = `name: bars\nbase:\n  network: ${NETWORK}\n  data: ${DATA}\n  epochs: ${epochs}\n  augmentation: none\n${rest}`;
  writeFileSync(join(cwd, 'bars.yaml'), text);
}

const TWO = `configurations:
  - { name: slow, config: { learningRate: 1.0e-3 } }
  - { name: fast, config: { learningRate: 1.0e-2 } }
seeds: [1, 2, 3]
targets: [ch32v003]
test: true
`;

const study = (...args: string[]) => runWarm(['study', ...args], { cwd });

describe('bitnetmcu study', () => {
  it('makes the runs of a file, compares them, and makes none again', async () => {
    writeStudy(TWO);
    const { exitCode, stdout, stderr } = await study('run', 'bars.yaml', '--jobs', '2');
    expect(exitCode, stderr).toBe(EXIT_CODES.ok);
    expect(stdout).toMatch(/^configuration +runs +validation +test +weights +ch32v003$/m);
    // 256 · 4 weights of 4 bits.
    expect(stdout).toMatch(
      /^slow +3 +\d+\.\d\d ± \d+\.\d\d % +\d+\.\d\d ± \d+\.\d\d % +512 B +[\d.]+ ms, .* flash, .* RAM$/m,
    );
    expect(stderr).toMatch(/6 of 6 {2}/);
    const again = await study('run', 'bars.yaml', '--json');
    const { status, folder, configurations, runs } = JSON.parse(again.stdout);
    expect([status, folder, runs.length]).toEqual(['finished', join('studies', 'bars'), 6]);
    for (const run of runs) {
      expect(run).toMatchObject({ status: 'finished', known: true, weightBytes: 512 });
      expect(existsSync(join(cwd, run.model))).toBe(true);
    }
    const fast = runs.filter((run: { configuration: string }) => run.configuration === 'fast');
    const accuracies = fast.map((run: { test: { accuracy: number } }) => run.test.accuracy);
    const mean = accuracies.reduce((sum: number, one: number) => sum + one, 0) / 3;
    expect(configurations[1]).toMatchObject({ label: 'fast', finished: 3, failed: 0, test: { count: 3 } });
    expect(configurations[1].test.mean).toBeCloseTo(mean, 12);
    const known = await study('status', 'studies/bars');
    expect(known.stdout).toContain('bars: 6 runs of 6 have ended');
    expect(known.stdout).toMatch(/^fast +3 /m);
    // The model is one as every other: it says with which files it was trained, and not where they stand.
    const verified = await runWarm(
      [
        'verify',
        runs[0].model,
        '--data',
        'idx',
        '--data-test-images',
        'data/test-images.idx',
        '--data-test-labels',
        'data/test-labels.idx',
        '--data-train-images',
        'data/train-images.idx',
        '--data-train-labels',
        'data/train-labels.idx',
        '--json',
      ],
      { cwd },
    );
    expect(verified.exitCode, verified.stderr).toBe(EXIT_CODES.ok);
    for (const one of JSON.parse(verified.stdout).implementations) {
      expect(one).toMatchObject({ accuracy: runs[0].test.accuracy, mismatches: 0 });
    }
  });

  it('stops at Ctrl-C with everything kept, and goes on', async () => {
    writeStudy('seeds: 4\n', 400);
    let isSent = false;
    const { exitCode, stdout, stderr } = await runCli(
      ['study', 'run', 'bars.yaml', '--jobs', '2', '--retry-failed', '--json'],
      {
        cwd,
        onStderr: (text, child) => {
          if (isSent || !text.includes('1 of 4')) return;
          isSent = true;
          child.kill('SIGINT');
        },
      },
    );
    expect(exitCode, stderr).toBe(EXIT_CODES.interrupted);
    const stopped = JSON.parse(stdout);
    expect(stopped.status).toBe('interrupted');
    expect(stopped.resume).toBe('bitnetmcu study run bars.yaml --output studies/bars --jobs 2 --retry-failed');
    const resumed = await study('run', 'bars.yaml', '--json');
    const { status, runs } = JSON.parse(resumed.stdout);
    expect([status, runs.length]).toEqual(['finished', 4]);
    expect(runs.filter(({ known }: { known: boolean }) => known).length).toBe(stopped.runs.length);
  });

  it('chooses runs from a space, shows the best, and makes none again', async () => {
    writeStudy(
      `sampler: { kind: asha, runs: 14, rungs: [0.25, 1], objectives: [error, cycles] }
space:
  learningRate: { min: 1.0e-4, max: 1.0e-1, log: true }
  batchSize: [16, 64]
  network.layers.1.weights.format: [4bitsym, 8bit]
targets: [ch32v003]
`,
      4,
    );
    const { exitCode, stdout, stderr } = await study('run', 'bars.yaml', '--jobs', '2', '--json');
    expect(exitCode, stderr).toBe(EXIT_CODES.ok);
    const { runs, configurations } = JSON.parse(stdout);
    expect(runs).toHaveLength(14);
    expect(runs[0].configuration).toMatch(
      /^#1 learningRate=0\.0\d+ batchSize=(16|64) network.layers.1.weights.format=(4bitsym|8bit) epochs=1$/,
    );
    expect(
      new Set(runs.map(({ configuration }: { configuration: string }) => configuration.split('epochs=')[1])),
    ).toEqual(new Set(['1', '4']));
    expect(configurations).toHaveLength(10);
    const [first] = configurations;
    const accuracies = runs.map(({ validation }: { validation: { accuracy: number } }) => validation.accuracy);
    expect(Math.max(...configurations.map((one: typeof first) => one.validation.mean))).toBe(Math.max(...accuracies));
    const again = await study('run', 'bars.yaml', '--jobs', '1');
    expect(again.stderr).toMatch(/The best 10 of 14 runs/);
    const known = JSON.parse((await study('run', 'bars.yaml', '--json')).stdout).runs;
    expect(known.every((run: { known: boolean }) => run.known)).toBe(true);
    expect((await study('status', 'studies/bars')).stdout).toContain('bars: 14 runs of 14 have ended');
  });

  it('reports runs that fail, goes on with the others, and tries again when it is told to', async () => {
    writeStudy(`configurations:
  - { name: good }
  - { name: endless, config: { epochs: 100000 } }
`);
    const { exitCode, stdout, stderr } = await study('run', 'bars.yaml', '--limit-seconds', '4');
    expect(exitCode).toBe(EXIT_CODES.checkFailed);
    expect(stdout).toMatch(/^good +1 /m);
    expect(stdout).toMatch(/^endless +0 +1/m);
    expect(stderr).toMatch(/endless, seed 1 failed \(timeout, tried once\): the run took more than 4 s/i);
    expect(stderr).toContain('--retry-failed');
    const { stdout: status } = await study('status', 'studies/bars');
    expect(status).toMatch(/endless, seed 1: timeout, tried once/);
    const again = await study('run', 'bars.yaml');
    expect(again.stderr).toMatch(/endless, seed 1 failed before/);
    const records = readFileSync(join(cwd, 'studies', 'bars', 'records.jsonl'), 'utf8')
      .trim()
      .split('\n');
    expect(records).toHaveLength(2);
  });

  it.each([
    [['run', 'missing.yaml'], EXIT_CODES.badInput, /missing\.yaml/],
    [['run', 'bars.yaml', '--jobs', 'many'], EXIT_CODES.usage, /--jobs many: a whole number above 0/],
    [['run', 'bars.yaml', '--output', '.'], EXIT_CODES.badInput, /holds something else/],
    [['status', 'data'], EXIT_CODES.badInput, /no records of runs/],
  ])('refuses %j', async (args, wanted, message) => {
    writeStudy('seeds: 2\n');
    const { exitCode, stderr } = await study(...args);
    expect(stderr).toMatch(message);
    expect(exitCode).toBe(wanted);
  });

  it('names the wrong key of a study and the nearest right one', async () => {
    writeStudy('sedes: 2\n');
    const { exitCode, stderr } = await study('run', 'bars.yaml');
    expect([exitCode, stderr]).toEqual([EXIT_CODES.usage, expect.stringMatching(/sedes.*seeds/)]);
  });
});
