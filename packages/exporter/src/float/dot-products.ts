// The inner loop of every float product here: one input vector against rows of weights, four rows at a time.

/** out[from + r·step] = start[r] + Σ_k rows[r·x.length + k]·x[k], sums in float64. */
export function dotProducts(
  rows: Float64Array,
  x: Float64Array,
  start: ArrayLike<number> | undefined,
  out: { [index: number]: number },
  from: number,
  step: number,
): void {
  const columns = x.length;
  const count = columns === 0 ? 0 : rows.length / columns;
  let r = 0;
  for (; r + 4 <= count; r += 4) {
    let [a, b, c, d] = [0, 0, 0, 0];
    for (let k = 0, i = r * columns; k < columns; k++, i++) {
      const value = x[k]!;
      a += rows[i]! * value;
      b += rows[i + columns]! * value;
      c += rows[i + 2 * columns]! * value;
      d += rows[i + 3 * columns]! * value;
    }
    out[from + r * step] = (start?.[r] ?? 0) + a;
    out[from + (r + 1) * step] = (start?.[r + 1] ?? 0) + b;
    out[from + (r + 2) * step] = (start?.[r + 2] ?? 0) + c;
    out[from + (r + 3) * step] = (start?.[r + 3] ?? 0) + d;
  }
  for (; r < count; r++) {
    let sum = 0;
    for (let k = 0, i = r * columns; k < columns; k++, i++) sum += rows[i]! * x[k]!;
    out[from + r * step] = (start?.[r] ?? 0) + sum;
  }
}
