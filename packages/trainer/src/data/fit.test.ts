import { describe, expect, it } from 'vitest';
import { fitInput } from './fit.js';

describe('fitInput', () => {
  it('takes a flat row as a signal, and an image as features', () => {
    expect(fitInput([384], [3, 1, 128])).toEqual({ kind: 'same' });
    expect(fitInput([1, 16, 16], [256])).toEqual({ kind: 'same' });
    expect(fitInput([1, 1, 48], [1, 1, 48])).toEqual({ kind: 'same' });
    // A signal of one row or column is a vector.
    expect(fitInput([1, 28, 28], [1, 1, 784])).toEqual({ kind: 'same' });
    expect(fitInput([1, 28, 28], [1, 784, 1])).toEqual({ kind: 'same' });
  });

  it('resizes images, and refuses features of another number', () => {
    expect(fitInput([1, 28, 28], [1, 16, 16])).toEqual({ kind: 'resize', from: [28, 28], to: [16, 16], channels: 1 });
    expect(() => fitInput([384], [3, 1, 127])).toThrow(expect.objectContaining({ code: 'invalid-argument' }));
  });
});
