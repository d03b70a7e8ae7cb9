// Convolutions of geometries that random networks seldom have: kernels of rows from 1 to 11 elements, steps of more than one element, planes that
// follow each other.
import type { QuantizedModel } from '@bitnetmcu/models';
import { type FormatName, getFormat } from '@bitnetmcu/quant';
import { linearNode, modelOf } from '../networks.js';
import type { Random } from '../simulator/random.js';

type Pair = readonly [number, number];

export interface Geometry {
  readonly format: FormatName;
  readonly inChannels: number;
  readonly outChannels: number;
  readonly kernel: Pair;
  readonly stride: Pair;
  /** Rows and columns of the result. */
  readonly result: Pair;
}

/** Enough channels and elements for the kernels of linear layers, window by window. */
const MANY = { format: '4bitsym', outChannels: 18, stride: [1, 1], result: [2, 3] } as const;
export const BY_WINDOWS: readonly Geometry[] = [
  { ...MANY, inChannels: 33, kernel: [1, 1] },
  { ...MANY, inChannels: 7, kernel: [3, 2] },
  { ...MANY, inChannels: 4, kernel: [1, 8] },
  { ...MANY, inChannels: 2, kernel: [2, 9] },
  { ...MANY, inChannels: 3, kernel: [1, 11] },
  { ...MANY, inChannels: 5, kernel: [3, 3], stride: [2, 3] },
];

/** Too few channels for those: by products. */
const FEW = { format: '8bit', outChannels: 2, stride: [1, 1] } as const;
export const BY_PRODUCTS: readonly Geometry[] = [
  ...[1, 2, 3, 4, 5, 6, 7, 8, 9, 11].flatMap((width): Geometry[] => [
    { ...FEW, inChannels: 1, kernel: [1, width], result: [1, 9] },
    { ...FEW, inChannels: 2, kernel: [2, width], result: [3, 6] },
  ]),
  ...(
    [
      [1, 2],
      [2, 1],
      [2, 3],
      [3, 4],
    ] as const
  ).map((stride): Geometry => ({ ...FEW, inChannels: 2, kernel: [3, 3], stride, result: [3, 5] })),
];

export function networkOf(
  { format, inChannels, outChannels, kernel, stride, result }: Geometry,
  random: Random,
): QuantizedModel {
  const [rows, columns] = result;
  const count = outChannels * inChannels * kernel[0] * kernel[1];
  const levels = getFormat(format).levels.length;
  const weights = { format, codes: Uint8Array.from({ length: count }, () => random.below(levels)) };
  const shape = [inChannels, (rows - 1) * stride[0] + kernel[0], (columns - 1) * stride[1] + kernel[1]] as const;
  const conv = { inChannels, outChannels, groups: 1, kernel, stride, padding: [0, 0] as const, weights };
  return modelOf(shape, [
    { op: 'conv2d', name: 'conv', inputs: ['input'], ...conv },
    { op: 'requantize', name: 'small', inputs: ['conv'], shift: random.between(0, 11), min: -128, max: 127 },
    { op: 'flatten', name: 'flatten', inputs: ['small'] },
    linearNode('fc', 'flatten', outChannels * rows * columns, 5, '4bitsym'),
  ]);
}
