// A clipping policy: one pure function from weights (and the epoch, and the scalar so far) to the clipping scalar s.
import type { FormatRecord } from '../format-record.js';
import { MAX_CLIP, MIN_CLIP } from '../scale.js';

export interface ClipRequest {
  readonly format: FormatRecord;
  /** Finite float32 weights, at least one: the tensor, or those of one output. */
  readonly weights: Float32Array;
  /** 0-based. */
  readonly epoch: number;
  /** The scalar of the epoch before; undefined in the beginning. */
  readonly current: number | undefined;
}

/** Returns s > 0; updateClips limits it to [MIN_CLIP, MAX_CLIP] and rounds it to float32. Policies compose: see frozenFrom. */
export type ClippingPolicy = (request: ClipRequest) => number;

/** The nearest clipping scalar that float32 scales can express; MIN_CLIP for an all-zero tensor. */
export function limitClip(clip: number): number {
  return Math.fround(Math.min(Math.max(clip, MIN_CLIP), MAX_CLIP));
}

/** mean|w|, summed in double in index order: the unit of the proportional policies and the scale of Ternary and Binary. */
export function meanMagnitude(weights: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < weights.length; i++) sum += Math.abs(weights[i]!);
  return sum / weights.length;
}
