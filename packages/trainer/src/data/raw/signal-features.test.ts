// Features of signals from a data spec: their values by their definition, their scale from the training part, and what is refused.
import { quantizeRaw } from '@bitnetmcu/models';
import { describe, expect, it } from 'vitest';
import { recommendTraining } from '../../training/recommend.js';
import { type DataSpecInput, loadDataset } from '../data-spec.js';
import { dataFolder, npy } from '../testing/data-files.js';
import { wav } from '../testing/wav.js';

const { path: root, save } = dataFolder();
const LENGTH = 64;

/** Swings of an amplitude and a number of periods, with three decimals. */
function swing(amplitude: number, periods: number, phase: number): number[] {
  return Array.from(
    { length: LENGTH },
    (_, t) => Math.round(1000 * amplitude * Math.sin((2 * Math.PI * periods * t) / LENGTH + phase)) / 1000,
  );
}
const signals = Array.from({ length: 60 }, (_, i) => swing([0.05, 0.2, 0.8][i % 3]!, 3 + (i % 5), i));
const header = [...Array.from({ length: LENGTH }, (_, i) => `s${i}`), 'state'].join(',');
const csv = (rows: number[][]) =>
  `${header}\n${rows.map((row, i) => `${row.join(',')},${['off', 'on', 'loose'][i % 3]}`).join('\n')}\n`;
const train = save('train.csv', csv(signals));
const test = save('test.csv', csv([...signals.slice(0, 2), swing(40, 4, 0.5)]));
const rows: DataSpecInput = { kind: 'csv', train, test, shape: [1, 1, LENGTH], features: ['rms', 'crossings'] };

describe('features of rows', () => {
  it('are what their definitions say of value · 1000, scaled by the training part', async () => {
    const { raw, frontEnd, shape, train: samples, notes } = await loadDataset(rows);
    expect(shape).toEqual([2]);
    expect(raw).toMatchObject({ kind: 'table', type: 'i32', features: [{ name: 'rms' }, { name: 'crossings' }] });
    expect(frontEnd).toEqual({
      ...{ channels: 1, frame: LENGTH, hop: LENGTH, frames: 1, names: [{ name: 's' }], decimals: [3], filters: [] },
      features: [{ type: 'rms' }, { type: 'crossings' }],
    });
    expect(notes?.join('\n')).toMatch(
      /reads rms, crossings of all 64 values[\s\S]*the device gives int16: value · 1000/,
    );
    signals.forEach((signal, i) => {
      const mean = signal.reduce((a, b) => a + b) / LENGTH;
      const rms = 16_000 * Math.sqrt(signal.reduce((sum, x) => sum + x * x, 0) / LENGTH);
      const sides = signal.map((x) => x < mean);
      const crossings = sides.filter((side, t) => t > 0 && side !== sides[t - 1]).length;
      const wanted = quantizeRaw(raw!, [2], Int32Array.of(Math.round(rms), crossings));
      expect(Math.abs(samples.bytes[2 * i]! - 128 - wanted[0]!)).toBeLessThanOrEqual(1);
      expect(samples.bytes[2 * i + 1]! - 128).toBe(wanted[1]);
    });
  });

  it('do not change their scale with the test part, and say what is beyond int16', async () => {
    const calm = await loadDataset({ ...rows, test: save('calm.csv', csv(signals.slice(0, 3))) });
    const wild = await loadDataset(rows);
    expect(wild.raw).toEqual(calm.raw);
    // A swing of 40 is 40 000 int16 steps at its ends.
    expect(wild.notes?.join('\n')).toMatch(/\d+ values are beyond int16/);
    expect(calm.notes?.join('\n')).not.toMatch(/beyond int16/);
  });

  it('are a table to recommendations where a sample is one frame, a signal where it is more', async () => {
    expect(recommendTraining(await loadDataset(rows)).config.network).toMatch(/^table-/);
    const framed = await loadDataset({ ...rows, frame: 16, frameHop: 8, filters: ['difference', 'highpass:0.1'] });
    // (64 − 16)/8 + 1
    expect(framed.shape).toEqual([2, 1, 7]);
    expect(framed.frontEnd?.filters.map(({ type }) => type)).toEqual(['difference', 'biquad']);
    expect(recommendTraining(framed).config.network).toMatch(/^signal-/);
  });

  it('have the band of the spectrum that a swing is in as their largest', async () => {
    const tones = Array.from({ length: 30 }, (_, i) => swing(0.5, [2, 12, 22][i % 3]!, i));
    const {
      raw,
      frontEnd,
      train: samples,
    } = await loadDataset({
      ...rows,
      train: save('tones.csv', csv(tones)),
      test: undefined,
      features: ['bands:3'],
    });
    // 31 bins above the mean, in 3 parts.
    const names = ['bins 1-10 of 64', 'bins 11-21 of 64', 'bins 22-31 of 64'];
    expect(raw?.features.map(({ name }) => name)).toEqual(names);
    expect(frontEnd?.features).toHaveLength(1);
    for (let i = 0; i < samples.count; i++) {
      const band = samples.bytes.subarray(3 * i, 3 * i + 3);
      const label = samples.labels[i]!;
      // Labels are sorted: loose (22 periods), off (2), on (12).
      const own = [2, 0, 1][label]!;
      for (let other = 0; other < samples.count; other++) {
        if (samples.labels[other] === label) continue;
        expect(band[own]!).toBeGreaterThan(samples.bytes[3 * other + own]!);
      }
    }
  });
});

