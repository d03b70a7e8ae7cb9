// The layout of the plain kernels.
import { getFormat, packCodes } from '@bitnetmcu/quant';
import type { WeightLayout, WeightPacker } from './weight-layout.js';

const packPlain: WeightPacker = (format, codes, rows, columns) => ({
  kernel: getFormat(format).kernel.number,
  weights: packCodes(format, codes, rows, columns),
});

/** The layout of the plain kernels: weights as packCodes packs them. */
export const plainLayout: WeightLayout = {
  name: 'plain',
  description: 'Packed codes, output-major, for the portable C kernels.',
  readBy: 'every',
  linear: packPlain,
  convolution: packPlain,
};
