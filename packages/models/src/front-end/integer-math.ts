// Integers of at most 32 bits as the C runtime computes them: bit lengths, roots, means.

/** Bits of n without leading zeros; 0 for 0. @param n 0 … 2³² − 1 */
export function bitLength(n: number): number {
  return 32 - Math.clz32(n);
}

/** ⌊√n⌋, bit by bit. @param n 0 … 2³² − 1 */
export function integerRoot(n: number): number {
  let root = 0;
  for (let bit = 1 << 15; bit !== 0; bit >>>= 1) {
    // (root + bit)² ≤ 65535² stays within 32 bits.
    if ((root + bit) * (root + bit) <= n) root += bit;
  }
  return root;
}

/** ⌊(Σx + ⌊n/2⌋)/n⌋. @param x 1 … 32 768 int16 */
export function integerMean(x: Int16Array): number {
  let sum = x.length >> 1;
  for (const value of x) sum += value;
  return Math.floor(sum / x.length);
}

/**
 * 16 times the root of the mean square of x − offset, an integer: the differences are shifted right until their squares fit 32 bits, the mean
 * left until its root has at most four bits more.
 * @param x 1 … 32 768 int16
 * @param offset int16
 * @returns 0 … 2²⁰
 */
export function rootMeanSquare(x: Int16Array, offset: number): number {
  const n = x.length;
  const top = x.reduce((most, value) => Math.max(most, Math.abs(value - offset)), 0);
  const shift = Math.max(0, bitLength(top) - ((32 - bitLength(n)) >> 1));
  const sum = x.reduce((total, value) => total + (Math.abs(value - offset) >> shift) ** 2, 0);
  const quotient = Math.floor(sum / n);
  const more = Math.min(4, Math.clz32(quotient) >> 1);
  const scaled = quotient * 4 ** more + Math.floor(((sum % n) * 4 ** more) / n);
  return integerRoot(scaled) << (shift + 4 - more);
}