describe('features of windows and arrays', () => {
  it('are the same of moments, of rows and of arrays', async () => {
    const moments = signals.map((signal, i) => signal.map((x) => `${x},${2 * x},${['a', 'b', 'c'][i % 3]}`).join('\n'));
    const file = save('long.csv', `x,y,kind\n${moments.join('\n')}\n`);
    const long = await loadDataset({
      kind: 'csv',
      train: file,
      window: LENGTH,
      hop: LENGTH,
      features: ['rms', 'bands:4'],
    });
    expect(long.shape).toEqual([10]);
    expect(long.raw?.features.slice(0, 2).map(({ name }) => name)).toEqual(['x rms', 'x bins 1-8 of 64']);
    expect(long.frontEnd?.decimals).toEqual([3, 3]);
    expect(long.train.count + long.test.count).toBe(60);

    const values = Int16Array.from(signals.flat(), (x) => Math.round(1000 * x));
    const array = await loadDataset({
      ...{ kind: 'npy', form: 'signal', features: ['rms', 'crossings'] },
      trainImages: save('x.npy', npy(values, 60, LENGTH)),
      trainLabels: save(
        'y.npy',
        npy(
          Uint8Array.from(signals, (_, i) => [1, 2, 0][i % 3]!),
          60,
        ),
      ),
      testImages: save('xt.npy', npy(values.slice(0, 3 * LENGTH), 3, LENGTH)),
      testLabels: save('yt.npy', npy(Uint8Array.of(1, 2, 0), 3)),
    });
    const table = await loadDataset(rows);
    expect(array.frontEnd?.decimals).toBeUndefined();
    expect(array.raw).toEqual(table.raw);
    expect(array.train.bytes).toEqual(table.train.bytes);
  });
});

it('makes log-mel frames of recordings', async () => {
  const tone = (hertz: number) =>
    Int16Array.from({ length: 2048 }, (_, t) => 9000 * Math.sin((hertz * t * Math.PI) / 4000));
  for (const [name, hertz] of [
    ['high', 3000],
    ['low', 300],
  ] as const) {
    for (let i = 0; i < 4; i++) save(`sounds/${name}/${i}.wav`, wav(8000, tone(hertz + 5 * i)));
  }
  const spec: DataSpecInput = {
    kind: 'recordings',
    train: `${root}/sounds`,
    window: 1024,
    hop: 1024,
    features: ['mel:8'],
  };
  const { shape, raw, frontEnd, notes } = await loadDataset(spec);
  // 32 ms of 8 kHz are 256 values; (1024 − 256)/128 + 1 frames.
  expect(shape).toEqual([8, 1, 7]);
  expect(raw).toMatchObject({ kind: 'signal', type: 'i32' });
  expect(frontEnd).toMatchObject({ frame: 256, hop: 128, frames: 7 });
  expect(notes?.join('\n')).toMatch(/7 frames of 256 values, a new one every 128/);
});

describe('what is refused', () => {
  it.each<[string, Partial<Record<string, unknown>>, RegExp]>([
    ['an unknown feature', { features: ['rmss'] }, /There is no feature "rmss". Did you mean "rms"\?/],
    ['an unknown filter', { filters: ['highpas:0.1'] }, /There is no filter "highpas"/],
    ['bands without a number', { features: ['bands'] }, /write bands:8/],
    ['a number where none belongs', { features: ['rms:3'] }, /write rms/],
    ['a corner out of reach', { filters: ['lowpass:0.6'] }, /share of the sample rate/],
    ['filters alone', { features: undefined, filters: ['difference'] }, /Add --features rms/],
    [
      'a frame that has no spectrum',
      { features: ['bands:4'], frame: 50 },
      /bands:4 needs the spectrum of 64, 128, 256, 512 values, and a frame has 50/,
    ],
    ['a frame beyond the window', { frame: 65 }, /a frame of 65 values .* longer than a window, which has 64/],
    ['more bands than bins', { features: ['bands:40'] }, /31 bins for bands:40/],
    ['mel without a rate', { features: ['mel:8'] }, /Take bands:8/],
    ['another type', { rawType: 'i32' }, /features are computed from int16/],
    ['rows that are no signals', { shape: undefined }, /features \(key `features`\) are of signals, .* --window/],
    ['pictures', { range: [0, 1] }, /these samples are none/],
  ])('%s', async (_, change, message) => {
    await expect(loadDataset({ ...rows, ...change } as DataSpecInput)).rejects.toThrow(message);
  });

  it('values that int16 does not hold', async () => {
    const far = save('far.csv', csv(signals.map((row) => row.map((x) => 50_000 + x))));
    await expect(loadDataset({ ...rows, train: far, test: undefined })).rejects.toThrow(/−32768 … 32767.*offset/);
    const coarse = save('coarse.csv', csv(signals.map((row) => row.map((x) => (30_000 + x).toFixed(3)) as never)));
    await expect(loadDataset({ ...rows, train: coarse, test: undefined })).rejects.toThrow(/fewer than 8 steps/);
  });
});
