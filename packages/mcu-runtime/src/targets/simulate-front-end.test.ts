import { designBiquad, type FrontEnd, melBands } from '@bitnetmcu/models/internal';
import { describe, expect, it } from 'vitest';
import { PART_NAMES } from './parts.js';
import { simulateFrontEnd } from './simulate-front-end.js';

const scalar: FrontEnd = {
  ...{ channels: 2, frame: 20, hop: 20, frames: 1 },
  filters: [{ type: 'difference' }, designBiquad('lowpass', 20, 200)],
  features: (['mean', 'deviation', 'minimum', 'maximum', 'crossings', 'rms'] as const).map((type) => ({ type })),
};
const mel: FrontEnd = {
  ...{ channels: 1, frame: 64, hop: 64, frames: 1, filters: [] },
  features: [melBands({ sampleRate: 8000, points: 64, count: 6, low: 100, high: 4000 })],
};

/** Loud, quiet, constant and extreme frames; no expectation is needed: every value is compared with the reference. */
function framesOf({ channels, frame }: FrontEnd): Int16Array {
  const size = channels * frame;
  return Int16Array.from({ length: 4 * size }, (_, i) => {
    const kind = Math.floor(i / size);
    if (kind === 0) return ((i * 48_271) % 65_536) - 32_768;
    if (kind === 1) return Math.round(20 * Math.sin(i / 3));
    return kind === 2 ? 1234 : i % 7 < 3 ? -32_768 : 32_767;
  });
}

describe.each(PART_NAMES)('%s', (part) => {
  it.each([
    ['features', scalar],
    ['log-mel', mel],
  ] as const)('computes %s with the bits of the reference', async (_, frontEnd) => {
    const found = await simulateFrontEnd(frontEnd, part, framesOf(frontEnd));
    expect(found.frames).toBe(4);
    expect(found.cycles.max).toBeGreaterThan(found.cycles.mean);
    const sum = found.calls.reduce((total, { cycles }) => total + cycles, 0);
    expect(sum).toBeCloseTo(found.cycles.mean, 3);
  });
});

it('refuses half a frame', async () => {
  await expect(simulateFrontEnd(mel, 'ch32v003', new Int16Array(65))).rejects.toThrow(
    /65 values found, a multiple of 64/,
  );
});
