// Two's complement uniform formats: consecutive integers with a zero and one more negative level than positive ones.

/** What a format record says of the 2^bits such levels. */
export function twosComplement(bits: number) {
  const half = 2 ** (bits - 1);
  const levels = Float64Array.from({ length: 2 * half }, (_, code) => code - half);
  return {
    levels,
    integers: Int16Array.from(levels),
    integerScale: 1,
    scaleNumerator: half,
    meanScaled: false,
    encoding: { kind: 'uniform', offset: 0, min: -half, max: half - 1 },
  } as const;
}
