// `bitnetmcu compare`: folders of trainings, models and records of studies, as a user compares them.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runWarm } from './__fixtures__/run-cli.js';
import { writeSyntheticIdx } from './__fixtures__/synthetic-idx.js';
import { EXIT_CODES } from './exit-codes.js';

const TEST_IMAGES = 200;
const SEEDS = [1, 2, 3];

let cwd = '';
let data: string[] = [];
const run = (...args: string[]) => runWarm(args, { cwd, environment: { BITNETMCU_CACHE: join(cwd, 'cache') } });

async function train(name: string, epochs: number, seed: number): Promise<void> {
  const settings = ['--validation', '20', '--engine', 'wasm', '--augmentation', 'none', '--epochs', String(epochs)];
  const output = ['--seed', String(seed), '--output', `${name}-${seed}`, '--json'];
  const { exitCode, stderr } = await run('train', '--preset', 'fc-1k', ...data, ...settings, ...output);
  expect(exitCode, stderr).toBe(EXIT_CODES.ok);
}

/** What `train` itself found of the integers. */
const accuracyOf = (folder: string): number =>
  JSON.parse(readFileSync(join(cwd, folder, 'report.json'), 'utf8')).integers.accuracy;

beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'bitnetmcu-compare-'));
  data = writeSyntheticIdx(join(cwd, 'data'), 200, TEST_IMAGES);
  for (const seed of SEEDS) {
    await train('short', 1, seed);
    await train('long', 12, seed);
  }
}, 120_000);
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

