// Float weights to codes and the values that the network sees, and back. Codes are indices into a format's `levels`.
import { weightCentre } from './centre.js';
import { encoderOf } from './encode.js';
import { invalidCode } from './errors.js';
import { getFormat, type WeightFormat } from './registry.js';
import { requireScales, stepOfScale } from './scale.js';
import { finiteFloat32, requireOutputs } from './weights.js';

export interface ScaledShape {
  /** Number of outputs; the tensor is output-major. Default 1. */
  readonly outputs?: number;
  /** One float32 scale for the tensor, or one per output: see scalesFromClips. */
  readonly scales: number | ArrayLike<number>;
}

export interface QuantizedTensor {
  readonly format: WeightFormat;
  /** Indices into `format.levels` and `format.integers`, output-major. */
  readonly codes: Uint8Array;
  /** level · step: the weights that the network sees in training. */
  readonly dequantized: Float32Array;
  /** The scales used: one, or one per output. */
  readonly scales: Float32Array;
}

/**
 * Quantizes a weight tensor: u = fround(w·scale) is encoded (see encoderOf); `Binary` subtracts the mean weight of the
 * tensor (one scale) or of the output (one scale per output) first: u = fround(fround(w − mean)·scale).
 * @throws QuantError `non-finite-weight`, `invalid-shape`, `invalid-scale`, `unknown-format`.
 *
 * @example
 * ```ts
 * import { octav, quantizeWeights, scalesFromClips, updateClips } from '@bitnetmcu/quant';
 *
 * const clips = updateClips('4bitsym', weights, octav);
 * const { codes, dequantized } = quantizeWeights('4bitsym', weights, { scales: scalesFromClips('4bitsym', clips) });
 * ```
 */
export function quantizeWeights(
  format: string | WeightFormat,
  weights: ArrayLike<number>,
  { outputs = 1, scales }: ScaledShape,
): QuantizedTensor {
  const resolved = getFormat(format);
  const { encoding } = resolved;
  requireOutputs(weights.length, outputs);
  const values = finiteFloat32(weights);
  const float32Scales = scaleArray(scales, outputs);
  const encode = encoderOf(resolved);
  const codes = new Uint8Array(values.length);
  const perScale = values.length / float32Scales.length;
  for (let s = 0; s < float32Scales.length; s++) {
    const from = s * perScale;
    const to = from + perScale;
    const scale = float32Scales[s]!;
    const centre = encoding.kind === 'sign' && encoding.centred ? weightCentre(values, from, to) : 0;
    for (let i = from; i < to; i++) codes[i] = encode(Math.fround(Math.fround(values[i]! - centre) * scale));
  }
  const dequantized = dequantizeCodes(resolved, codes, { outputs, scales: float32Scales });
  return { format: resolved, codes, dequantized, scales: float32Scales };
}

/**
 * fround(level · stepOfScale(scale)) for every code.
 * @throws QuantError `invalid-code`, `invalid-shape`, `invalid-scale`, `unknown-format`.
 *
 * @example
 * ```ts
 * import { dequantizeCodes, scalesFromClips } from '@bitnetmcu/quant';
 *
 * dequantizeCodes('Ternary', [0, 1, 2], { scales: scalesFromClips('Ternary', 0.5) }); // −0.5, 0, 0.5
 * ```
 */
export function dequantizeCodes(
  format: string | WeightFormat,
  codes: ArrayLike<number>,
  { outputs = 1, scales }: ScaledShape,
): Float32Array {
  const { name, levels } = getFormat(format);
  requireOutputs(codes.length, outputs);
  const float32Scales = scaleArray(scales, outputs);
  const dequantized = new Float32Array(codes.length);
  const perScale = codes.length / float32Scales.length;
  const values = new Float32Array(levels.length);
  for (let s = 0; s < float32Scales.length; s++) {
    const step = stepOfScale(float32Scales[s]!);
    for (let code = 0; code < levels.length; code++) values[code] = levels[code]! * step;
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
export function integerWeights(format: string | WeightFormat, codes: ArrayLike<number>): Int16Array {
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

function scaleArray(scales: number | ArrayLike<number>, outputs: number): Float32Array {
  const values = typeof scales === 'number' ? [scales] : scales;
  requireScales(values, outputs);
  return Float32Array.from(values);
}
