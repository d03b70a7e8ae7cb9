// Changed copies of rows and signals: what each change does alone, and that seeds decide.
import { describe, expect, it } from 'vitest';
import { Random } from '../random.js';
import { changeOf } from './change-values.js';
import { changedSamples } from './changed-samples.js';
import { type ValueAugmentation, valueAugmentationSchema } from './value-spec.js';

const still = { kind: 'signal', noise: 0, gain: 0, shift: 0, stretch: 0 } as const;
const parse = (spec: object) => valueAugmentationSchema.parse(spec);

/** One copy of a sample; draws as the spec says. */
function changed(spec: ValueAugmentation, source: readonly number[], channels: number, seed = 1): number[] {
  const target = new Uint8Array(source.length);
  const shape = [channels, 1, source.length / channels] as const;
  changeOf(spec, shape)(Uint8Array.from(source), target, Random.of(seed));
  return [...target];
}

/** All the same number between −1 and 1 … of the range that is asked for. */
const fixed = (share: number) => ({
  nextBetween: (low: number, high: number) => low + ((share + 1) / 2) * (high - low),
  nextFloat: () => 0.5,
});

function changedBy(share: number, spec: object, source: readonly number[], channels = 1): number[] {
  const target = new Uint8Array(source.length);
  const change = changeOf(parse(spec), [channels, 1, source.length / channels]);
  change(Uint8Array.from(source), target, fixed(share) as unknown as Random);
  return [...target];
}

describe('signals', () => {
  const ramp = [100, 110, 120, 130, 140, 150, 160, 170];

  it('stay as they are where nothing is to change', () => {
    expect(changed(parse(still), ramp, 2)).toEqual(ramp);
  });

  it('grow about the middle, 128, all channels by one factor, and stop at the ends', () => {
    expect(changedBy(1, { ...still, gain: 0.5 }, [128, 148, 108, 28, 255, 0], 3)).toEqual([128, 158, 98, 0, 255, 0]);
  });

  it('move in time, and keep up the value at the end', () => {
    // A quarter of 8 values: two places.
    expect(changedBy(1, { ...still, shift: 0.25 }, ramp)).toEqual([120, 130, 140, 150, 160, 170, 170, 170]);
    expect(changedBy(-1, { ...still, shift: 0.25 }, ramp)).toEqual([100, 100, 100, 110, 120, 130, 140, 150]);
  });

  it('run slower about the middle, on straight lines between the moments', () => {
    // Half as fast about 3.5: moments 1.75, 2.25, … 5.25 of the ramp 100 + 10·t.
    expect(changedBy(-1, { ...still, stretch: 0.5 }, ramp)).toEqual([118, 123, 128, 133, 138, 143, 148, 153]);
  });

  it('get noise in proportion to each channel', () => {
    const random = Random.of(4);
    const length = 4000;
    const source = Uint8Array.from({ length: 2 * length }, (_, i) => (i < length ? 128 + (i % 2 ? 40 : -40) : 90));
    const target = new Uint8Array(source.length);
    changeOf(parse({ ...still, noise: 0.25 }), [2, 1, length])(source, target, random);
    const differences = [...target].map((value, i) => value - source[i]!);
    const deviation = Math.sqrt(differences.slice(0, length).reduce((sum, d) => sum + d * d, 0) / length);
    // A deviation of 40, a quarter of it; rounding adds 1/12 to the variance. Within 4 % of 4000 draws.
    expect(Math.abs(deviation / Math.sqrt(100 + 1 / 12) - 1)).toBeLessThan(0.04);
    expect(differences.slice(length).every((d) => d === 0)).toBe(true);
  });
});

describe('rows', () => {
  it('get noise in standard deviations of a column: 32 steps', () => {
    const target = new Uint8Array(4000);
    changeOf(parse({ kind: 'table', noise: 0.5 }), [4000])(new Uint8Array(4000).fill(128), target, Random.of(9));
    const deviation = Math.sqrt([...target].reduce((sum, value) => sum + (value - 128) ** 2, 0) / 4000);
    expect(Math.abs(deviation / 16 - 1)).toBeLessThan(0.04);
  });
});

describe('changedSamples', () => {
  const samples = {
    count: 3,
    bytes: Uint8Array.from({ length: 12 }, (_, i) => 100 + i),
    labels: Uint16Array.of(0, 1, 2),
    targets: Float32Array.of(0.5, 1.5, 2.5),
  };
  const spec = parse({ kind: 'table', noise: 0.5, copies: 2 });

  it('gives the samples as they are and changed copies behind them, with their labels and targets', async () => {
    const epoch = await changedSamples(samples, spec, [4], 1).take(0);
    expect(epoch.count).toBe(9);
    expect([...epoch.bytes.subarray(0, 12)]).toEqual([...samples.bytes]);
    expect([...epoch.labels]).toEqual([0, 1, 2, 0, 1, 2, 0, 1, 2]);
    expect([...epoch.targets!]).toEqual([0.5, 1.5, 2.5, 0.5, 1.5, 2.5, 0.5, 1.5, 2.5]);
    const [first, second] = [epoch.bytes.slice(12, 24), epoch.bytes.slice(24)];
    expect(first).not.toEqual(second);
    const bare = await changedSamples(samples, parse({ ...spec, plain: 0 }), [4], 1).take(0);
    expect(bare.bytes).toEqual(epoch.bytes.slice(12));
  });

  it('draws by seed and epoch alone, and leaves the epoch before untouched', async () => {
    const [one, two] = [changedSamples(samples, spec, [4], 1), changedSamples(samples, spec, [4], 1)];
    const third = (await one.take(3)).bytes;
    const kept = third.slice();
    const fourth = (await one.take(4)).bytes;
    expect(third).toEqual(kept);
    expect((await two.take(4)).bytes).toEqual(fourth);
    expect(fourth).not.toEqual(third);
    expect((await changedSamples(samples, spec, [4], 2).take(4)).bytes).not.toEqual(fourth);
  });
});
