import { getFormat } from '@bitnetmcu/quant';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packWords, unpackWords, WEIGHT_CODES, weightCode } from './weight-codes.js';

const place = { line: 1, layer: 'L1' };

/** Integer weights of one row, as the original's documentation lays them out. */
function integers(bitPerWeight: number, word: number, columns: number): number[] {
  const code = weightCode(bitPerWeight, 1, 'L1');
  const codes = unpackWords(code, [word], { rows: 1, columns, ...place });
  return Array.from(codes, (c) => getFormat(code.formats[0]).integers[c]!);
}

describe('layouts worked out by hand', () => {
  it.each([
    // Binary: bit set = +1, first weight in the topmost bit.
    [1, 0xb0000000, [1, -1, 1, 1, -1]],
    // 2bitsym: sign, then magnitude index 0 → 1, 1 → 3: 00 01 10 11.
    [2, 0x1b000000, [1, 3, -1, -3]],
    // 4bitsym: 0 000, 0 111, 1 000, 1 111, 0 001.
    [4, 0x078f1000, [1, 15, -1, -15, 3]],
    // 4bit two's complement.
    [12, 0x01789f00, [0, 1, 7, -8, -7, -1]],
    // 8bit two's complement, four a word.
    [16, 0x007f80ff, [0, 127, -128, -1]],
    // FP130: sign, then the exponent.
    [20, 0x078f3000, [1, 128, -1, -128, 8]],
    // NF4: index of the level.
    [36, 0x07f80000, [-127, 0, 127, 10]],
  ])('code %i', (bitPerWeight, word, expected) => {
    expect(integers(bitPerWeight, word, expected.length)).toEqual(expected);
  });

  it('ternary: ten base-3 digits, 0 1 2 for +1 −1 0, scaled up to 16 bits', () => {
    // Digits 0 1 2 0 0 0 0 0 0 0: v = 1·3^8 + 2·3^7 = 10935; ⌈10935·65536/59049⌉ = ⌈12136.30…⌉.
    expect(integers(64, 12137, 4)).toEqual([1, -1, 0, 1]);
    // All zeros of the network: v = 59048 = 3^10 − 1.
    expect(integers(64, 65535, 10)).toEqual(new Array(10).fill(0));
    expect(() => integers(64, 1, 10)).toThrow(/no ten trits/);
  });
});

it('rows run on into each other where the table is as short as that', () => {
  // Two rows of 16 binary weights: 0xffff, then 0x0000, in one word.
  const code = weightCode(1, 1, 'L1');
  expect([...unpackWords(code, [0xffff0000], { rows: 2, columns: 16, ...place })]).toEqual([
    ...new Array(16).fill(1),
    ...new Array(16).fill(0),
  ]);
  expect([...unpackWords(code, [0xffff0000, 0], { rows: 2, columns: 16, ...place })]).toEqual([
    ...new Array(16).fill(1),
    ...new Array(16).fill(0),
  ]);
});

describe('pack and unpack', () => {
  it.each(WEIGHT_CODES.map((code) => [code.formats[0], code] as const))('%s gives every code back', (format, code) => {
    const levels = getFormat(format).integers.length;
    expect([...code.codes].sort((a, b) => a - b)).toEqual(Array.from({ length: levels }, (_, i) => i));
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 70 }),
        fc.infiniteStream(fc.nat(levels - 1)),
        (rows, columns, stream) => {
          const codes = Uint8Array.from({ length: rows * columns }, () => stream.next().value);
          const words = packWords(code, codes, rows, columns);
          expect(unpackWords(code, words, { rows, columns, ...place })).toEqual(codes);
        },
      ),
      { seed: 1, numRuns: 100 },
    );
  });
});
