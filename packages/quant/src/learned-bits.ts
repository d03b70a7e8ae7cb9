// Weights with a learned number of bits a channel and a step of 2^exponent, as training sees them and as integers hold them
// (after Cséfalvay and Imber 2023, "Self-Compressing Neural Networks", arXiv:2301.13142; here with the symmetric levels ±½, ±3/2, …).

import { roundHalfEven } from './encode.js';
import { QuantError } from './errors.js';
import type { FormatName } from './registry.js';
import { finiteFloat32, requireOutputs } from './weights.js';

/** The formats whose levels are those of 1, 2, … bits: odd integers, code 0 the lowest. */
const SYMMETRIC: readonly FormatName[] = ['BinarySym', '2bitsym', '3bitsym', '4bitsym', '5bitsym'];

/** Bits of the widest format that learned bits can start from. */
export const MOST_LEARNED_BITS = SYMMETRIC.length;

/** Bits of a format that learned bits can start from; undefined for others. */
export function symmetricBits(format: string): number | undefined {
  const index = (SYMMETRIC as readonly string[]).indexOf(format);
  return index < 1 ? undefined : index + 1;
}

/**
 * The format that holds `bits` bits, 1 … 5.
 * @throws QuantError `invalid-option`
 */
export function symmetricFormat(bits: number): FormatName {
  const found = SYMMETRIC[bits - 1];
  if (found !== undefined) return found;
  throw new QuantError(
    'invalid-option',
    `There is no symmetric format of ${bits} bits; give 1 … ${MOST_LEARNED_BITS}.`,
  );
}

/** The bits that weights really have: rounded half to even, 0 … most. */
export function wholeBits(bits: number, most: number): number {
  return Math.min(most, Math.max(0, roundHalfEven(Math.fround(bits))));
}

export interface LearnedBitsRequest {
  readonly outputs: number;
  /** Learned, real: one, or one an output. */
  readonly bits: ArrayLike<number>;
  /** log2 of the step, learned, real: as many. */
  readonly exponents: ArrayLike<number>;
  /** Bits of the layer's format. */
  readonly most: number;
}

export interface LearnedBitsWeights {
  /** Whole bits of each output, 0 … most; the weights of an output of 0 bits are 0. */
  readonly bits: Uint8Array;
  /** Whole exponents of each output. */
  readonly exponents: Int8Array;
  /** 2·level of each weight, output-major: odd numbers, 0 where the output has 0 bits. */
  readonly integers: Int16Array;
  /** level · 2^exponent: what the network sees. */
  readonly dequantized: Float32Array;
}

/** The exponents that steps have: 2^e and 2^−e are normal floats. */
const MOST_EXPONENT = 100;

/**
 * u = w·2^−e; level = round-half-even(clip(u − ½, −2^(b−1), 2^(b−1) − 1)) + ½, all in float32.
 * @throws QuantError `non-finite-weight`, `invalid-shape`, `invalid-length` (bits or exponents neither one nor one an output).
 */
export function quantizeLearnedBits(
  weights: ArrayLike<number>,
  { outputs, bits, exponents, most }: LearnedBitsRequest,
): LearnedBitsWeights {
  requireOutputs(weights.length, outputs);
  for (const given of [bits, exponents]) {
    if (given.length === bits.length && (given.length === 1 || given.length === outputs)) continue;
    throw new QuantError(
      'invalid-length',
      `Got ${bits.length} bits and ${exponents.length} exponents for ${outputs} outputs; give one of each, or one an output.`,
    );
  }
  const values = finiteFloat32(weights);
  const perOutput = values.length / outputs;
  const result = {
    bits: new Uint8Array(outputs),
    exponents: new Int8Array(outputs),
    integers: new Int16Array(values.length),
    dequantized: new Float32Array(values.length),
  };
  for (let output = 0; output < outputs; output++) {
    const of = bits.length === 1 ? 0 : output;
    const whole = wholeBits(bits[of]!, most);
    const exponent = wholeExponent(exponents[of]!);
    result.bits[output] = whole;
    result.exponents[output] = exponent;
    if (whole === 0) continue;
    const half = 2 ** (whole - 1);
    for (let i = output * perOutput; i < (output + 1) * perOutput; i++) {
      const u = Math.fround(values[i]! * 2 ** -exponent);
      const integer = 2 * roundHalfEven(Math.min(Math.max(Math.fround(u - 0.5), -half), half - 1)) + 1;
      result.integers[i] = integer;
      result.dequantized[i] = (integer / 2) * 2 ** exponent;
    }
  }
  return result;
}

function wholeExponent(exponent: number): number {
  return Math.min(MOST_EXPONENT, Math.max(-MOST_EXPONENT, roundHalfEven(Math.fround(exponent))));
}
