import { readFileSync } from 'node:fs';
import { designBiquad, type FrontEnd, melBands } from '@bitnetmcu/models/internal';
import { describe, expect, it } from 'vitest';
import { PART_NAMES } from './parts.js';
import { simulateFrontEnd } from './simulate-front-end.js';

const scalar: FrontEnd = {
  ...{ channels: 2, frame: 20, hop: 20, frames: 1 },
  filters: [{ type: 'difference' }, designBiquad('lowpass', 20, 200)],
  features: (['mean', 'deviation', 'minimum', 'maximum', 'crossings', 'rms'] as const).map((type) => ({ type })),
};
const mel = (points: number): FrontEnd => ({
  ...{ channels: 1, frame: points, hop: points, frames: 1, filters: [] },
  features: [melBands({ sampleRate: 8000, points, count: 6, low: 100, high: 4000 })],
});

const noise = (i: number) => ((Math.imul(i + 1, 48_271) ^ (Math.imul(i + 1, 69_621) >>> 7)) << 16) >> 16;
/** By the time step; no expectation is needed: every value is compared with the reference. */
const SIGNALS: readonly ((i: number) => number)[] = [
  noise,
  (i) => noise(i) >> 6,
  (i) => noise(i) >> 14,
  (i) => Math.round(20 * Math.sin(i / 3)),
  () => 1234,
  (i) => (i % 7 < 3 ? -32_768 : 32_767),
  (i) => (i % 2 === 0 ? -32_768 : 32_767),
  (i) => (i % 64 === 5 ? -32_768 : 0),
  (i) => 32_000 + (noise(i) & 511),
];

function framesOf({ channels, frame }: FrontEnd): Int16Array {
  const size = channels * frame;
  return Int16Array.from({ length: SIGNALS.length * size }, (_, i) => SIGNALS[Math.floor(i / size)]!(i));
}

describe.each(PART_NAMES)('%s', (part) => {
  it.each([
    ['features', scalar],
    ['log-mel of 64 values', mel(64)],
    ['log-mel of 128 values', mel(128)],
    ['log-mel of 256 values', mel(256)],
    ['log-mel of 512 values', mel(512)],
  ] as const)('computes %s with the bits of the reference', async (_, frontEnd) => {
    const found = await simulateFrontEnd(frontEnd, part, framesOf(frontEnd));
    expect(found.frames).toBe(SIGNALS.length);
    expect(found.cycles.max).toBeGreaterThan(found.cycles.mean);
    const sum = found.calls.reduce((total, { cycles }) => total + cycles, 0);
    expect(sum).toBeCloseTo(found.cycles.mean, 3);
  });
});

it('leaves the keywords of the examples their network within 8 kB, without a multiplier', async () => {
  const words = { sampleRate: 8000, points: 256, count: 16, low: 100, high: 3800 };
  const frontEnd: FrontEnd = { ...mel(256), features: [melBands(words)] };
  const { flashBytes } = await simulateFrontEnd(frontEnd, 'ch32v003', framesOf(frontEnd));
  const example = new URL('../../../../examples/keywords/results.json', import.meta.url);
  const { bar, cost } = JSON.parse(readFileSync(example, 'utf8'));
  // Besides the network there are 16 records of 16 bytes: the quantization of the values.
  expect(flashBytes).toBeLessThanOrEqual(bar.flashBytes - cost.weightBytes - 16 * 16);
});

it('refuses half a frame', async () => {
  await expect(simulateFrontEnd(mel(64), 'ch32v003', new Int16Array(65))).rejects.toThrow(
    /65 values found, a multiple of 64/,
  );
});
