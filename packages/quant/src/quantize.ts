// Float weights to codes and the values that the network sees, and back. Codes are indices into a format's `levels`.

import { weightCentre } from './centre.js';
import { encoderOf } from './encode.js';
import { invalidCode } from './errors.js';
import type { FormatRecord } from './format-record.js';
import { getFormat } from './registry.js';
import { requireInverseScales, scaleOfInverse } from './scale.js';
import { finiteFloat32, requireOutputs } from './weights.js';

export interface ScaledShape {
  /** Number of outputs; the tensor is output-major. Default 1. */
  readonly outputs?: number;
  /** One float32 inverse scale for the tensor, or one per output: see inverseScalesFromClips. */
  readonly inverseScales: number | ArrayLike<number>;
}

export interface QuantizedTensor {
  readonly format: FormatRecord;
  /** Indices into `format.levels` and `format.integers`, output-major. */
  readonly codes: Uint8Array;
  /** level · scale: the weights that the network sees in training. */
  readonly dequantized: Float32Array;
  /** The inverse scales used: one, or one per output. */
  readonly inverseScales: Float32Array;
}

/**
 * Quantizes a weight tensor: u = fround(w · inverse scale) is encoded (see encoderOf); `Binary` subtracts the mean weight of the
 * tensor (one inverse scale) or of the output (one for each output) first: u = fround(fround(w − mean) · inverse scale).
 * @throws QuantError `non-finite-weight`, `invalid-shape`, `invalid-scale`, `unknown-format`.
 *
 * @example
 * ```ts
 * import { octav, quantizeWeights, inverseScalesFromClips, updateClips } from '@bitnetmcu/quant';
 *
 * const clips = updateClips('4bitsym', weights, octav);
 * const { codes, dequantized } = quantizeWeights('4bitsym', weights, { inverseScales: inverseScalesFromClips('4bitsym', clips) });
 * ```
 */
export function quantizeWeights(
  format: string | FormatRecord,
  weights: ArrayLike<number>,
  { outputs = 1, inverseScales }: ScaledShape,
): QuantizedTensor {
  const resolved = getFormat(format);
  const { encoding } = resolved;
  requireOutputs(weights.length, outputs);
  const values = finiteFloat32(weights);
  const inverses = float32Array(inverseScales, outputs);
  const encode = encoderOf(resolved);
  const codes = new Uint8Array(values.length);
  const perScale = values.length / inverses.length;
  for (let s = 0; s < inverses.length; s++) {
    const from = s * perScale;
    const to = from + perScale;
    const inverseScale = inverses[s]!;
    const centre = encoding.kind === 'sign' && encoding.centred ? weightCentre(values, from, to) : 0;
    for (let i = from; i < to; i++) codes[i] = encode(Math.fround(Math.fround(values[i]! - centre) * inverseScale));
  }
  const dequantized = dequantizeCodes(resolved, codes, { outputs, inverseScales: inverses });
  return { format: resolved, codes, dequantized, inverseScales: inverses };
}

/**
 * fround(level · scaleOfInverse(inverse scale)) for every code.
 * @throws QuantError `invalid-code`, `invalid-shape`, `invalid-scale`, `unknown-format`.
 *
 * @example
 * ```ts
 * import { dequantizeCodes, inverseScalesFromClips } from '@bitnetmcu/quant';
 *
 * dequantizeCodes('Ternary', [0, 1, 2], { inverseScales: inverseScalesFromClips('Ternary', 0.5) }); // −0.5, 0, 0.5
 * ```
 */
export function dequantizeCodes(
  format: string | FormatRecord,
  codes: ArrayLike<number>,
  { outputs = 1, inverseScales }: ScaledShape,
): Float32Array {
  const { name, levels } = getFormat(format);
  requireOutputs(codes.length, outputs);
  const inverses = float32Array(inverseScales, outputs);
  const dequantized = new Float32Array(codes.length);
  const perScale = codes.length / inverses.length;
  const values = new Float32Array(levels.length);
  for (let s = 0; s < inverses.length; s++) {
    const scale = scaleOfInverse(inverses[s]!);
    for (let code = 0; code < levels.length; code++) values[code] = levels[code]! * scale;
    for (let i = s * perScale; i < (s + 1) * perScale; i++) dequantized[i] = requireEntry(name, values, codes, i);
  }
  return dequantized;
}

/**
 * The integer weights of the integer inference: `format.integers[code]` for every code.
 * @throws QuantError `invalid-code`, `unknown-format`.
 *
 * @example
 * ```ts
 * import { integerWeights } from '@bitnetmcu/quant';
 *
 * integerWeights('4bitsym', [0, 7, 8, 15]); // −15, −1, 1, 15
 * ```
 */
export function integerWeights(format: string | FormatRecord, codes: ArrayLike<number>): Int16Array {
  const { name, integers } = getFormat(format);
  return Int16Array.from({ length: codes.length }, (_, i) => requireEntry(name, integers, codes, i));
}

function requireEntry(name: string, table: ArrayLike<number>, codes: ArrayLike<number>, index: number): number {
  const value = table[codes[index]!];
  if (value === undefined) {
    throw invalidCode(name, codes[index]!, index, table.length);
  }
  return value;
}

function float32Array(inverseScales: number | ArrayLike<number>, outputs: number): Float32Array {
  const values = typeof inverseScales === 'number' ? [inverseScales] : inverseScales;
  requireInverseScales(values, outputs);
  return Float32Array.from(values);
}
