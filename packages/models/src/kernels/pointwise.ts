// Integer operations on single elements: ShiftNorm, max-abs norm, shifts, requantization, tables, addition. docs/integer-inference.md defines them.

/** Bit length of max >> 7: the shift that brings a maximum (≥ 0) below 128. */
export function shiftNormShift(max: number): number {
  return 32 - Math.clz32(max >> 7);
}

/** ReLU and normalization of a whole tensor to 0…127 by one power of two, rounded to nearest, halves up. */
export function shiftNorm(x: Int32Array, out: Int32Array): void {
  let max = 0;
  for (let i = 0; i < x.length; i++) if (x[i]! > max) max = x[i]!;
  const shift = shiftNormShift(max);
  const rounding = (1 << shift) >> 1;
  for (let i = 0; i < x.length; i++) {
    const acc = x[i]!;
    out[i] = acc < 0 ? 0 : Math.min(127, (acc + rounding) >> shift);
  }
}

/** Bit length of max >> 23: the shift that keeps 254·a + d within int32. */
export function maxAbsNormShift(max: number): number {
  return 32 - Math.clz32(max >> 23);
}

/** ReLU and normalization of a whole tensor to 0…127 by its maximum: 127·x/max, rounded to nearest, halves up. */
export function maxAbsNorm(x: Int32Array, out: Int32Array): void {
  let max = 0;
  for (let i = 0; i < x.length; i++) if (x[i]! > max) max = x[i]!;
  const shift = maxAbsNormShift(max);
  const divisor = max >> shift;
  for (let i = 0; i < x.length; i++) {
    const acc = x[i]!;
    out[i] = acc > 0 ? Math.floor((254 * (acc >> shift) + divisor) / (2 * divisor)) : 0;
  }
}

/** y = max(x, 0) >> shift. */
export function reluShift(x: Int32Array, shift: number, out: Int32Array): void {
  for (let i = 0; i < x.length; i++) out[i] = Math.max(0, x[i]!) >> shift;
}

/** y = clip((x + half) >> shift, min, max) with half = 1 << shift >> 1. */
export function requantize(x: Int32Array, shift: number, min: number, max: number, out: Int32Array): void {
  const rounding = (1 << shift) >> 1;
  for (let i = 0; i < x.length; i++) out[i] = Math.min(max, Math.max(min, (x[i]! + rounding) >> shift));
}

/** y = table[x + 128] of int8 x. */
export function lookup(x: Int32Array, table: readonly number[], out: Int32Array): void {
  for (let i = 0; i < x.length; i++) out[i] = table[x[i]! + 128]!;
}

/** y = (a << leftShift[0]) + (b << leftShift[1]). */
export function add(a: Int32Array, b: Int32Array, leftShift: readonly [number, number], out: Int32Array): void {
  const [shiftA, shiftB] = leftShift;
  for (let i = 0; i < out.length; i++) out[i] = ((a[i]! << shiftA) + (b[i]! << shiftB)) | 0;
}
