// Networks for images: resolution, crop and mean pooling of the input, convolutions, linear layers; recipes as the zoo's models were trained with.
import { parseNetworkSpec, type Shape } from '@bitnetmcu/models';
import type { TrainingConfigInput } from '@bitnetmcu/trainer';
import type { Space } from '../samplers/space.js';
import { addConvolutions, addLinear, convolutionSpace, linearSpace, readerOf } from './genes-of-layers.js';
import { LayerStack } from './layer-stack.js';
import { genesOf, type NetworkSpace, type SearchedData } from './network-space.js';

const DEPTH = 4;
/** Pixels of the longer side that networks read, as far as the images have so many. */
const SIDES = [8, 10, 12, 14, 16, 18, 20, 24, 28, 32];
/** Windows and strides of means over the input: a small network has no weights to spare for detail that moves by a pixel. */
const INPUT_POOLS = { none: [1, 1], '2/2': [2, 2], '3/2': [3, 2], '4/2': [4, 2], '5/3': [5, 3] } as const;

const AUGMENTATIONS = {
  light: { plain: 0, rotation: 6, rotations: 1, translation: 0.03, scale: [0.95, 1.05] },
  gentle: { plain: 0, rotation: 10, rotations: 1, translation: 0.05, scale: [0.9, 1.1] },
  elastic: {
    ...{ plain: 0, rotation: 10, rotations: 1, translation: 0.05, scale: [0.9, 1.1] },
    elastic: { amplitude: 1, grid: 5 },
  },
} satisfies Record<string, TrainingConfigInput['augmentation']>;

/** @param epochs of the longest run */
export function imageSpace({ shape, outputs }: SearchedData, epochs: number): NetworkSpace {
  const longer = Math.max(shape[1]!, shape[2]!);
  const sides = SIDES.filter((side) => side < longer);
  const space: Space = {
    side: { kind: 'choice', values: longer <= SIDES.at(-1)! ? [...sides, longer] : sides },
    crop: { kind: 'integer', min: 0, max: 4 },
    inputPool: { kind: 'choice', values: Object.keys(INPUT_POOLS) },
    ...convolutionSpace({ depth: DEPTH, mostChannels: 96, kernels: [2, 3, 5], strides: [1, 2] }),
    ...linearSpace(2, 128),
    dropout: { kind: 'choice', values: [0, 0.1, 0.2] },
    clipping: { kind: 'choice', values: ['learned', 'octav'] },
    learningRate: { kind: 'real', min: 1e-3, max: 1.2e-2, log: true },
    epochs: { kind: 'integer', min: Math.ceil(epochs / 2), max: epochs },
    damping: { kind: 'choice', values: [0, 0.1, 0.3] },
    batchSize: { kind: 'choice', values: [64, 128, 256] },
    augmentation: { kind: 'choice', values: [...Object.keys(AUGMENTATIONS), 'none'] },
  };
  return {
    space,
    start: startingPoints(space),
    network(genes, width) {
      const read = readerOf(space, genes);
      const input = resized(shape, read('side'));
      const stack = new LayerStack(input, 'scale-free', read('clipping'));
      stack.crop(read('crop'));
      const [size, stride] = INPUT_POOLS[read<keyof typeof INPUT_POOLS>('inputPool')];
      stack.pool('input_pool', 'mean', size, stride);
      addConvolutions(stack, read, DEPTH, width);
      stack.flatten();
      stack.dropout(read('dropout'));
      addLinear(stack, read, outputs, width);
      return parseNetworkSpec({ name: 'searched', input: { shape: input }, layers: stack.layers });
    },
    recipe(genes) {
      const read = readerOf(space, genes);
      const augmentation = read<keyof typeof AUGMENTATIONS | 'none'>('augmentation');
      return {
        epochs: read<number>('epochs'),
        learningRate: read<number>('learningRate'),
        batchSize: read<number>('batchSize'),
        optimizer: { kind: 'adamw', weightDecay: 0.05, damping: read<number>('damping') },
        augmentation: augmentation === 'none' ? 'none' : AUGMENTATIONS[augmentation],
      };
    },
  };
}

function resized([channels, height, width]: Shape, side: number): [number, number, number] {
  const factor = Math.min(1, side / Math.max(height!, width!));
  return [channels, Math.max(1, Math.round(height! * factor)), Math.max(1, Math.round(width! * factor))];
}

/** Two families that do well on small parts: convolutions that mix channels behind a pool, and means of a crop into linear layers. */
function startingPoints(space: Space) {
  const recipe = {
    learningRate: 4e-3,
    epochs: Number.POSITIVE_INFINITY,
    batchSize: 128,
    augmentation: 'gentle',
    clipping: 'octav',
  };
  const mixing = (channels: readonly [number, number, number], side: number) =>
    genesOf(space, {
      ...recipe,
      side,
      ...{ conv1: 'all', channels1: channels[0], kernel1: 3, stride1: 1, pool1: 'max', format1: '4bitsym' },
      ...{ conv2: 'all', channels2: channels[1], kernel2: 3, stride2: 1, pool2: 'none', format2: 'Ternary' },
      ...{ conv3: 'all', channels3: channels[2], kernel3: 3, stride3: 1, pool3: 'none', format3: 'Ternary' },
      outputFormat: 'Ternary',
    });
  const pooled = genesOf(space, {
    ...recipe,
    ...{
      side: 28,
      crop: 2,
      inputPool: '4/2',
      hidden: 1,
      width1: 64,
      linearFormat1: '2bitsym',
      outputFormat: '4bitsym',
    },
  });
  return [mixing([9, 16, 17], 16), mixing([12, 24, 40], 16), mixing([18, 36, 80], 16), pooled];
}
