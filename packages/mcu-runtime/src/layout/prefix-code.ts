// Canonical prefix codes: words from their lengths, and streams of them.

/** A code word, its first bit lowest: as it stands in a stream whose first bit is bit 0 of byte 0. */
export interface CodeWord {
  readonly bits: number;
  readonly length: number;
}

/**
 * The words of the canonical prefix code of these lengths: of equal lengths the lower code has the lower word, as a number whose first bit is
 * the highest one.
 */
export function canonicalWords(lengths: readonly number[]): readonly CodeWord[] {
  const longest = Math.max(...lengths);
  const words = new Array<CodeWord>(lengths.length);
  let next = 0;
  for (let length = 1; length <= longest; length++) {
    lengths.forEach((own, code) => {
      if (own === length) words[code] = { bits: reversed(next++, length), length };
    });
    next *= 2;
  }
  return words;
}

function reversed(word: number, length: number): number {
  let bits = 0;
  for (let i = 0; i < length; i++) bits |= ((word >> i) & 1) << (length - 1 - i);
  return bits;
}

/** Bits of codes in a prefix code. */
export function codedBits(lengths: readonly number[], codes: ArrayLike<number>): number {
  let bits = 0;
  for (let i = 0; i < codes.length; i++) bits += lengths[codes[i]!]!;
  return bits;
}

/** Codes as bytes, padded with zeros to a whole one. */
export function encodeCodes(words: readonly CodeWord[], codes: ArrayLike<number>): Uint8Array {
  const bytes: number[] = [];
  let [pending, count] = [0, 0];
  for (let i = 0; i < codes.length; i++) {
    const { bits, length } = words[codes[i]!]!;
    pending |= bits << count;
    for (count += length; count >= 8; count -= 8) {
      bytes.push(pending & 255);
      pending >>= 8;
    }
  }
  if (count > 0) bytes.push(pending);
  return Uint8Array.from(bytes);
}
