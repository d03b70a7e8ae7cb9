// Packing against bytes worked by hand, and against a second implementation: one big integer a row.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bitsPerWeight, packCodes, packedRowBytes, unpackCodes } from './packing.js';
import { FORMAT_NAMES, type FormatName, formats } from './registry.js';

/** The row as one big integer: group k at bit k·groupBits, written out least significant byte first. */
function packRowAsBigInt(name: FormatName, codes: readonly number[]): number[] {
  const { kind, groupSize, groupBits, radix } = formats[name].packing;
  let row = 0n;
  let groups = 0;
  for (let first = 0; first < codes.length; first += groupSize, groups++) {
    const group = Array.from({ length: groupSize }, (_, digit) => BigInt(codes[first + digit] ?? 0));
    const value = group.reduce((v, code) => v * BigInt(radix) + code, 0n);
    const combinations = BigInt(radix) ** BigInt(groupSize);
    const scaled = value << BigInt(groupBits);
    const number = kind === 'bits' ? value : (scaled + combinations - 1n) / combinations;
    row |= number << BigInt(groups * groupBits);
  }
  const bytes = Math.ceil((groups * groupBits) / 8);
  return Array.from({ length: bytes }, (_, byte) => Number((row >> BigInt(8 * byte)) & 255n));
}

const codesOf = (name: FormatName, length: number) =>
  fc.array(fc.nat(formats[name].levels.length - 1), { minLength: length, maxLength: length });

describe('packCodes, by hand', () => {
  // Further groups of the two radix formats; a row of every format stands in its record.
  it.each<[FormatName, number[], number[]]>([
    // 22222 in base 3 is 242: ⌈242·256/243⌉ = ⌈254.95⌉ = 255. 10000 is 81: ⌈85.33⌉ = 86. 1 alone is padded to 10000.
    ['Ternary', [2, 2, 2, 2, 2], [255]],
    ['Ternary', [1, 0, 0, 0, 0], [86]],
    ['Ternary', [0, 0, 0, 0, 0, 1], [0, 86]],
    // All 23s: v = 24^5 − 1, ⌈2^23 − 1.05…⌉ = 2^23 − 1 = 0x7fffff.
    ['4.6bit', [23, 23, 23, 23, 23], [0xff, 0xff, 0x7f]],
    // 12,0,0,0,0 is half of 24^5: 2^22 = 0x400000.
    ['4.6bit', [12, 0, 0, 0, 0], [0x00, 0x00, 0x40]],
  ])('%s %j', (name, codes, bytes) => {
    expect([...packCodes(name, codes, 1, codes.length)]).toEqual(bytes);
  });

  it('gives rows of 1.6 and 4.6 bits a weight where groups fill bytes', () => {
    expect(packedRowBytes('Ternary', 64)).toBe(13);
    expect(packedRowBytes('Ternary', 65)).toBe(13);
    expect(packedRowBytes('4.6bit', 40)).toBe(23);
    expect(packedRowBytes('4bitsym', 65)).toBe(33);
    expect(packedRowBytes('Binary', 2 ** 40)).toBe(2 ** 37);
    expect(bitsPerWeight('4.6bit')).toBe(4.6);
  });
});

describe.each(FORMAT_NAMES)('%s', (name) => {
  it('round-trips every row length 0 … 70 and agrees with the big-integer implementation', () => {
    for (let columns = 0; columns <= 70; columns++) {
      fc.assert(
        fc.property(fc.integer({ min: 0, max: 4 }), fc.infiniteStream(codesOf(name, columns)), (rows, stream) => {
          const rowCodes = [...stream.take(rows)];
          const codes = rowCodes.flat();
          const bytes = packCodes(name, codes, rows, columns);
          expect([...bytes]).toEqual(rowCodes.flatMap((row) => packRowAsBigInt(name, row)));
          expect(bytes.length).toBe(rows * packedRowBytes(name, columns));
          expect([...unpackCodes(name, bytes, rows, columns)]).toEqual(codes);
        }),
        { numRuns: 10, seed: columns },
      );
    }
  });

  it('unpacks any bytes to codes that the format has', () => {
    const columns = 23;
    const length = packedRowBytes(name, columns);
    fc.assert(
      fc.property(fc.uint8Array({ minLength: length, maxLength: length }), (bytes) => {
        const codes = unpackCodes(name, bytes, 1, columns);
        expect(codes.every((code) => code < formats[name].levels.length)).toBe(true);
      }),
      { seed: 1 },
    );
  });

  it('refuses what does not fit, with typed errors', () => {
    const code = (expected: string) => expect.objectContaining({ name: 'QuantError', code: expected });
    expect(() => packCodes(name, [0, 0, 0], 2, 2)).toThrow(code('invalid-length'));
    expect(() => packCodes(name, [0, formats[name].levels.length], 1, 2)).toThrow(code('invalid-code'));
    expect(() => packCodes(name, [0, 0.5], 1, 2)).toThrow(code('invalid-code'));
    expect(() => packCodes(name, [0, -1], 1, 2)).toThrow(code('invalid-code'));
    expect(() => packCodes(name, [], -1, 0)).toThrow(code('invalid-shape'));
    expect(() => packedRowBytes(name, 1.5)).toThrow(code('invalid-shape'));
    expect(() => packedRowBytes(name, Number.NaN)).toThrow(code('invalid-shape'));
    expect(() => unpackCodes(name, new Uint8Array(packedRowBytes(name, 9) + 1), 1, 9)).toThrow(code('invalid-length'));
  });
});

describe('radix groups', () => {
  it.each<FormatName>(['Ternary', '4.6bit'])(
    '%s: every number of the first digits decodes without a division',
    (name) => {
      const { groupSize, groupBits, radix } = formats[name].packing;
      // All groups of Ternary; of 4.6bit those around every change of the leading digits, where rounding would show.
      const values = new Set<number>();
      for (let power = 1; power <= radix ** groupSize; power *= radix) {
        for (let digit = 0; digit < radix ** 2; digit++) {
          for (const near of [-1, 0, 1]) values.add(digit * power + near);
        }
      }
      for (const value of values) {
        if (value < 0 || value >= radix ** groupSize) continue;
        const digits = Array.from(
          { length: groupSize },
          (_, k) => Math.floor(value / radix ** (groupSize - 1 - k)) % radix,
        );
        const bytes = packCodes(name, digits, 1, groupSize);
        let group = bytes.reduceRight((number, byte) => number * 256 + byte, 0);
        const decoded = digits.map(() => {
          group *= radix;
          const digit = group >>> groupBits;
          group &= 2 ** groupBits - 1;
          return digit;
        });
        expect(decoded).toEqual(digits);
      }
    },
  );
});
