// 32-bit Thumb multiplications and divisions.
import { type Decoded, multiply } from './decoded.js';
import { PC, signedHigh, type ThumbState, unsignedHigh } from './state.js';

const bottom = (value: number): number => (value << 16) >> 16;
const top = (value: number): number => value >> 16;
const half = (value: number, isTop: number): number => (isTop ? top(value) : bottom(value));
const swapped = (value: number): number => (value >>> 16) | (value << 16);

/** MUL, MLA, MLS; with DSP products of halfwords, of pairs of them, and upper halves. */
export function shortMultiply(h1: number, h2: number, hasDsp: boolean): Decoded | undefined {
  const [n, a, d, m] = [h1 & 15, h2 >> 12, (h2 >> 8) & 15, h2 & 15];
  const op = (h2 >> 4) & 3;
  const set = (run: (x: number, y: number, s: ThumbState) => number) =>
    multiply(2, (s) => {
      s.r[d] = run(s.r[n]!, s.r[m]!, s);
    });
  /** A sum that may leave 32 bits, which Q says. */
  const accumulated = (product: (x: number, y: number) => number) =>
    set((x, y, s) => {
      const exact = product(x, y) + (a === PC ? 0 : s.r[a]!);
      if (exact !== (exact | 0)) s.q = true;
      return exact | 0;
    });
  const kind = (h1 >> 4) & 7;
  if (kind === 0) {
    if (op === 0) return set((x, y, s) => Math.imul(x, y) + (a === PC ? 0 : s.r[a]!));
    return op === 1 ? set((x, y, s) => s.r[a]! - Math.imul(x, y)) : undefined;
  }
  if (!hasDsp) return undefined;
  const pair = (y: number) => (op & 1 ? swapped(y) : y);
  switch (kind) {
    case 1:
      return accumulated((x, y) => half(x, op & 2) * half(y, op & 1));
    case 2:
      return accumulated((x, y) => bottom(x) * bottom(pair(y)) + top(x) * top(pair(y)));
    case 3:
      return accumulated((x, y) => Math.floor((x * half(y, op & 1)) / 0x1_0000));
    case 4:
      return accumulated((x, y) => bottom(x) * bottom(pair(y)) - top(x) * top(pair(y)));
    case 5:
      return set((x, y, s) => {
        const rounded = op & 1 && Math.imul(x, y) < 0 ? 1 : 0;
        return signedHigh(x, y) + rounded + (a === PC ? 0 : s.r[a]!);
      });
    default:
      return undefined;
  }
}

/** Products and sums of 64 bits; divisions. */
export function longMultiply(h1: number, h2: number, hasDsp: boolean): Decoded | undefined {
  const [n, lo, hi, m] = [h1 & 15, h2 >> 12, (h2 >> 8) & 15, h2 & 15];
  const op = (h2 >> 4) & 15;
  const long = (run: (x: number, y: number) => readonly [low: number, high: number], isSum: boolean) =>
    multiply(
      2,
      (s) => {
        const [low, high] = run(s.r[n]!, s.r[m]!);
        const sum = (low >>> 0) + (isSum ? s.r[lo]! >>> 0 : 0);
        s.r[hi] = high + (isSum ? s.r[hi]! : 0) + (sum > 0xffff_ffff ? 1 : 0);
        s.r[lo] = sum;
      },
      'multiply-long',
    );
  const divide = (run: (x: number, y: number) => number) =>
    multiply(
      2,
      (s) => {
        const divisor = s.r[m]!;
        s.r[hi] = divisor === 0 ? 0 : run(s.r[n]!, divisor);
      },
      'divide',
    );
  const signed = (x: number, y: number) => [Math.imul(x, y), signedHigh(x, y)] as const;
  const unsigned = (x: number, y: number) => [Math.imul(x, y), unsignedHigh(x, y)] as const;
  switch ((h1 >> 4) & 7) {
    case 0:
      return op === 0 ? long(signed, false) : undefined;
    case 1:
      return op === 15 ? divide((x, y) => Math.trunc(x / y)) : undefined;
    case 2:
      return op === 0 ? long(unsigned, false) : undefined;
    case 3:
      return op === 15 ? divide((x, y) => Math.floor((x >>> 0) / (y >>> 0))) : undefined;
    case 4:
      if (op === 0) return long(signed, true);
      if (!hasDsp) return undefined;
      if (op >> 2 === 2) return long((x, y) => extend(half(x, op & 2) * half(y, op & 1)), true);
      if (op >> 1 === 6) {
        return long((x, y) => {
          const other = op & 1 ? swapped(y) : y;
          return extend(bottom(x) * bottom(other) + top(x) * top(other));
        }, true);
      }
      return undefined;
    case 6:
      return op === 0 ? long(unsigned, true) : undefined;
    default:
      return undefined;
  }
}

/** An integer of less than 53 bits as two words. */
function extend(value: number): readonly [number, number] {
  return [value | 0, Math.floor(value / 0x1_0000_0000)];
}
