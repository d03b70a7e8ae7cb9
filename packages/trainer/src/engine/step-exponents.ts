// The steps of learned bits by the layer's clipping policy: in the beginning, and once an epoch where they are not learned themselves.
import type { Quantizer } from '@bitnetmcu/models';
import { clippingPolicy, getFormat, updateClips } from '@bitnetmcu/quant';
import { exp2, limitClip, logarithm2, meanMagnitude, symmetricFormat, wholeBits } from '@bitnetmcu/quant/internal';

export interface StepRequest {
  readonly clipping: Quantizer['clipping'];
  /** Learned bits: one, or one an output. */
  readonly bits: ArrayLike<number>;
  /** Bits of the layer's format. */
  readonly most: number;
  /** The exponents so far; leave out in the beginning. */
  readonly current?: ArrayLike<number> | undefined;
  /** 0-based. */
  readonly epoch?: number;
}

/**
 * log2 of the step that the policy has for weights of so many whole bits, one for each number of bits. Of one bit, ±step/2, it is the one of
 * least squared error, 2·mean|w|, whatever the policy. Weights of no bits keep theirs.
 */
export function stepExponents(
  weights: Float32Array,
  { clipping, bits, most, current, epoch = 0 }: StepRequest,
): Float32Array {
  const each = weights.length / bits.length;
  return Float32Array.from({ length: bits.length }, (_, k) => {
    const slice = weights.subarray(k * each, (k + 1) * each);
    const whole = wholeBits(bits[k]!, most);
    const before = current?.[k];
    if (whole === 0 && before !== undefined) return before;
    if (whole <= 1) return logarithm2(2 * limitClip(meanMagnitude(slice)));
    const { scaleNumerator } = getFormat(symmetricFormat(whole));
    const [clip] = updateClips(symmetricFormat(whole), slice, clippingPolicy(clipping), {
      epoch,
      ...(before !== undefined && { current: [exp2(before) * scaleNumerator] }),
    });
    return logarithm2(clip! / scaleNumerator);
  });
}
