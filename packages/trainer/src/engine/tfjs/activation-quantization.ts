// Fake quantization of activations to int8, per sample, with the straight-through gradient: the formulas of docs/integer-inference.md and docs/numeric-formats.md.
import type { LayerOf } from '@bitnetmcu/models';
import type { Tensor2D, Tf } from './tensors.js';

export type ActivationQuantizer = LayerOf<'linear'>['activationQuantizer'];

export interface QuantizationInput {
  /** [batch, features]: what is rounded. */
  readonly source: Tensor2D;
  /** [batch, features]: source·factor, which carries the gradient. */
  readonly normalized: Tensor2D;
  /** [batch, 1]: scale-free norm factor; absent: 1. */
  readonly factor?: Tensor2D | undefined;
  /** Whether `source` is computed from layers with weights; the sample itself is not. */
  readonly computed: boolean;
  /** [batch, 1]: value of integer accumulator 1 in `source`, where it is known. */
  readonly unit?: Tensor2D | undefined;
}

export interface QuantizedActivations {
  readonly tensor: Tensor2D;
  /** [batch, 1]: value of int8 code 1. */
  readonly unit: Tensor2D;
}

/** Keeps the scale of an all-zero sample finite; its codes are 0. */
const TINY = 1e-30;
/** Largest integer accumulator that is told apart; all float32 integers up to here are exact. */
const MAX_ACCUMULATOR = 2 ** 22;

/** After convolutions, whose accumulator's unit is unknown, it counts as this share of the power of two below the maximum. */
const UNKNOWN_UNIT = 2 ** -20;

/** Codes·unit. The sample itself has no accumulator that could be shifted: there `shift` quantizes by max|x|, as the integer inference does. */
export function fakeQuantize(
  tf: Tf,
  quantizer: Exclude<ActivationQuantizer, 'none'>,
  { source, normalized, factor, computed, unit }: QuantizationInput,
): QuantizedActivations {
  const largest = tf.max(tf.abs(source), 1, true) as Tensor2D;
  const { codes, step } =
    quantizer === 'shift' && computed
      ? shiftNorm(tf, source, largest, unit ?? powersOfTwoBelow(tf, largest).mul(UNKNOWN_UNIT))
      : maxAbs(tf, source, largest);
  const codeUnit = factor === undefined ? step : step.mul<Tensor2D>(factor);
  const straightThrough = tf.customGrad(() => ({
    value: codes.mul(codeUnit),
    gradFunc: (dy) => [dy.clone()],
  }));
  return { tensor: straightThrough(normalized) as Tensor2D, unit: codeUnit };
}

function maxAbs(tf: Tf, source: Tensor2D, largest: Tensor2D): { codes: Tensor2D; step: Tensor2D } {
  const scale = tf.div(127, tf.maximum(largest, TINY));
  return { codes: tf.round(source.mul<Tensor2D>(scale)), step: largest.div<Tensor2D>(127) };
}

/** ShiftNorm on the integer accumulator x/unit: shift = bit length of (max >> 7), half added, at most 127, ReLU. */
function shiftNorm(tf: Tf, source: Tensor2D, largest: Tensor2D, unit: Tensor2D): { codes: Tensor2D; step: Tensor2D } {
  const accumulators = (x: Tensor2D): Tensor2D =>
    tf.round(tf.minimum<Tensor2D>(x.div(tf.maximum(unit, TINY)), MAX_ACCUMULATOR));
  const top = accumulators(largest);
  // 2^shift = 1 + Σ 2^k over all k with top ≥ 128·2^k, exact where a logarithm would not be.
  const powers = tf.tensor2d(
    Array.from({ length: 16 }, (_, k) => 2 ** k),
    [1, 16],
  );
  const divisor = tf.greaterEqual(top, powers.mul(128)).cast('float32').mul(powers).sum(1, true).add(1) as Tensor2D;
  const half = tf.floor(divisor.div(2));
  const shifted = tf.floor(tf.maximum(accumulators(source).add(half).div(divisor), 0));
  return { codes: tf.minimum<Tensor2D>(shifted, 127), step: unit.mul<Tensor2D>(divisor) };
}

/** The largest power of two ≤ x for every positive x: its exponent bits alone. */
function powersOfTwoBelow(tf: Tf, x: Tensor2D): Tensor2D {
  const bits = new Uint32Array(Float32Array.from(x.dataSync()).buffer);
  const powers = new Float32Array(bits.map((value) => value & 0x7f80_0000).buffer);
  return tf.tensor2d(powers, x.shape);
}
