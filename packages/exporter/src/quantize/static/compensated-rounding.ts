// Rounding of a row of weights that makes up for each weight's error in those not yet rounded (GPTQ, Frantar et al. 2022,
// arXiv:2210.17323; after Optimal Brain Surgeon).

/** Added to the diagonal, as a share of its mean: inputs that are always 0 would make the moments singular. */
const DAMPING = 0.01;

/**
 * The upper triangular Cholesky factor of the inverse of damped second moments, row-major: how an error in input i is best spread over
 * the inputs behind it.
 */
export function errorSpread(moments: Float64Array, columns: number): Float64Array {
  let trace = 0;
  for (let i = 0; i < columns; i++) trace += moments[i * columns + i]!;
  const damping = (DAMPING * trace) / columns || 1;
  const damped = moments.slice();
  for (let i = 0; i < columns; i++) damped[i * columns + i] = damped[i * columns + i]! + damping;
  const inverse = invert(damped, columns);
  // Lower factor L of the inverse taken from its last row on is the upper factor of the ordinary order.
  return upperCholesky(inverse, columns);
}

/** In-place Cholesky A = L·Lᵀ, lower triangle; A is positive definite. */
function cholesky(a: Float64Array, n: number): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i * n + j]!;
      for (let k = 0; k < j; k++) sum -= a[i * n + k]! * a[j * n + k]!;
      a[i * n + j] = i === j ? Math.sqrt(Math.max(sum, Number.MIN_VALUE)) : sum / a[j * n + j]!;
    }
  }
}

function invert(a: Float64Array, n: number): Float64Array {
  cholesky(a, n);
  // Columns of L⁻¹, then A⁻¹ = L⁻ᵀ·L⁻¹.
  const inverseL = new Float64Array(n * n);
  for (let c = 0; c < n; c++) {
    for (let i = c; i < n; i++) {
      let sum = i === c ? 1 : 0;
      for (let k = c; k < i; k++) sum -= a[i * n + k]! * inverseL[k * n + c]!;
      inverseL[i * n + c] = sum / a[i * n + i]!;
    }
  }
  const inverse = new Float64Array(n * n);
  for (let k = 0; k < n; k++) {
    for (let i = 0; i <= k; i++) {
      const v = inverseL[k * n + i]!;
      if (v === 0) continue;
      for (let j = 0; j <= i; j++) inverse[i * n + j] = inverse[i * n + j]! + v * inverseL[k * n + j]!;
    }
  }
  for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) inverse[i * n + j] = inverse[j * n + i]!;
  return inverse;
}

/** U with UᵀU = A, upper triangle. */
function upperCholesky(a: Float64Array, n: number): Float64Array {
  const lower = a.slice();
  cholesky(lower, n);
  const upper = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = i; j < n; j++) upper[i * n + j] = lower[j * n + i]!;
  return upper;
}

/**
 * Codes of one row.
 * @param round gives a code for a weight; value the weight that a code stands for.
 * @param spread of errorSpread, or undefined: every weight to its nearest.
 */
export function roundRow(
  weights: ArrayLike<number>,
  spread: Float64Array | undefined,
  round: (weight: number) => number,
  value: (code: number) => number,
): Uint8Array {
  const n = weights.length;
  const codes = new Uint8Array(n);
  const rest = Float64Array.from(weights);
  for (let i = 0; i < n; i++) {
    const code = round(rest[i]!);
    codes[i] = code;
    if (!spread) continue;
    const error = (rest[i]! - value(code)) / spread[i * n + i]!;
    if (error === 0) continue;
    for (let j = i + 1; j < n; j++) rest[j] = rest[j]! - error * spread[i * n + j]!;
  }
  return codes;
}
