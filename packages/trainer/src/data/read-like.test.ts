// Data that are read for a model become what its raw input says, whatever their own values are like.
import { makeRawFeature, type RawInput } from '@bitnetmcu/models/internal';
import { describe, expect, it } from 'vitest';
import { loadDataset } from './data-spec.js';
import { dataFolder, npy } from './testing/data-files.js';

const { save } = dataFolder();

/** Whole numbers 0 … 255 are the bytes 0 … 255. */
const identity = (name: string) => makeRawFeature({ name, decimals: 0, low: 0, high: 255, ends: [-128, 127] });
const raw = (kind: RawInput['kind'], ...names: string[]): RawInput => ({
  kind,
  type: 'i16',
  features: names.map(identity),
});

const kinds = ['p', 'q'];
const rows = Array.from({ length: 40 }, (_, i) => [100 + (i % 5), 7 * (i % 30), kinds[i % 2]!] as const);
const table = save('table.csv', `a,b,label\n${rows.map((row) => row.join(',')).join('\n')}\n`);
const csv = { kind: 'csv', train: table, labelColumn: 'label' } as const;

describe('data for a model', () => {
  it('are scaled by its features, in its order', async () => {
    const like = { shape: [2] as const, raw: raw('table', 'b', 'a') };
    const { train, test, raw: read } = await loadDataset(csv, { like });
    expect(read).toEqual(like.raw);
    const pairs = [train, test].flatMap(({ bytes }) =>
      Array.from({ length: bytes.length / 2 }, (_, i) => `${bytes[2 * i]},${bytes[2 * i + 1]}`),
    );
    expect(pairs.sort()).toEqual(rows.map(([a, b]) => `${b},${a}`).sort());
    // Of themselves the values 100 … 104 fill the range.
    const own = await loadDataset(csv);
    expect(own.train.bytes).not.toEqual(train.bytes);
  });

  it('are counted where they are outside its range', async () => {
    const far = save('far.csv', `a,b,label\n${rows.map(([a, b, kind]) => `${a + 1000},${b},${kind}`).join('\n')}\n`);
    const { test, notes } = await loadDataset({ ...csv, train: far }, { like: { raw: raw('table', 'a', 'b') } });
    expect([0, 2, 4].map((at) => test.bytes[at])).toEqual([255, 255, 255]);
    for (const part of ['training', 'test'])
      expect(notes!.join('\n')).toContain(
        `column a: 100.0 % of values of the ${part} part outside the range that the model was trained with`,
      );
  });

  it('are windows as it reads them, or refused', async () => {
    const windowed = { ...csv, window: 4, hop: 4, groups: 'label', columns: ['a', 'b'] };
    const blocks = [...rows].sort((one, other) => (one[2] < other[2] ? -1 : 1));
    const train = save('sorted.csv', `a,b,label\n${blocks.map((row) => row.join(',')).join('\n')}\n`);
    const like = { shape: [2, 1, 4] as const, raw: raw('signal', 'a', 'b') };
    const spec = { ...windowed, train };
    const { train: part } = await loadDataset(spec, { like });
    expect([...part.bytes.slice(0, 8)]).toEqual([
      ...blocks.slice(0, 4).map(([a]) => a),
      ...blocks.slice(0, 4).map(([, b]) => b),
    ]);
    await expect(loadDataset({ ...spec, window: 5 }, { like })).rejects.toMatchObject({
      code: 'invalid-data',
      message: expect.stringMatching(/samples are 2×1×5.*the model reads 2×1×4/),
    });
    await expect(loadDataset(csv, { like })).rejects.toThrow(/rows of a table, and the model reads windows of signals/);
  });

  it('are refused where a feature is missing, or one scale is asked for', async () => {
    const like = { raw: raw('table', 'a', 'co2') };
    await expect(loadDataset(csv, { like })).rejects.toThrow(/has no co2: the model reads a, co2, found are a, b/);
    await expect(loadDataset({ ...csv, range: [0, 255] }, { like })).rejects.toThrow(/the model reads raw values/);
  });

  it('are bytes for a model without raw values', async () => {
    const { train, test, raw: none } = await loadDataset(csv, { like: { shape: [2] } });
    expect(none).toBeUndefined();
    expect(Math.max(...train.bytes, ...test.bytes)).toBe(203);
    const bytes = { shape: [2] } as const;
    const whole = Float32Array.from(rows.flatMap(([a, b]) => [+a, +b]));
    const spec = {
      kind: 'npy',
      trainImages: save('x.npy', npy(whole, 40, 2)),
      trainLabels: save(
        'y.npy',
        npy(
          Uint8Array.from(rows.keys(), (i) => i % 2),
          40,
        ),
      ),
    } as const;
    const array = await loadDataset(spec, { like: bytes });
    expect(Math.max(...array.train.bytes, ...array.test.bytes)).toBe(203);
    const half = save(
      'half.npy',
      npy(
        whole.map((value) => value / 2),
        40,
        2,
      ),
    );
    await expect(loadDataset({ ...spec, trainImages: half }, { like: bytes })).rejects.toThrow(
      /is \d+\.5; a whole number from 0 to 255 is expected/,
    );
    const signals = { ...spec, form: 'signal', trainImages: half } as const;
    await expect(loadDataset(signals, { like: bytes })).rejects.toThrow(/the model reads bytes on one scale/);
  });

  it('have the features of its front end', async () => {
    const wave = Array.from({ length: 60 }, (_, i) => `${(i * 37) % 100},${kinds[Math.floor(i / 30)]}`);
    const train = save('wave.csv', `x,label\n${wave.join('\n')}\n`);
    const spec = { kind: 'csv', train, labelColumn: 'label', window: 4, hop: 2 } as const;
    const own = await loadDataset({ ...spec, features: ['mean', 'maximum'] });
    const like = { shape: own.shape, raw: own.raw, frontEnd: own.frontEnd };
    expect((await loadDataset(spec, { like })).sha256).toBe(own.sha256);
    await expect(loadDataset({ ...spec, features: ['rms'] }, { like })).rejects.toThrow(/not those that the model was/);
    await expect(loadDataset({ ...spec, window: 3 }, { like })).rejects.toThrow(/3 values of 1 channels.*reads 4 of 1/);
  });

  it('have the means of its training where values are missing', async () => {
    const gaps = save(
      'gaps.csv',
      `a,b,label\n${rows.map(([a, b, kind], i) => `${i % 4 ? a : ''},${b},${kind}`).join('\n')}\n`,
    );
    const spec = { ...csv, train: gaps, missing: 'mean' } as const;
    const input = { shape: [2] as const, raw: raw('table', 'b', 'a') };
    // b, a: in the order of the model's features.
    const { train, test, missing } = await loadDataset(spec, { like: { ...input, provenance: { means: [1, 33] } } });
    const count = [train, test].reduce(
      (sum, { bytes }) => sum + bytes.filter((value, i) => i % 2 && value === 33).length,
      0,
    );
    expect([count, missing]).toEqual([10, { count: 10, means: [1, 33] }]);
    for (const means of [undefined, [1], [1, null], 'x']) {
      const like = { ...input, provenance: { means } as object };
      await expect(loadDataset(spec, { like })).rejects.toThrow(/10 values are missing, and the model does not say/);
    }
    // Data of the training itself have their own.
    const own = await loadDataset(spec);
    const like = { shape: own.shape, raw: own.raw, provenance: { datasetSha256: own.sha256 } };
    expect((await loadDataset(spec, { like })).sha256).toBe(own.sha256);
  });

  it('have the means of its channels where features are computed', async () => {
    const wave = Array.from({ length: 60 }, (_, i) => `${i % 4 === 1 ? '' : 100},${kinds[Math.floor(i / 30)]}`);
    const train = save('holes.csv', `x,label\n${wave.join('\n')}\n`);
    const spec = { kind: 'csv', train, labelColumn: 'label', window: 4, hop: 4, missing: 'mean' } as const;
    const full = save('levels.csv', `x,label\n${wave.map((_, i) => `${i},${kinds[Math.floor(i / 30)]}`).join('\n')}\n`);
    const own = await loadDataset({ ...spec, train: full, features: ['minimum', 'maximum'] });
    const read = async (mean: number) => {
      const like = { shape: own.shape, raw: own.raw, frontEnd: own.frontEnd, provenance: { means: [mean] } };
      return (await loadDataset(spec, { like })).train.bytes;
    };
    // The least of every window is the value that was missing.
    const [low, high] = [await read(10), await read(30)];
    expect([low[0]! < high[0]!, low[1] === high[1]]).toEqual([true, true]);
  });
});
