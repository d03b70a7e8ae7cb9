// Integer linear layer, the specification: acc[o] = (Σ w[o,i]·x[i] << shift[o]) + bias[o] in int32.

/** Output-major weights; `out.length` rows of `x.length`. */
export function linear(
  x: Int32Array,
  weights: Int16Array,
  outputShifts: Uint8Array | undefined,
  bias: Int32Array | undefined,
  out: Int32Array,
): void {
  const columns = x.length;
  const unrolled = columns & ~3;
  for (let o = 0, k = 0; o < out.length; o++) {
    let acc = 0;
    let i = 0;
    for (; i < unrolled; i += 4, k += 4) {
      acc =
        (acc +
          Math.imul(weights[k]!, x[i]!) +
          Math.imul(weights[k + 1]!, x[i + 1]!) +
          Math.imul(weights[k + 2]!, x[i + 2]!) +
          Math.imul(weights[k + 3]!, x[i + 3]!)) |
        0;
    }
    for (; i < columns; i++, k++) acc = (acc + Math.imul(weights[k]!, x[i]!)) | 0;
    if (outputShifts !== undefined) acc <<= outputShifts[o]!;
    if (bias !== undefined) acc = (acc + bias[o]!) | 0;
    out[o] = acc;
  }
}
