import {
  computeFrontEnd,
  designBiquad,
  type FrontEnd,
  melBands,
  powerBands,
  QUARTER_SINE,
  windowOf,
} from '@bitnetmcu/models/internal';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { loadWasmFrontEnd } from './wasm-front-end.js';

const SCALAR: FrontEnd['features'] = (['mean', 'deviation', 'minimum', 'maximum', 'crossings', 'rms'] as const).map(
  (type) => ({ type }),
);

const frontEnds: Record<string, FrontEnd> = {
  'features of a window': { channels: 3, frame: 50, hop: 1, frames: 1, filters: [], features: SCALAR },
  'features of filtered frames': {
    ...{ channels: 2, frame: 33, hop: 10, frames: 4, features: SCALAR },
    filters: [{ type: 'difference' }, designBiquad('lowpass', 20, 200)],
  },
  ...Object.fromEntries(
    [64, 128, 256, 512].map((points): [string, FrontEnd] => [
      `bands of ${points} values`,
      {
        ...{ channels: 1, frame: points, hop: 40, frames: 3, filters: [designBiquad('highpass', 300, 8000)] },
        features: [
          melBands({ sampleRate: 8000, points, count: 10, low: 100, high: 4000 }),
          powerBands([0, 500, 4000], { sampleRate: 8000, points }),
        ],
      },
    ]),
  ),
};

it.each(Object.entries(frontEnds))(
  'gives the bits of the reference for %s, whatever the values',
  async (_, frontEnd) => {
    const compute = await loadWasmFrontEnd(frontEnd);
    const size = frontEnd.channels * windowOf(frontEnd);
    const int16 = fc.integer({ min: -32_768, max: 32_767 });
    const values = fc.oneof(int16, fc.constantFrom(-32_768, 32_767, 0, -1));
    const signal = fc
      .tuple(fc.array(values, { minLength: size, maxLength: size }), fc.integer({ min: 0, max: 15 }))
      .map(([x, less]) => Int16Array.from(x, (value) => value >> less));
    fc.assert(
      fc.property(signal, (x) => {
        expect(compute(x)).toEqual(computeFrontEnd(frontEnd, x));
      }),
      { numRuns: 60 },
    );
    for (const value of [0, -1, 32_767, -32_768]) {
      const x = new Int16Array(size).fill(value);
      expect(compute(x)).toEqual(computeFrontEnd(frontEnd, x));
    }
  },
);

it('refuses signals of another length', async () => {
  const compute = await loadWasmFrontEnd(frontEnds['features of a window']!);
  expect(() => compute(new Int16Array(149))).toThrow(/149 values found; 150 are wanted/);
});

it('has a sine that is right at a sixth and a quarter of its circle', () => {
  // sin 30° of 512 parts lies between entries 42 and 43; the half is exact at neither: 32768·sin(2π·42/512) = 16151.5…
  expect([QUARTER_SINE[0], QUARTER_SINE[64], QUARTER_SINE[128]]).toEqual([0, 23_170, 32_767]);
});
