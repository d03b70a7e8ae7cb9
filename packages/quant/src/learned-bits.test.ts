import { describe, expect, it } from 'vitest';
import { quantizeLearnedBits, symmetricBits, symmetricFormat, wholeBits } from './learned-bits.js';
import { formats } from './registry.js';

describe('quantizeLearnedBits', () => {
  it('gives the integers of the definition', () => {
    // By hand: steps of ½, 1, 2; 1, 2 and 0 bits. u = w/step: −0.2, 9, 1.2 | −0.4, 2.9, −5.
    const { bits, exponents, integers, dequantized } = quantizeLearnedBits([-0.1, 4.5, 0.6, -0.4, 2.9, -5, 3, 4, 5], {
      outputs: 3,
      bits: [1.4, 2, 0.5],
      exponents: [-1.2, 0.4, 1],
      most: 4,
    });
    expect([...bits]).toEqual([1, 2, 0]);
    expect([...exponents]).toEqual([-1, 0, 1]);
    expect([...integers]).toEqual([-1, 1, 1, -1, 3, -3, 0, 0, 0]);
    expect([...dequantized]).toEqual([-0.25, 0.25, 0.25, -0.5, 1.5, -1.5, 0, 0, 0]);
  });

  it('has no more bits than the format', () => {
    expect(quantizeLearnedBits([99, -99], { outputs: 2, bits: [7], exponents: [0], most: 3 })).toMatchObject({
      bits: Uint8Array.of(3, 3),
      integers: Int16Array.of(7, -7),
    });
  });

  it('refuses other numbers of bits and exponents', () => {
    const request = { outputs: 2, bits: [1, 2], exponents: [0], most: 4 };
    expect(() => quantizeLearnedBits([1, 2], request)).toThrow(expect.objectContaining({ code: 'invalid-length' }));
    expect(() => quantizeLearnedBits([1, 2, 3], { ...request, bits: [1, 2, 3], exponents: [1, 2, 3] })).toThrow(
      expect.objectContaining({ code: 'invalid-shape' }),
    );
  });
});

it('symmetric formats are those of so many bits', () => {
  for (let bits = 1; bits <= 5; bits++) {
    const { integers } = formats[symmetricFormat(bits)];
    expect([...integers]).toEqual(Array.from({ length: 2 ** bits }, (_, code) => 2 * code + 1 - 2 ** bits));
  }
  expect(symmetricBits('4bitsym')).toBe(4);
  expect(symmetricBits('8bit')).toBeUndefined();
  expect(symmetricBits('BinarySym')).toBeUndefined();
  expect(() => symmetricFormat(6)).toThrow(expect.objectContaining({ code: 'invalid-option' }));
  expect([0.5, 1.5, 2.5, -3, 9].map((bits) => wholeBits(bits, 5))).toEqual([0, 2, 2, 0, 5]);
});
