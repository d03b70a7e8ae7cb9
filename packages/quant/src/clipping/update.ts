// The once-an-epoch action: a weight tensor's clipping scalars from its policy, per tensor or per output.

import { QuantError } from '../errors.js';
import type { FormatRecord } from '../format-record.js';
import { unknownName } from '../nearest-name.js';
import { getFormat } from '../registry.js';
import type { Scaling } from '../scale.js';
import { finiteFloat32, requireOutputs } from '../weights.js';
import { requireEpoch, requireKnownKeys } from './options.js';
import { type ClippingPolicy, limitClip, meanMagnitude } from './policy.js';
import { powerOfTwoClips } from './power-of-two.js';

export interface ClipUpdate {
  /** Number of outputs; the tensor is output-major. Default 1. */
  readonly outputs?: number;
  /** One scalar for the tensor (default), or one per output, all a power of two apart as the integer inference needs them. */
  readonly scaling?: Scaling;
  /** 0-based; default 0. */
  readonly epoch?: number;
  /** The scalars of the epoch before; leave out in the beginning. */
  readonly current?: ArrayLike<number> | undefined;
  /** Whether an optimizer moves the scalars (see hasLearnedClip): then formats with `meanScaled` keep `current` too. */
  readonly learned?: boolean;
}

const SCALINGS: readonly Scaling[] = ['PerTensor', 'PerOutput'];
const OPTIONS: readonly (keyof ClipUpdate)[] = ['outputs', 'scaling', 'epoch', 'current', 'learned'];

/**
 * Clipping scalars, float32: one, or one per output. Formats with `meanScaled` (Ternary, Binary) have mean|w| by definition,
 * whatever the policy and however frozen; only Ternary's may be learned instead, from mean|w| on. An all-zero tensor gets MIN_CLIP, so that its dequantized weights are (nearly) zero.
 * @throws QuantError `non-finite-weight`, `invalid-shape`, `invalid-length` (no weights; wrong number of current scalars),
 * `invalid-clip` (the policy returned no number ≥ 0), `invalid-option` (another scaling, an epoch that is no integer ≥ 0, an option that there is not), `unknown-format`.
 *
 * @example
 * ```ts
 * import { octav, updateClips } from '@bitnetmcu/quant';
 *
 * const [clip] = updateClips('4bitsym', weights, octav);
 * const perOutput = updateClips('4bitsym', weights, octav, { outputs: 10, scaling: 'PerOutput' });
 * ```
 */
export function updateClips(
  format: string | FormatRecord,
  weights: ArrayLike<number>,
  policy: ClippingPolicy,
  update: ClipUpdate = {},
): Float32Array {
  requireKnownKeys('option of updateClips', update, OPTIONS);
  const { outputs = 1, scaling = 'PerTensor', epoch = 0, current, learned = false } = update;
  const resolved = getFormat(format);
  if (scaling !== 'PerTensor' && scaling !== 'PerOutput') {
    throw new QuantError('invalid-option', unknownName('scaling', String(scaling satisfies never), SCALINGS));
  }
  requireEpoch('epoch', epoch, 0);
  requireOutputs(weights.length, outputs);
  if (weights.length === 0) {
    throw new QuantError('invalid-length', 'updateClips got no weights; a clipping scalar needs at least one.');
  }
  const values = finiteFloat32(weights);
  const count = scaling === 'PerOutput' ? outputs : 1;
  if (current !== undefined && current.length !== count) {
    throw new QuantError(
      'invalid-length',
      `updateClips got ${current.length} current clipping scalars for ${scaling} scaling of ${outputs} outputs; it needs ${count}, or none.`,
    );
  }
  const perClip = values.length / count;
  const clips = Float32Array.from({ length: count }, (_, output) => {
    const slice = values.subarray(output * perClip, (output + 1) * perClip);
    const byDefinition = resolved.meanScaled && !(learned && current !== undefined);
    const clip = byDefinition
      ? meanMagnitude(slice)
      : policy({ format: resolved, weights: slice, epoch, current: current?.[output] });
    if (!(typeof clip === 'number' && clip >= 0)) {
      throw new QuantError(
        'invalid-clip',
        `The clipping policy returned ${String(clip)} for output ${output}; it must return a number ≥ 0. Check a learned scalar for divergence.`,
      );
    }
    return limitClip(clip);
  });
  return scaling === 'PerOutput' ? powerOfTwoClips(clips).clips : clips;
}