describe('compare', () => {
  it('takes runs of one recipe as one side: mean, deviation and a paired t test over seeds', async () => {
    const folders = SEEDS.flatMap((seed) => [`short-${seed}`, `long-${seed}`]);
    const { exitCode, stdout, stderr } = await run('compare', ...folders, '--json');
    expect(exitCode, stderr).toBe(EXIT_CODES.ok);
    const { sides, comparisons, part, measure } = JSON.parse(stdout);
    expect({ part, measure }).toEqual({ part: 'test', measure: 'accuracy' });
    expect(sides.map(({ name, count }: { name: string; count: number }) => [name, count])).toEqual([
      ['short-1 and 2 more', 3],
      ['long-1 and 2 more', 3],
    ]);
    const differences = SEEDS.map((seed) => accuracyOf(`long-${seed}`) - accuracyOf(`short-${seed}`));
    const mean = differences.reduce((sum, value) => sum + value, 0) / 3;
    const deviation = Math.sqrt(differences.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 2);
    const [{ test, difference, sentence }] = comparisons;
    expect(difference).toBeCloseTo(mean, 12);
    expect(test).toMatchObject({ test: 'paired t', pairs: 3, deviation: expect.closeTo(deviation, 10) });
    expect(test.t).toBeCloseTo(mean / (deviation / Math.sqrt(3)), 6);
    expect(sentence).toContain('paired t test over 3 seeds');
  });

  it('compares one network each by their answers, and says so in a sentence', async () => {
    const { exitCode, stdout, stderr } = await run('compare', 'short-1', join('long-1', 'model.bnm'));
    expect(exitCode, stderr).toBe(EXIT_CODES.ok);
    expect(stdout).toMatch(/side +runs +accuracy on test samples +deviation +weights/);
    const [, onlyShort, onlyLong] =
      /McNemar's test over 200 samples: (\d+) right in short-1 alone, (\d+) in long-1\/model.bnm alone/.exec(stdout)!;
    expect(Number(onlyLong) - Number(onlyShort)).toBe(
      Math.round(TEST_IMAGES * (accuracyOf('long-1') - accuracyOf('short-1'))),
    );
  });

  it('compares two networks of one recipe', async () => {
    const { stdout } = await run('compare', 'long-1', 'long-2', 'long-3', '--json');
    const { sides, comparisons } = JSON.parse(stdout);
    expect(sides).toHaveLength(3);
    expect(comparisons.map(({ first, other }: { first: string; other: string }) => [first, other])).toEqual([
      ['long-1', 'long-2'],
      ['long-1', 'long-3'],
    ]);
    expect(comparisons[0].test.test).toBe('McNemar');
    expect(comparisons[0].sentence).toContain("Holm's correction for 2 comparisons");
  });

  it('compares the configurations of a study', async () => {
    const [, kind, , trainImages, , trainLabels, , testImages, , testLabels] = data;
    const base = {
      network: 'fc-1k',
      data: { kind, trainImages, trainLabels, testImages, testLabels },
      ...{ validation: 20, engine: 'wasm', augmentation: 'none', epochs: 1, splitSeed: 1 },
    };
    const configurations = [
      { name: 'short', config: {} },
      { name: 'long', config: { epochs: 10 } },
    ];
    const seeds = 3;
    writeFileSync(
      join(cwd, 'study.json'),
      JSON.stringify({ name: 'lengths', base, configurations, seeds, test: true }),
    );
    const made = await run('study', 'run', 'study.json', '--output', 'records', '--jobs', '1');
    expect(made.exitCode, made.stderr).toBe(EXIT_CODES.ok);
    const { exitCode, stdout, stderr } = await run('compare', 'records', '--json');
    expect(exitCode, stderr).toBe(EXIT_CODES.ok);
    const { sides, comparisons } = JSON.parse(stdout);
    expect(sides).toMatchObject([
      { name: 'short', count: 3 },
      { name: 'long', count: 3 },
    ]);
    expect(comparisons[0].test).toMatchObject({ test: 'paired t', pairs: 3 });
  }, 120_000);

  it('reads the data of `--data` for each model as that model was trained: columns by name, scales of its own', async () => {
    const columns = { narrow: ['x', 'y'], wide: ['y', 'x'] } as const;
    const layers = [
      { type: 'linear', name: 'fc1', outputs: 16, weights: { format: '8bit' }, norm: 'none' },
      { type: 'activation', name: 'relu', function: 'relu' },
      { type: 'linear', name: 'fc2', outputs: 2, weights: { format: '8bit' }, norm: 'none' },
    ];
    const network = { name: 'sides', input: { shape: [2] }, layers };
    writeFileSync(join(cwd, 'sides.yaml'), JSON.stringify({ network, batchSize: 16, learningRate: 0.01 }));
    const settings = ['--validation', '20', '--engine', 'wasm', '--epochs', '15', '--json'];
    const accuracies: number[] = [];
    for (const [name, order] of Object.entries(columns)) {
      for (const part of ['train', 'test']) {
        const rows = Array.from({ length: part === 'train' ? 240 : 80 }, (_, i) => {
          const angle = i + (part === 'train' ? 0 : 0.5);
          // Samples of the two training parts differ, so that what they are scaled by does.
          const reach = part === 'train' && name === 'wide' ? 130 : 100;
          const value = { x: Math.round(reach * Math.sin(angle)), y: Math.round(40 * Math.cos(2 * angle)) - 300 };
          return [...order.map((column) => value[column]), value.x > 0 ? 'right' : 'left'].join(',');
        });
        writeFileSync(join(cwd, `${name}-${part}.csv`), `${[...order, 'class'].join(',')}\n${rows.join('\n')}\n`);
      }
      const files = ['--data', 'csv', '--data-train', `${name}-train.csv`, '--data-test', `${name}-test.csv`];
      const made = await run('train', 'sides.yaml', ...files, ...settings, '--output', name);
      expect(made.exitCode, made.stderr).toBe(EXIT_CODES.ok);
      accuracies.push(accuracyOf(name));
    }
    // The test parts are one, but for the order of the columns: each network is as right as its training found.
    const files = ['--data', 'csv', '--data-train', 'narrow-train.csv', '--data-test', 'narrow-test.csv'];
    const { exitCode, stdout, stderr } = await run('compare', 'narrow', 'wide', ...files, '--json');
    expect(exitCode, stderr).toBe(EXIT_CODES.ok);
    const { sides } = JSON.parse(stdout);
    expect(sides.map(({ mean }: { mean: number }) => mean)).toEqual(accuracies);
    expect(Math.min(...accuracies)).toBeGreaterThan(0.9);
  }, 60_000);

  it('refuses what cannot be compared, and says why', async () => {
    const one = await run('compare', 'long-1');
    expect(one).toMatchObject({ exitCode: EXIT_CODES.usage });
    expect(one.stderr).toContain('1 side was found in long-1: 2 to 40 wanted');
    const twice = await run('compare', 'short-1', 'long-1', 'long-1');
    expect(twice).toMatchObject({ exitCode: EXIT_CODES.usage });
    expect(twice.stderr).toContain('two runs with the seed 1');
    const absent = await run('compare', 'short-1', 'absent');
    expect(absent.exitCode).toBe(EXIT_CODES.badInput);
    const other = await run('compare', 'short-1', 'data');
    expect(other.exitCode).toBe(EXIT_CODES.badInput);
    const otherSeeds = await run('compare', 'short-1', 'short-2', 'long-3');
    expect(otherSeeds.stderr).toContain('the same seeds');
  });
});
