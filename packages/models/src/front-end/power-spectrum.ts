// The integer Fourier transform of the front end: int16 values, one exponent for all of them, 32-bit sums (docs/integer-inference.md).
import { bitLength, integerMean } from './integer-math.js';

/** Points of a transform: powers of two. */
export const MIN_POINTS = 64;
export const MAX_POINTS = 512;

/** 32768·sin(2πi/512) to the nearest, at most 32767, for a quarter of the circle and its end. */
export const QUARTER_SINE: Int16Array = Int16Array.from({ length: MAX_POINTS / 4 + 1 }, (_, i) =>
  Math.min(32_767, Math.round(32_768 * Math.sin((2 * Math.PI * i) / MAX_POINTS))),
);

const QUARTER = MAX_POINTS / 4;

/** Sine and cosine of i 512ths of a turn. */
const SINE = Int16Array.from({ length: MAX_POINTS }, (_, i) => {
  const half = i % (2 * QUARTER);
  const value = QUARTER_SINE[half <= QUARTER ? half : 2 * QUARTER - half]!;
  return i < 2 * QUARTER ? value : -value;
});
const COSINE = SINE.map((_, i) => SINE[(i + QUARTER) % MAX_POINTS]!);

export interface PowerSpectrum {
  /** 4·|X[k]|² of the transform, k = 0 … points/2 − 1, uint32; to be multiplied by 4^exponent. */
  readonly powers: Uint32Array;
  readonly exponent: number;
}

/** Shifts right as far as all values fit 14 bits with their sign. */
function normalize(z: Int16Array): number {
  const shift = Math.max(0, bitLength(bitsOf(z)) - 13);
  if (shift > 0) for (let i = 0; i < z.length; i++) z[i] = z[i]! >> shift;
  return shift;
}

/** All bits that any of the values needs besides its sign. */
function bitsOf(values: Int16Array | Int32Array): number {
  let bits = 0;
  for (const value of values) bits |= value ^ (value >> 31);
  return bits;
}

/**
 * Powers of a frame less its mean, under a Hann window.
 * @param x a power of two from 64 to 512 of them
 */
export function powerSpectrum(x: Int16Array): PowerSpectrum {
  const n = x.length;
  const half = n / 2;
  const stride = MAX_POINTS / n;
  const mean = integerMean(x);
  const differences = Int32Array.from(x, (value) => value - mean);
  const up = 13 - bitLength(bitsOf(differences));
  const z = new Int16Array(n);
  // Even values are real parts, odd ones imaginary parts; in bit-reversed order.
  const bits = bitLength(half) - 1;
  for (let i = 0; i < n; i++) {
    const value = up >= 0 ? differences[i]! << up : differences[i]! >> -up;
    const hann = (32_768 - COSINE[i * stride]!) >> 1;
    z[2 * reversed(i >> 1, bits) + (i & 1)] = (value * hann + 16_384) >> 15;
  }
  let exponent = -up;
  for (let length = 2; length <= half; length *= 2) {
    exponent += normalize(z);
    butterflies(z, length);
  }
  exponent += normalize(z);
  return { powers: splitPowers(z, stride), exponent };
}

function reversed(i: number, bits: number): number {
  let result = 0;
  for (let b = 0; b < bits; b++) result |= ((i >> b) & 1) << (bits - 1 - b);
  return result;
}

/** Real part of (re + j·im) times e^(−2πj·angle/512), rounded; exact at 0 and a quarter turn. */
function turnedReal(re: number, im: number, angle: number): number {
  if (angle === 0) return re;
  if (angle === QUARTER) return im;
  return (re * COSINE[angle]! + im * SINE[angle]! + 16_384) >> 15;
}

/** Its imaginary part. */
function turnedImaginary(re: number, im: number, angle: number): number {
  if (angle === 0) return im;
  if (angle === QUARTER) return -re;
  return (im * COSINE[angle]! - re * SINE[angle]! + 16_384) >> 15;
}

function butterflies(z: Int16Array, length: number): void {
  for (let k = 0; k < length / 2; k++) {
    const angle = (k * MAX_POINTS) / length;
    for (let first = 2 * k; first < z.length; first += 2 * length) {
      const second = first + length;
      const re = turnedReal(z[second]!, z[second + 1]!, angle);
      const im = turnedImaginary(z[second]!, z[second + 1]!, angle);
      z[second] = z[first]! - re;
      z[second + 1] = z[first + 1]! - im;
      z[first] = z[first]! + re;
      z[first + 1] = z[first + 1]! + im;
    }
  }
}

/** From the transform of half as many complex values to the powers of the real ones. */
function splitPowers(z: Int16Array, stride: number): Uint32Array {
  const count = z.length / 2;
  const powers = new Uint32Array(count);
  powers[0] = 4 * (z[0]! + z[1]!) ** 2;
  for (let k = 1; k <= count / 2; k++) {
    const other = count - k;
    const [a, b, c, d] = [z[2 * k]!, z[2 * k + 1]!, z[2 * other]!, z[2 * other + 1]!];
    const re = turnedReal(b + d, c - a, k * stride);
    const im = turnedImaginary(b + d, c - a, k * stride);
    powers[k] = (a + c + re) ** 2 + (b - d + im) ** 2;
    powers[other] = (a + c - re) ** 2 + (b - d - im) ** 2;
  }
  return powers;
}
