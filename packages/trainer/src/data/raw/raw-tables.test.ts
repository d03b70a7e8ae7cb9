// Tables whose columns keep their own scale: worked by hand, and by a second computation of mean and deviation.
import { quantizeRaw } from '@bitnetmcu/models';
import { describe, expect, it } from 'vitest';
import { loadDataset } from '../data-spec.js';
import { dataFolder } from '../testing/data-files.js';

const { save } = dataFolder();

const signed = (bytes: Uint8Array): number[] => [...bytes].map((byte) => byte - 128);
const table = (rows: readonly (readonly (string | number)[])[], header = 'kind,a,b'): string =>
  `${header}\n${rows.map((row) => row.join(',')).join('\n')}\n`;

/** 40 rows: a is 1 or 3 (mean 2, deviation 1), b 0.25 or 0.75 (mean 0.5, deviation 0.25). */
const ROWS = Array.from({ length: 40 }, (_, i) => ['uv'[i % 2]!, i % 2 ? 3 : 1, i % 4 < 2 ? 0.25 : 0.75]);

describe('columns are scaled by themselves', () => {
  it('32 steps a deviation around the mean of the training part, clamped 4 deviations away and counted', async () => {
    const train = save('train.csv', table(ROWS));
    const test = save(
      'test.csv',
      table([
        ['u', 2, 0.5],
        ['v', 10, 0.75],
        ['u', -5, 0.25],
      ]),
    );
    const { raw, train: t, test: s, shape, notes } = await loadDataset({ kind: 'csv', train, test });
    expect(shape).toEqual([2]);
    expect(raw).toMatchObject({
      kind: 'table',
      type: 'i16',
      features: [
        { name: 'a', decimals: 0 },
        { name: 'b', decimals: 2 },
      ],
    });
    expect(signed(t.bytes).slice(0, 8)).toEqual([-32, -32, 32, -32, -32, 32, 32, 32]);
    // 2 and 0.5 are the means; 10 and −5 lie beyond floor(2 + 127/32) = 5 and ceil(2 − 4) = −2, which are 3 and −4 deviations away.
    expect(signed(s.bytes)).toEqual([0, 0, 96, 32, -128, -32]);
    expect(notes!.join('\n')).toContain('column a: 66.7 % of test values outside the range of training');
    expect(notes!.join('\n')).not.toContain('column b');
  });

  it('counts values that the raw type cannot hold, where the range is all of it', async () => {
    // Mean 0 and deviation about 9459 over −16384 … 16383: 4 deviations are more than int16 has.
    const wide = Array.from({ length: 200 }, (_, i) => [((i * 165 * 82) % 32_768) - 16_384, 'uv'[i % 2]!]);
    const far = Array.from({ length: 10 }, (_, i) => [i < 4 ? 1_000_000 : i < 6 ? -1_000_000 : 32_767, 'uv'[i % 2]!]);
    const { raw, notes } = await loadDataset({
      kind: 'csv',
      train: save('wide.csv', table(wide, 'a,kind')),
      test: save('far.csv', table(far, 'a,kind')),
      labelColumn: 'kind',
    });
    expect(raw).toMatchObject({ type: 'i16', features: [{ low: -32_768, high: 32_767 }] });
    expect(notes!.join('\n')).toContain('column a: 60.0 % of test values outside the range of training');
  });

  it('raw integers of the device give the same int8', async () => {
    const { raw, train, shape } = await loadDataset({
      kind: 'csv',
      train: save('same.csv', table(ROWS)),
      test: save('same2.csv', table(ROWS)),
    });
    const integers = ROWS.flatMap(([, a, b]) => [a as number, Math.round((b as number) * 100)]);
    expect([...quantizeRaw(raw!, shape, integers)]).toEqual(signed(train.bytes));
  });

  it('nothing of the test part decides', async () => {
    const train = save('train.csv', table(ROWS));
    const load = (factor: number) =>
      loadDataset({
        kind: 'csv',
        train,
        test: save('other.csv', table(ROWS.map(([k, a, b]) => [k!, factor * (a as number), b!]))),
      });
    const [one, hundred] = [await load(1), await load(100)];
    expect(hundred.raw).toEqual(one.raw);
    expect(hundred.sha256).not.toBe(one.sha256);
  });

  it('agrees with mean and deviation computed another way, on columns of very different sizes', async () => {
    // A generator of its own (Park and Miller), sums of 12 as normal deviates.
    let state = 42;
    const uniform = () => {
      state = (state * 48_271) % 2_147_483_647;
      return state / 2_147_483_647;
    };
    const normal = () => Array.from({ length: 12 }, uniform).reduce((sum, x) => sum + x, -6);
    const values = Array.from({ length: 500 }, () => [
      0.005 + 0.001 * normal(),
      1013 + 8 * normal(),
      -400_000 + 50_000 * normal(),
    ]);
    const rows = values.map(([a, b, c], i) => ['pq'[i % 2]!, a!.toFixed(6), b!.toFixed(2), Math.round(c!)]);
    const file = save('sizes.csv', table(rows, 'kind,small,pressure (hPa),large'));
    const { raw, train } = await loadDataset({ kind: 'csv', train: file, test: file });
    expect(raw!.type).toBe('i32');
    expect(raw!.features[1]).toMatchObject({ name: 'pressure (hPa)', unit: 'hPa' });
    for (let column = 0; column < 3; column++) {
      const cells = rows.map((row) => Number(row[column + 1]));
      const mean = cells.reduce((sum, x) => sum + x, 0) / cells.length;
      const deviation = Math.sqrt(cells.reduce((sum, x) => sum + (x - mean) ** 2, 0) / cells.length);
      for (const [i, x] of cells.entries()) {
        const wanted = Math.min(127, Math.max(-128, (32 * (x - mean)) / deviation));
        expect(Math.abs(train.bytes[3 * i + column]! - 128 - wanted)).toBeLessThan(1);
      }
    }
  });
});

