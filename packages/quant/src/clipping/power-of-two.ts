// Per-output scalars as the integer inference can express them: one base times a power of two, a left shift of the accumulator.
import { QuantError } from '../errors.js';
import { atan2, cos, logarithm2, sin } from '../portable-math.js';
import { MIN_CLIP } from '../scale.js';
import { limitClip } from './policy.js';

/** Largest left shift of an output's accumulator (QuantizedWeights.outputShifts). */
export const MAX_OUTPUT_SHIFT = 15;

export interface PowerOfTwoClips {
  /** base · 2^shifts[output], float32. */
  readonly clips: Float32Array;
  /** 0 … 15; the accumulator of the output is shifted left by it. */
  readonly shifts: Uint8Array;
}

/**
 * Each scalar rounded (in its logarithm) to base·2^shift. The base is the scalar nearest to the circular mean of all
 * fractional logarithms, so that scalars that are powers of two apart stay as they are. Outputs more than 15 octaves below
 * the largest, among them all-zero ones, get shift 0.
 * @throws QuantError `invalid-clip` where a scalar is not positive and finite.
 */
export function powerOfTwoClips(clips: ArrayLike<number>): PowerOfTwoClips {
  const logarithms = Float64Array.from({ length: clips.length }, (_, output) => {
    const clip = clips[output]!;
    if (!(clip > 0 && Number.isFinite(clip))) {
      throw new QuantError('invalid-clip', `Clipping scalar ${clip} of output ${output} is not a positive number.`);
    }
    return logarithm2(clip);
  });
  const base = baseOutput(clips, logarithms);
  if (base === undefined) return { clips: Float32Array.from(clips), shifts: new Uint8Array(clips.length) };
  const octaves = logarithms.map((logarithm) => Math.round(logarithm - logarithms[base]!));
  const highest = octaves.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const lowest = octaves.reduce((a, b) => Math.min(a, Math.max(b, highest - MAX_OUTPUT_SHIFT)), highest);
  const shifts = Uint8Array.from(octaves, (octave) => Math.max(octave, lowest) - lowest);
  return { clips: Float32Array.from(shifts, (shift) => limitClip(clips[base]! * 2 ** (shift + lowest))), shifts };
}

/** The output whose scalar serves as the base; undefined where all weights are zero. */
function baseOutput(clips: ArrayLike<number>, logarithms: Float64Array): number | undefined {
  let x = 0;
  let y = 0;
  for (let output = 0; output < clips.length; output++) {
    if (clips[output]! <= MIN_CLIP) continue;
    x += cos(2 * Math.PI * logarithms[output]!);
    y += sin(2 * Math.PI * logarithms[output]!);
  }
  const mean = atan2(y, x) / (2 * Math.PI);
  let base: number | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (let output = 0; output < clips.length; output++) {
    if (clips[output]! <= MIN_CLIP) continue;
    const difference = logarithms[output]! - mean;
    const distance = Math.abs(difference - Math.round(difference));
    if (distance < least) {
      least = distance;
      base = output;
    }
  }
  return base;
}
