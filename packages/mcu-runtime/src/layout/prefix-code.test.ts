import { SeededRandom } from '@bitnetmcu/models/internal/conformance';
import { FORMAT_NAMES, getFormat } from '@bitnetmcu/quant';
import { describe, expect, it } from 'vitest';
import { canonicalWords, codedBits, encodeCodes } from './prefix-code.js';

/** Reads words bit by bit, by a comparison with each of them: no table, no order of lengths. */
function decode(lengths: readonly number[], bytes: Uint8Array, count: number): number[] {
  const words = canonicalWords(lengths).map(({ bits, length }) =>
    Array.from({ length }, (_, i) => (bits >> i) & 1).join(''),
  );
  const stream = [...bytes].flatMap((byte) => Array.from({ length: 8 }, (_, i) => (byte >> i) & 1)).join('');
  const codes: number[] = [];
  for (let at = 0; codes.length < count; ) {
    const code = words.findIndex((word) => stream.startsWith(word, at));
    codes.push(code);
    at += words[code]!.length;
  }
  return codes;
}

const BOOKS = FORMAT_NAMES.flatMap((name) =>
  (getFormat(name).coded?.books ?? []).map((lengths, book) => ({ name, book, lengths })),
);

describe('canonicalWords', () => {
  it('gives the words of RFC 1951, 3.2.2', () => {
    // Its example: lengths (3, 3, 3, 3, 3, 2, 4, 4) have the words 010 011 100 101 110 00 1110 1111, first bit first.
    const words = canonicalWords([3, 3, 3, 3, 3, 2, 4, 4]);
    const firstBitFirst = words.map(({ bits, length }) => Array.from({ length }, (_, i) => (bits >> i) & 1).join(''));
    expect(firstBitFirst).toEqual(['010', '011', '100', '101', '110', '00', '1110', '1111']);
  });

  it.each(BOOKS)('no word of $name, book $book, begins another', ({ lengths }) => {
    const words = canonicalWords(lengths);
    words.forEach((a, i) => {
      words.forEach((b, j) => {
        const common = 2 ** Math.min(a.length, b.length) - 1;
        if (i !== j) expect(a.bits & common).not.toBe(b.bits & common);
      });
    });
  });
});

describe('encodeCodes', () => {
  it('puts the first bit of the first word lowest', () => {
    // Ternary: −1 is 10, 0 is 0, 1 is 11. 1 0 −1 0 0 1 0 gives 11 0 10 0 0 1|1 0.
    expect([...encodeCodes(canonicalWords([2, 1, 2]), [2, 1, 0, 1, 1, 2, 1])]).toEqual([0b1000_1011, 0b01]);
  });

  it.each(BOOKS)('every row of one to three codes of $name, book $book, is decoded', ({ lengths }) => {
    const words = canonicalWords(lengths);
    const all = lengths.map((_, code) => code);
    const rows = [
      ...all.map((a) => [a]),
      ...all.flatMap((a) => all.map((b) => [a, b])),
      ...all.flatMap((a) => all.flatMap((b) => all.map((c) => [a, b, c]))),
    ];
    for (const row of rows) {
      const bytes = encodeCodes(words, row);
      expect(bytes.length).toBe(Math.ceil(codedBits(lengths, row) / 8));
      expect(decode(lengths, bytes, row.length)).toEqual(row);
    }
  });

  it.each(BOOKS)('long rows of $name, book $book, are decoded', ({ lengths }) => {
    const random = new SeededRandom(3);
    for (let i = 0; i < 20; i++) {
      const row = Array.from({ length: random.integer(1, 300) }, () => random.integer(0, lengths.length - 1));
      expect(decode(lengths, encodeCodes(canonicalWords(lengths), row), row.length)).toEqual(row);
    }
  });
});
