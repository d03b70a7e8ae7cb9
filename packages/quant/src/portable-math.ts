// Functions that give the same bits in every JavaScript engine: Math.sin, Math.log2, ** and their like may not (those of Node differ between
// x64 and arm64, and between versions). Made of what IEEE 754 rounds correctly (+ − · / √), by series, to a few units of the last place
// of moderate arguments.

const HALF_PI = Math.PI / 2;
/** π/2 = HALF_PI_HIGH + HALF_PI_LOW; the first has 33 bits, so that its multiples up to 2^20 are exact. */
const HALF_PI_HIGH = 1.5707963267341256;
const HALF_PI_LOW = 6.0771005065061922e-11;

/** Σ coefficients[i]·x^i. */
function polynomial(x: number, coefficients: readonly number[]): number {
  let sum = 0;
  for (let i = coefficients.length - 1; i >= 0; i--) sum = sum * x + coefficients[i]!;
  return sum;
}

const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));
const series = (terms: number, term: (i: number) => number) => Array.from({ length: terms }, (_, i) => term(i));

/** In x²: of sin x / x, of cos x, of atan x / x, of atanh x / x; in x: of eˣ. */
const SINE = series(9, (i) => (i % 2 ? -1 : 1) / factorial(2 * i + 1));
const COSINE = series(9, (i) => (i % 2 ? -1 : 1) / factorial(2 * i));
const ARC_TANGENT = series(14, (i) => (i % 2 ? -1 : 1) / (2 * i + 1));
const AREA_TANGENT = series(13, (i) => 1 / (2 * i + 1));
const EXPONENTIAL = series(15, (i) => 1 / factorial(i));

/** sin(x + quarters·π/2), |x| up to 10⁶. */
function sineOf(x: number, quarters: number): number {
  const nearest = Math.round(x / HALF_PI);
  const rest = x - nearest * HALF_PI_HIGH - nearest * HALF_PI_LOW;
  const quadrant = (((nearest + quarters) % 4) + 4) % 4;
  const size = quadrant % 2 ? polynomial(rest * rest, COSINE) : rest * polynomial(rest * rest, SINE);
  return quadrant < 2 ? size : -size;
}

export const sin = (x: number): number => sineOf(x, 0);
export const cos = (x: number): number => sineOf(x, 1);
export const tan = (x: number): number => sin(x) / cos(x);

/** The angle of (x, y) from the x axis, −π to π; 0 where both are 0. */
export function atan2(y: number, x: number): number {
  const [opposite, adjacent] = [Math.abs(y), Math.abs(x)];
  if (opposite === 0 && adjacent === 0) return 0;
  const isSteep = opposite > adjacent;
  let tangent = isSteep ? adjacent / opposite : opposite / adjacent;
  // half of the angle, and half of that: at most π/16
  for (let halving = 0; halving < 2; halving++) tangent /= 1 + Math.sqrt(1 + tangent * tangent);
  const acute = 4 * tangent * polynomial(tangent * tangent, ARC_TANGENT);
  const first = isSteep ? HALF_PI - acute : acute;
  const angle = x < 0 ? Math.PI - first : first;
  return y < 0 ? -angle : angle;
}

/** x·2^exponent, exact where the result is a normal number. */
function scaled(x: number, exponent: number): number {
  let result = x;
  for (let left = exponent; left !== 0; ) {
    const step = Math.max(-1000, Math.min(1000, left));
    result *= powerOfTwo(step);
    left -= step;
  }
  return result;
}

const bits = new DataView(new ArrayBuffer(8));

/** 2^exponent, −1022 to 1023. */
function powerOfTwo(exponent: number): number {
  bits.setUint32(0, (exponent + 1023) << 20);
  bits.setUint32(4, 0);
  return bits.getFloat64(0);
}

/** Of positive normal numbers; of powers of two exact. */
export function logarithm2(x: number): number {
  if (!(x >= 2 ** -1022 && x < Number.POSITIVE_INFINITY)) return x === 0 ? Number.NEGATIVE_INFINITY : Math.log2(x);
  bits.setFloat64(0, x);
  let exponent = (bits.getUint32(0) >>> 20) - 1023;
  let mantissa = scaled(x, -exponent);
  if (mantissa > Math.SQRT2) {
    mantissa /= 2;
    exponent++;
  }
  const s = (mantissa - 1) / (mantissa + 1);
  return exponent + 2 * s * polynomial(s * s, AREA_TANGENT) * Math.LOG2E;
}

/** 2^x; of whole numbers exact. */
export function exp2(x: number): number {
  const nearest = Math.round(x);
  if (!(Math.abs(nearest) < 1022)) return 2 ** x;
  return scaled(polynomial((x - nearest) * Math.LN2, EXPONENTIAL), nearest);
}

/** base^exponent for whole exponents ≥ 0, by repeated squaring. */
export function wholePower(base: number, exponent: number): number {
  let [result, square] = [1, base];
  for (let left = exponent; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result *= square;
    square *= square;
  }
  return result;
}
