// A law that is known, found again.
import { expect, it } from 'vitest';
import { scalingLaw } from './scaling-law.js';

const BITS = { one: 1, two: 2, four: 4, eight: 5.5 };

it('finds exponent and units of data that follow a law', () => {
  const points = Object.entries(BITS).flatMap(([group, bits]) =>
    [1000, 4000, 9000].map((size) => ({ group, size, loss: 30 * (size * bits) ** -0.6 })),
  );
  const law = scalingLaw(points, { reference: 'four', unit: 4 })!;
  expect(law.exponent).toBeCloseTo(0.6, 12);
  for (const [group, bits] of Object.entries(BITS)) expect(law.units.get(group)).toBeCloseTo(bits, 9);
  expect(law.residual).toBeCloseTo(0, 12);
});

it('says how far from the law the losses are', () => {
  const points = [0.9, 1.1].flatMap((off) => [
    { group: 'a', size: 10, loss: off / 10 },
    { group: 'a', size: 100, loss: off / 100 },
  ]);
  // ln 0.9 and ln 1.1 around their mean: half of ln(11/9).
  expect(scalingLaw(points, { reference: 'a', unit: 1 })!.residual).toBeCloseTo(Math.log(11 / 9) / 2, 12);
});

it('fits nothing where nothing can be told', () => {
  const one = { group: 'a', size: 10, loss: 1 };
  expect(scalingLaw([one], { reference: 'a', unit: 1 })).toBeUndefined();
  expect(scalingLaw([one, { ...one, size: 20, loss: 0.5 }], { reference: 'b', unit: 1 })).toBeUndefined();
});