describe('types, decimals, curves', () => {
  const load = async (cells: readonly (string | number)[], more = {}) => {
    const file = save(
      'one.csv',
      table(
        cells.map((cell, i) => ['uv'[i % 2]!, cell]),
        'kind,a',
      ),
    );
    return (await loadDataset({ kind: 'csv', train: file, test: file, ...more })).raw!;
  };
  const spread = (low: number, high: number, digits: number) =>
    Array.from({ length: 60 }, (_, i) => (low + ((high - low) * ((i * 37) % 60)) / 59).toFixed(digits));

  it.each<[string, string[], object, string, number]>([
    ['whole numbers', spread(0, 90, 0), {}, 'i16', 0],
    ['tenths', spread(4, 8, 1), {}, 'i16', 1],
    // A deviation of 147 is 32 steps of 4.6, each with 8 raw steps of 0.57: tenths.
    ['more digits than steps need', spread(400, 900, 7), {}, 'i16', 1],
    ['too large for 16 bits', spread(0, 100_000, 0), {}, 'i32', 0],
    ['bytes, if asked', spread(0, 255, 0), { rawType: 'u8' }, 'u8', 0],
    ['floats, if asked', spread(4, 8, 1), { rawType: 'f32' }, 'f32', 1],
  ])('%s', async (_, cells, options, type, decimals) => {
    const raw = await load(cells, options);
    expect([raw.type, raw.features[0]!.decimals]).toEqual([type, decimals]);
  });

  it('refuses a type that cannot hold the values, naming column and remedy', async () => {
    await expect(load(spread(0, 90, 1), { rawType: 'u8' })).rejects.toThrow(/a has values.*u8.*i16 or i32/s);
    await expect(load(spread(0, 1e12, 0))).rejects.toThrow(/a has values from 0 to 1000000000000.*another unit/s);
  });

  it('takes the logarithm of what spans decades, and of nothing symmetric or negative', async () => {
    // 2^(i/10): evenly spread logarithms from 1 to 2^11.9.
    const decades = Array.from({ length: 120 }, (_, i) => (2 ** (((i * 7) % 120) / 10)).toFixed(3));
    const skewed = [...decades, ...decades.slice(0, 80).map((value) => (Number(value) / 4).toFixed(3))];
    expect((await load(skewed)).features[0]!.curve).toBe('log2');
    expect((await load(spread(0, 90, 0))).features[0]!.curve).toBe('linear');
    expect((await load(['-1', ...skewed.slice(1)])).features[0]!.curve).toBe('linear');
  });

  it('one wild value does not widen the scale', async () => {
    const { features } = await load([...spread(0, 59, 0), '30000']);
    // Deviation of 0 … 59 is 17.3: the range ends near 29.5 + 69.
    expect(features[0]!.high).toBeGreaterThan(90);
    expect(features[0]!.high).toBeLessThan(110);
  });
});

