// Scales: u = w·(inverse scale) is what a format encodes, level·scale is what the network sees. Float32, one per tensor or one per output.

import { QuantError } from './errors.js';
import type { FormatRecord } from './format-record.js';
import { getFormat } from './registry.js';

/** How many scales a weight tensor has: one, or one per output. */
export type Scaling = 'PerTensor' | 'PerOutput';

/** Smallest clipping scalar: keeps the inverse scale numerator/s finite in float32, also for an all-zero tensor. */
export const MIN_CLIP = 2 ** -100;

/** Largest clipping scalar: keeps the inverse scale and its reciprocal normal float32 numbers. */
export const MAX_CLIP = 2 ** 125;

/**
 * Inverse scales numerator/s, in float32, for clipping scalars s (one, or one per output).
 * @throws QuantError `invalid-clip` where a scalar is outside [MIN_CLIP, MAX_CLIP]; `unknown-format`.
 *
 * @example
 * ```ts
 * import { inverseScalesFromClips } from '@bitnetmcu/quant';
 *
 * inverseScalesFromClips('4bitsym', 0.5); // 16: the numerator of 4bitsym is 8
 * ```
 */
export function inverseScalesFromClips(format: string | FormatRecord, clips: number | ArrayLike<number>): Float32Array {
  const { scaleNumerator } = getFormat(format);
  const values = typeof clips === 'number' ? [clips] : clips;
  return Float32Array.from({ length: values.length }, (_, output) => {
    const clip = Math.fround(values[output]!);
    if (!(clip >= MIN_CLIP && clip <= MAX_CLIP)) {
      throw new QuantError(
        'invalid-clip',
        `Clipping scalar ${values[output]} of output ${output} is not in [2^-100, 2^125]. Compute it with a clipping policy, or give a positive number.`,
      );
    }
    return scaleNumerator / clip;
  });
}

/**
 * The float32 scale of an inverse scale q, 1/q, rounded so that scale·q ≥ 1 in float32: a dequantized weight then
 * encodes to its own code again, also in FP130, whose cells begin at their level.
 * In C: `float scale = 1.0f / q; if (scale * q < 1.0f) scale = nextafterf(scale, INFINITY);`
 */
export function scaleOfInverse(inverseScale: number): number {
  const scale = Math.fround(1 / inverseScale);
  return Math.fround(scale * inverseScale) < 1 ? nextFloat32Up(scale) : scale;
}

/** The next float32 above a positive finite one. */
function nextFloat32Up(x: number): number {
  const bits = new Uint32Array(Float32Array.of(x).buffer);
  bits[0] = bits[0]! + 1;
  return new Float32Array(bits.buffer)[0]!;
}

/** @throws QuantError `invalid-scale` unless there is one inverse scale, or one per output, each positive, finite and normal. */
export function requireInverseScales(inverseScales: ArrayLike<number>, outputs: number): void {
  if (inverseScales.length !== 1 && inverseScales.length !== outputs) {
    throw new QuantError(
      'invalid-scale',
      `Got ${inverseScales.length} inverse scales for ${outputs} outputs; give one for the tensor or one per output.`,
    );
  }
  for (let output = 0; output < inverseScales.length; output++) {
    const inverseScale = Math.fround(inverseScales[output]!);
    if (!(inverseScale >= 2 ** -126 && inverseScale <= 2 ** 126)) {
      throw new QuantError(
        'invalid-scale',
        `Inverse scale ${inverseScales[output]} of output ${output} is not in [2^-126, 2^126]. Compute it with inverseScalesFromClips.`,
      );
    }
  }
}
