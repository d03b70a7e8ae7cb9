// The layout of the plain kernels.
import { type FormatName, packCodes } from '@bitnetmcu/quant';
import type { WeightLayout, WeightPacker } from './weight-layout.js';

/** BNM_KERNEL_* of the plain kernels in c/include/bnm_image.h. */
const PLAIN_KERNELS: Readonly<Record<FormatName, number>> = {
  Binary: 0,
  BinarySym: 0,
  Ternary: 1,
  '2bitsym': 2,
  '4bitsym': 3,
  '4bit': 4,
  '4.6bit': 5,
  '5bitsym': 6,
  FP130: 7,
  NF4: 8,
  '8bit': 9,
};

const packPlain: WeightPacker = (format, codes, rows, columns) => ({
  kernel: PLAIN_KERNELS[format],
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
