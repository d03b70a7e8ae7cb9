// Geometries that random networks seldom have, on parts with kernels in assembly: kernels of rows from 1 to 11 elements, steps of more than one
// element, planes that follow each other; logits are those of the reference.
import { proveAccumulatorBounds, type QuantizedModel } from '@bitnetmcu/models';
import { ReferenceModel } from '@bitnetmcu/models/internal';
import { type FormatName, getFormat } from '@bitnetmcu/quant';
import { describe, expect, it } from 'vitest';
import { type SimulationTargetName, SimulatorBackend } from '../../src/targets/index.js';
import { linearNode, modelOf } from '../networks.js';
import { Random } from '../simulator/random.js';

type Pair = readonly [number, number];

interface Geometry {
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
const BY_WINDOWS: readonly Geometry[] = [
  { ...MANY, inChannels: 33, kernel: [1, 1] },
  { ...MANY, inChannels: 7, kernel: [3, 2] },
  { ...MANY, inChannels: 4, kernel: [1, 8] },
  { ...MANY, inChannels: 2, kernel: [2, 9] },
  { ...MANY, inChannels: 3, kernel: [1, 11] },
  { ...MANY, inChannels: 5, kernel: [3, 3], stride: [2, 3] },
];

/** Too few channels for those: by products. */
const FEW = { format: '8bit', outChannels: 2, stride: [1, 1] } as const;
const BY_PRODUCTS: readonly Geometry[] = [
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

function networkOf(
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

describe.each<[SimulationTargetName, string]>([
  ['rp2040', 'fast'],
  ['ch32v002', 'fast-flash'],
])('convolutions of every geometry: %s, %s', (target, kernels) => {
  it.each([
    ['window by window', BY_WINDOWS],
    ['by products', BY_PRODUCTS],
  ] as const)('%s', async (_, geometries) => {
    const random = new Random(31);
    for (const geometry of geometries) {
      const model = networkOf(geometry, random);
      proveAccumulatorBounds(model);
      const reference = new ReferenceModel(model);
      const samples = Int8Array.from({ length: 3 * reference.inputs }, (__, i) =>
        i < reference.inputs ? random.below(2) * 255 - 128 : random.between(-128, 127),
      );
      const loaded = await new SimulatorBackend(target, kernels).load(model);
      const logits = await loaded.infer(samples, 3);
      loaded.close();
      expect([...logits], JSON.stringify(geometry)).toEqual([...reference.infer(samples, 3)]);
    }
  });
});