describe('constants and missing values', () => {
  it('leaves constants of the training part out, and says so; keeps them where asked', async () => {
    const train = save('c.csv', table(ROWS.map(([k, a]) => [k!, a!, 7])));
    const test = save(
      'ct.csv',
      table([
        ['u', 1, 9],
        ['v', 3, 7],
      ]),
    );
    const dropped = await loadDataset({ kind: 'csv', train, test });
    expect([dropped.shape, signed(dropped.test.bytes)]).toEqual([[1], [-32, 32]]);
    expect(dropped.notes!.join()).toMatch(/1 column has one value in all training samples and is left out \(b;/);
    const kept = await loadDataset({ kind: 'csv', train, test, constants: 'keep' });
    expect([kept.shape, signed(kept.test.bytes)]).toEqual([[2], [-32, 0, 32, 0]]);
  });

  it.each(['', 'NA', '?', 'NaN', '-'])(
    'a missing value (%j) is refused, dropped, or the mean of the training part',
    async (gap) => {
      const train = save('m.csv', table([...ROWS, ['u', gap, 0.25]]));
      const test = save(
        'mt.csv',
        table([
          ['u', gap, 0.75],
          ['v', 3, 0.25],
        ]),
      );
      await expect(loadDataset({ kind: 'csv', train, test })).rejects.toThrow(
        /line 42: column 'a'.*--missing drop.*--missing mean/s,
      );
      const dropped = await loadDataset({ kind: 'csv', train, test, missing: 'drop' });
      expect([dropped.train.count, dropped.test.count, signed(dropped.test.bytes)]).toEqual([40, 1, [32, -32]]);
      const filled = await loadDataset({ kind: 'csv', train, test, missing: 'mean' });
      expect([filled.train.count, filled.test.count]).toEqual([41, 2]);
      // The mean of a is 2, which is 0.
      expect(filled.test.bytes[0]! - 128).toBe(0);
    },
  );
});

describe('tasks', () => {
  it('of anomalies only normal samples decide the scale', async () => {
    // Normal: 1 and 3, mean 2 and deviation 1. Abnormal: 1000.
    const rows = Array.from({ length: 60 }, (_, i) => (i % 3 === 2 ? ['bad', 1000] : ['ok', i % 3 ? 3 : 1]));
    const file = save('anomaly.csv', table(rows, 'state,x'));
    const { train, raw } = await loadDataset({ kind: 'csv', train: file, labelColumn: 'state', task: 'anomaly' });
    expect(new Set(signed(train.bytes))).toEqual(new Set([-32, 32]));
    expect(raw!.features[0]).toMatchObject({ low: -2, high: 5 });
  });

  it('of anomalies only normal samples are said to be outside the range', async () => {
    // Abnormal values are all far out; of 100 normal ones a single one is, wherever the division puts it.
    const rows = Array.from({ length: 140 }, (_, i) => (i < 100 ? ['ok', i === 0 ? 90 : i % 10] : ['leak', 1000 + i]));
    const file = save('far.csv', table(rows, 'state,x'));
    const { notes } = await loadDataset({ kind: 'csv', train: file, labelColumn: 'state', task: 'anomaly' });
    for (const note of notes!.filter((one) => one.includes('range'))) {
      expect(note).toContain('of normal ');
      expect(Number(/x: (\d+\.\d) %/.exec(note)![1])).toBeLessThan(8);
    }
    const steady = save('steady.csv', table(rows.slice(1), 'state,x'));
    const clean = await loadDataset({ kind: 'csv', train: steady, labelColumn: 'state', task: 'anomaly' });
    expect(clean.notes!.join()).not.toContain('range');
  });

  it('regression takes numbers with the decimals of their text from the class column', async () => {
    const rows = Array.from({ length: 40 }, (_, i) => [(i / 4).toFixed(2), i]);
    const file = save('r.csv', table(rows, 'depth (m),x'));
    const { output, train, test, labels } = await loadDataset({
      kind: 'csv',
      train: file,
      labelColumn: 0,
      task: 'regression',
    });
    expect(output).toEqual({ task: 'regression', values: [{ name: 'depth (m)', unit: 'm', decimals: 2 }] });
    expect([labels, train.count, test.count]).toEqual([['depth (m)'], 34, 6]);
    // x decides the target: 4·target = x, and x rises with its int8.
    for (const part of [train, test]) {
      const order = [...part.targets!.keys()].sort((a, b) => part.targets![a]! - part.targets![b]!);
      const bytes = order.map((i) => part.bytes[i]!);
      expect(bytes).toEqual([...bytes].sort((a, b) => a - b));
    }
    // Small and large values on both sides.
    expect(Math.min(...test.targets!)).toBeLessThan(2);
    expect(Math.max(...test.targets!)).toBeGreaterThan(8);
  });

  it('several labels in a cell are a target each', async () => {
    const rows = [
      ['hot;wet', 1],
      ['', 2],
      ['wet', 3],
    ];
    const file = save('l.csv', table(Array.from({ length: 10 }, () => rows).flat(), 'labels,x'));
    const { labels, test, output } = await loadDataset({ kind: 'csv', train: file, test: file, task: 'multiLabel' });
    expect([labels, output]).toEqual([['hot', 'wet'], { task: 'multiLabel' }]);
    expect([...test.targets!.slice(0, 6)]).toEqual([1, 1, 0, 0, 0, 1]);
  });
});
