// Learned clipping: s is a parameter that the optimizer moves. Initial value, gradient and the usual normalization of the gradient.

import { invalidCode, QuantError } from '../errors.js';
import type { FormatRecord } from '../format-record.js';
import { getFormat } from '../registry.js';
import { requireOutputs } from '../weights.js';
import { octav } from './octav.js';
import type { ClippingPolicy } from './policy.js';

/** The scalar so far (the optimizer has moved it since); OCTAV's in the beginning. */
export const learnedClip: ClippingPolicy = (request) => request.current ?? octav(request);

export interface ClipGradientShape {
  /** Number of outputs; the tensor is output-major. Default 1. */
  readonly outputs?: number;
  /** One clipping scalar for the tensor, or one per output. */
  readonly clips: ArrayLike<number>;
}

/**
 * ∂loss/∂s from ∂loss/∂ŵ under the straight-through estimator, one number for each clipping scalar.
 *
 * ŵ = level(w·N/s)·s/N with N = scaleNumerator. The estimator passes the gradient through the rounding, so that
 * ∂ŵ/∂s = (level − u)/N where u = w·N/s lies between the outermost levels (Esser et al. 2020, arXiv:1902.08153, equation 3)
 * and level/N where it is clipped (Choi et al. 2018, arXiv:1805.06085). `levels` are the levels that w was quantized to.
 * @throws QuantError `invalid-length`, `invalid-shape`, `invalid-code`, `invalid-option` (Binary, BinarySym: s decides no code).
 */
export function clipGradient(
  format: string | FormatRecord,
  weights: ArrayLike<number>,
  codes: ArrayLike<number>,
  gradients: ArrayLike<number>,
  { outputs = 1, clips }: ClipGradientShape,
): Float32Array {
  const { name, encoding, levels, scaleNumerator } = getFormat(format);
  if (encoding.kind === 'sign') {
    throw new QuantError(
      'invalid-option',
      `The codes of ${name} are signs: they do not depend on the clipping scalar, which cannot be learned.`,
    );
  }
  requireOutputs(weights.length, outputs);
  if (codes.length !== weights.length || gradients.length !== weights.length) {
    throw new QuantError(
      'invalid-length',
      `clipGradient got ${weights.length} weights, ${codes.length} codes and ${gradients.length} gradients; it needs as many of each.`,
    );
  }
  if (clips.length !== 1 && clips.length !== outputs) {
    throw new QuantError(
      'invalid-length',
      `Got ${clips.length} clipping scalars for ${outputs} outputs; give one, or one per output.`,
    );
  }
  const lowest = levels[0]!;
  const highest = levels[levels.length - 1]!;
  const perClip = weights.length / clips.length;
  return Float32Array.from({ length: clips.length }, (_, output) => {
    const inverseScale = scaleNumerator / clips[output]!;
    let sum = 0;
    for (let i = output * perClip; i < (output + 1) * perClip; i++) {
      const u = weights[i]! * inverseScale;
      const level = levels[codes[i]!];
      if (level === undefined) throw invalidCode(name, codes[i]!, i, levels.length);
      sum += gradients[i]! * (u > lowest && u < highest ? level - u : level);
    }
    return sum / scaleNumerator;
  });
}

/**
 * 1/√(weights · highest level): Esser et al.'s factor (section 2.2) that makes a learned scale move about as fast, relative to
 * its size, as the weights do. `weights` is the number that shares the scalar.
 */
export function clipGradientFactor(format: string | FormatRecord, weights: number): number {
  const { levels } = getFormat(format);
  return 1 / Math.sqrt(weights * levels[levels.length - 1]!);
}
