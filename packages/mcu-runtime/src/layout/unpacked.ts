// The layout of hosts: integers instead of packed codes for linear layers, so that SIMD reads them as they are.
import { integerWeights } from '@bitnetmcu/quant';
import { INT16_KERNEL } from './kernels.js';
import { plainLayout } from './plain.js';
import type { WeightLayout } from './weight-layout.js';

export const unpackedLayout: WeightLayout = {
  name: 'unpacked',
  description: 'int16 integers for SIMD, on hosts only.',
  readBy: 'host',
  wideMaps: true,
  linear: (format, codes) => {
    const integers = integerWeights(format, codes);
    const weights = new Uint8Array(integers.length * 2);
    const view = new DataView(weights.buffer);
    for (let i = 0; i < integers.length; i++) view.setInt16(2 * i, integers[i]!, true);
    return { kernel: INT16_KERNEL, weights };
  },
  convolution: plainLayout.convolution,
};
