// The pull on whole channels before they are pruned: an L1 penalty on the size of each channel, which is that on a factor of its own that is learned
// (group lasso: Yuan and Lin 2006; structured sparsity: Wen et al. 2016, arXiv:1608.03665), as a proximal step after the optimizer's.
import type { ChannelGroup } from '@bitnetmcu/models/internal';
import type { TrainableNetwork } from '../../engine/engine.js';
import { maskedLayer } from './masking.js';

/**
 * Takes `penalty` of the mean norm off the norm of every channel's weights, down to 0: relative to its layer, since a norm behind it makes its size
 * as a whole irrelevant. Pruned channels do not count.
 */
export function shrinkChannels(network: TrainableNetwork, { layer, channels }: ChannelGroup, penalty: number): void {
  const { weight } = maskedLayer(network, layer);
  const width = weight.length / channels;
  const norms = Float64Array.from({ length: channels }, (_, channel) => {
    let sum = 0;
    for (let i = channel * width; i < (channel + 1) * width; i++) sum += weight[i]! * weight[i]!;
    return Math.sqrt(sum);
  });
  const live = norms.filter((norm) => norm > 0);
  const less = (penalty * live.reduce((a, b) => a + b, 0)) / live.length;
  norms.forEach((norm, channel) => {
    if (norm === 0) return;
    const factor = Math.max(0, 1 - less / norm);
    for (let i = channel * width; i < (channel + 1) * width; i++) weight[i]! *= factor;
  });
}
