// The regularized incomplete beta function: Student's t and the binomial distribution are both values of it.

/** Lanczos' approximation of the gamma function with g = 7 (Godfrey 2001); relative error below 1e-14 for x ≥ 0.5. */
const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/** ln Γ(x), x ≥ 0.5. */
export function logGamma(x: number): number {
  const [first, ...rest] = LANCZOS;
  const sum = rest.reduce((total, coefficient, i) => total + coefficient / (x + i), first!);
  const t = x + 6.5;
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(sum);
}

/** Smaller than any term that counts; keeps the recurrences from dividing by 0. */
const TINY = 1e-300;
const MOST_TERMS = 100_000;

/**
 * I_x(a, b) by its continued fraction (DLMF 8.17.22, evaluated after Lentz); relative error about 1e-12.
 * @param x in [0, 1]
 * @param a,b at least 0.5
 */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  // The fraction converges fast on this side of the mean alone.
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front = Math.exp(
    a * Math.log(x) + b * Math.log1p(-x) + logGamma(a + b) - logGamma(a) - logGamma(b) - Math.log(a),
  );
  let [fraction, c, d] = [1, 1, 0];
  for (let term = 0; term < MOST_TERMS; term++) {
    const m = Math.floor(term / 2);
    const coefficient =
      term === 0
        ? 1
        : term % 2 === 0
          ? (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
          : (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away(1 + coefficient * d);
    c = away(1 + coefficient / c);
    fraction *= c * d;
    if (Math.abs(c * d - 1) < 1e-15) break;
  }
  return Math.min(1, front * (fraction - 1));
}

function away(value: number): number {
  return Math.abs(value) < TINY ? TINY : value;
}
