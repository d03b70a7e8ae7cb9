// Single rows of logs: what stands near a test row in time must not have been trained with.
import { describe, expect, it } from 'vitest';
import { Random } from '../../random.js';
import { loadDataset } from '../data-spec.js';
import type { Dataset } from '../dataset.js';
import { dataFolder, npy } from '../testing/data-files.js';
import { inspectData } from './inspect-data.js';
import { NeighbourSums } from './neighbour-sums.js';

const { save, path } = dataFolder();
const random = Random.of(7, 1);
/** Uniform in −1 … 1. */
const draw = () => 2 * random.nextFloat() - 1;

/** 40 stretches of 25 rows; the class has nothing to do with the values, which are those of the stretch and a little noise. */
function stretches(): string[] {
  let state = 0;
  return Array.from({ length: 40 }, () => {
    const [x, y] = [10 * draw(), 10 * draw()];
    state = (state + 1 + Math.floor(2 * random.nextFloat())) % 3;
    return Array.from(
      { length: 25 },
      () => `${(x + draw() / 10).toFixed(3)},${(y + draw() / 10).toFixed(3)},${'abc'[state]}`,
    );
  }).flat();
}

/** Random walks: the value to predict has nothing to do with the columns. */
function walks(count = 1400): string[] {
  let at = [0, 0, 0];
  return Array.from({ length: count }, () => {
    at = at.map((value) => value + draw());
    return at.map((value) => value.toFixed(3)).join();
  });
}

const shuffled = (rows: string[]): string[] =>
  rows
    .map((row) => [random.nextFloat(), row] as const)
    .sort(([a], [b]) => a - b)
    .map(([, row]) => row);
const sortedBy = (rows: string[], column: number): string[] =>
  rows.toSorted((a, b) => (a.split(',')[column]! < b.split(',')[column]! ? -1 : 1));
const numbered = (rows: string[], column: number): string[] =>
  rows.toSorted((a, b) => Number(a.split(',')[column]) - Number(b.split(',')[column]));

/** The training sample that is nearest to each test sample. */
function nearest({ train, test }: Dataset): number[] {
  const width = train.bytes.length / train.count;
  return Array.from({ length: test.count }, (_, t) => {
    const distance = (r: number) => {
      let sum = 0;
      for (let i = 0; i < width; i++) sum += (train.bytes[r * width + i]! - test.bytes[t * width + i]!) ** 2;
      return sum;
    };
    return [...Array(train.count).keys()].reduce((best, r) => (distance(r) < distance(best) ? r : best), 0);
  });
}

async function load(name: string, rows: readonly string[], overrides: Record<string, unknown>) {
  save(`${name}.csv`, ['x,y,answer', ...rows].join('\n'));
  const { spec, assumptions } = await inspectData(`${path}/${name}.csv`, overrides);
  return {
    spec,
    said: assumptions.map(({ what, because }) => `${what} (${because})`),
    data: await loadDataset(spec as never),
  };
}

describe('rows that depend on their neighbours', () => {
  it('of classes: the nearest neighbour knows no more than chance', async () => {
    const { data, said, spec } = await load('stretches', stretches(), { window: 1 });
    const right = nearest(data).filter((r, t) => data.train.labels[r] === data.test.labels[t]).length;
    expect(right / data.test.count).toBeLessThan(0.7);
    expect(data.test.count / (data.train.count + data.test.count)).toBeCloseTo(0.15, 1);
    expect(spec).toMatchObject({ splitBy: 'blocks' });
    expect(said.join('\n')).toMatch(
      /neighbours go to the same part \(a class stays for 2\d rows on average, of mixed rows for 1\.5\)/,
    );
  });

  it('of a number to predict: the nearest neighbour is no better than the mean', async () => {
    const { data } = await load('walks', walks(), { task: 'regression' });
    const [wanted, known] = [data.test.targets!, data.train.targets!];
    const mean = wanted.reduce((sum, value) => sum + value, 0) / wanted.length;
    const error = nearest(data).reduce((sum, r, t) => sum + (known[r]! - wanted[t]!) ** 2, 0);
    const spread = wanted.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    expect(1 - error / spread).toBeLessThan(0.3);
    expect(data.test.count / (data.train.count + data.test.count)).toBeLessThan(0.25);
  });

  it('that are all normal, and follow each other', async () => {
    const { spec } = await load('normal', walks(), { task: 'anomaly', labelColumn: 'none' });
    expect(spec).toMatchObject({ splitBy: 'blocks' });
  });
});

describe('rows in an order that says nothing of the time', () => {
  it.each([
    ['shuffled classes', shuffled(stretches()), {}],
    ['sorted by class', sortedBy(stretches(), 2), {}],
    ['shuffled numbers', shuffled(walks()), { task: 'regression' }],
    ['sorted by the value', numbered(walks(), 2), { task: 'regression' }],
    ['sorted by a column', numbered(walks(), 0), { task: 'regression' }],
    ['few', walks(30), { task: 'regression' }],
  ])('%s', async (name, rows, overrides) => {
    const { spec } = await load(name, rows, { ...overrides, window: 1 });
    expect(spec).not.toHaveProperty('splitBy');
  });

  it('or divided as asked', async () => {
    const { spec } = await load('asked', walks(), { task: 'regression', splitBy: 'stratified' });
    expect(spec).toMatchObject({ splitBy: 'stratified' });
  });
});

describe('correlation of neighbours', () => {
  const of = (values: readonly number[]) => {
    const sums = new NeighbourSums();
    for (let i = 1; i < values.length; i++) sums.add(values[i - 1]!, values[i]!);
    return sums.correlation;
  };
  it.each([
    [[3, 3, 3], 0],
    [[1, 2, 3, 4], 1],
    [[1.7e12, 1.7e12 + 1, 1.7e12, 1.7e12 + 1], -1],
    // Pairs (0,1), (1,0), (0,0): means 1/3, products 0 − 1/3; variances 2/3.
    [[0, 1, 0, 0], -0.5],
    [[], 0],
  ])('%j: %d', (values, expected) => expect(of(values)).toBeCloseTo(expected, 10));
});

describe('arrays', () => {
  /** Samples of [1, 8] and classes that stay for `stay` samples; bytes are pictures of 2×4. */
  const arrays = (name: string, stay: number, asBytes: boolean) => {
    const y = Uint8Array.from({ length: 240 }, (_, i) => Math.floor(i / stay) % 3);
    const x = Array.from(y, () => Array.from({ length: 8 }, () => 100 * random.nextFloat())).flat();
    save(`${name}/y.npy`, npy(y, 240));
    save(`${name}/x.npy`, asBytes ? npy(Uint8Array.from(x), 240, 2, 4) : npy(Float32Array.from(x), 240, 1, 8));
    return inspectData(`${path}/${name}`);
  };

  it.each([true, false])('in the order of time are divided by blocks; bytes: %s', async (asBytes) => {
    const { spec } = await arrays(`stay-${asBytes}`, 10, asBytes);
    expect(spec).toMatchObject({ splitBy: 'blocks' });
    const { train, test } = await loadDataset(spec as never);
    const tested = new Set(test.groups);
    // Stretches of 10 are whole.
    expect(test.count).toBe(10 * tested.size);
    expect([...train.groups!].filter((group) => tested.has(group))).toEqual([]);
  });

  it.each([1, 80])('that are mixed, or sorted by class, are not: classes stay for %d', async (stay) => {
    expect((await arrays(`mixed-${stay}`, stay, false)).spec).not.toHaveProperty('splitBy');
  });
});
