// bitnetmcu study: a study from a file to its table, and what its folder says of it.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeStudy } from './__fixtures__/bars-study.js';
import { runWarm } from './__fixtures__/run-cli.js';
import { writeSyntheticIdx } from './__fixtures__/synthetic-idx.js';
import { EXIT_CODES } from './exit-codes.js';

let cwd = '';
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'bitnetmcu-study-'));
  writeSyntheticIdx(join(cwd, 'data'), 400, 100);
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

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
    writeStudy(cwd, TWO);
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
    const known = await study('status');
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

  it('chooses runs from a space, shows the best, and makes none again', async () => {
    writeStudy(
      cwd,
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

  it.each([
    [['run', 'missing.yaml'], EXIT_CODES.badInput, /missing\.yaml/],
    [['run', 'bars.yaml', '--jobs', 'many'], EXIT_CODES.usage, /--jobs many: a whole number above 0/],
    [['run', 'bars.yaml', '--output', '.'], EXIT_CODES.badInput, /holds something else/],
    [['status', 'data'], EXIT_CODES.badInput, /no records of runs/],
    [['status'], EXIT_CODES.usage, /wanted: (studies\/ holds none|there are studies\/\w+, )/],
  ])('refuses %j', async (args, wanted, message) => {
    writeStudy(cwd, 'seeds: 2\n');
    const { exitCode, stderr } = await study(...args);
    expect(stderr).toMatch(message);
    expect(exitCode).toBe(wanted);
  });

  it('names the wrong key of a study and the nearest right one', async () => {
    writeStudy(cwd, 'sedes: 2\n');
    const { exitCode, stderr } = await study('run', 'bars.yaml');
    expect([exitCode, stderr]).toEqual([EXIT_CODES.usage, expect.stringMatching(/sedes.*seeds/)]);
  });
});
