import { describe, expect, it } from 'vitest';
import { ModelError } from '../errors.js';
import type { Activation } from './activation.js';
import { FLOAT_ARITHMETIC } from './arithmetic.js';
import { ACTIVATION_NAMES, ACTIVATIONS, activationOf } from './index.js';

const slopeAt = ({ backward }: Activation, x: number) => backward(FLOAT_ARITHMETIC, x, 1);

describe.each(ACTIVATION_NAMES)('activation %s', (name) => {
  const activation: Activation = ACTIVATIONS[name];
  const f = (x: number) => activation.apply(FLOAT_ARITHMETIC, x);

  it.each(activation.worked)('at %f is %f with slope %f', (x, y, slope) => {
    expect(f(x)).toBeCloseTo(y, 12);
    expect(slopeAt(activation, x)).toBeCloseTo(slope, 12);
  });

  it('has the slope of its difference quotient', () => {
    const h = 1e-5;
    // An irrational step misses the places where a slope jumps.
    for (let x = -8; x < 8; x += Math.SQRT1_2 / 7) {
      expect(slopeAt(activation, x), `at ${x}`).toBeCloseTo((f(x + h) - f(x - h)) / (2 * h), 4);
    }
  });

  it('carries the gradient through as a factor', () => {
    for (const x of [-4, -1, 0.25, 5])
      expect(activation.backward(FLOAT_ARITHMETIC, x, -3)).toBeCloseTo(-3 * slopeAt(activation, x), 12);
  });

  it('keeps its slope in place where it says so', () => {
    const kept = Array.from({ length: 201 }, (_, i) => (i - 100) / 11).every(
      (x) => slopeAt(activation, f(x)) === slopeAt(activation, x),
    );
    expect(kept).toBe(activation.inPlace);
  });

  it('keeps the zeros of padding', () => {
    expect(f(0) + 0).toBe(0);
  });
});

describe('activationOf', () => {
  it('knows no names of objects in general', () => {
    expect(() => activationOf('toString')).toThrow(ModelError);
    expect(() => activationOf('sine')).toThrow("'sine' found, one of relu");
    expect(activationOf('relu')).toBe(ACTIVATIONS.relu);
  });
});
