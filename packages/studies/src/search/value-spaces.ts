// Networks for rows of tables and for windows of signals: static scales and biases, so that the size of a value counts.
import { parseNetworkSpec, type Shape } from '@bitnetmcu/models';
import { elementCount } from '@bitnetmcu/models/internal';
import type { TrainingConfigInput } from '@bitnetmcu/trainer';
import type { Space } from '../samplers/space.js';
import {
  addConvolutions,
  addLinear,
  convolutionSpace,
  linearSpace,
  type ReadGene,
  readerOf,
} from './genes-of-layers.js';
import { LayerStack } from './layer-stack.js';
import { genesOf, type NetworkSpace, type SearchedData } from './network-space.js';

/** Bytes around 128, as wide as they can be; data sets with raw values bring their own. */
const CENTRED = { divisor: 255, mean: 0.5, deviation: 0.25 } as const;
const DEPTH = 3;

const RECIPE: Space = {
  clipping: { kind: 'choice', values: ['octav', 'learned'] },
  learningRate: { kind: 'real', min: 5e-4, max: 1.2e-2, log: true },
  weightDecay: { kind: 'real', min: 0.03, max: 2, log: true },
  labelSmoothing: { kind: 'choice', values: [0, 0.05, 0.1] },
  damping: { kind: 'choice', values: [0, 0.1, 0.3] },
  batchSize: { kind: 'choice', values: [16, 32, 64, 128] },
  noise: { kind: 'choice', values: [0, 0.05, 0.1, 0.2, 0.4] },
};

/** Filters and positions of the preset that is recommended for windows of signals. */
const [FILTERS, POSITIONS, FEATURES] = [16, 16, 384];
const FIRST_KERNEL = 9;

interface ValueData extends SearchedData {
  /** As recommended for the data. */
  readonly batchSize: number;
  /** Whether the outputs are classes, whose loss has label smoothing, and whether samples may be changed in training. */
  readonly task: 'classification' | 'regression' | 'multiLabel' | 'anomaly';
}

/** @param epochs of the longest run */
export function tableSpace(data: ValueData, epochs: number): NetworkSpace {
  const inputs = elementCount(data.shape);
  const space: Space = { ...linearSpace(3, 64), ...RECIPE, ...epochsGene(epochs) };
  return {
    space,
    // What is recommended comes first: of networks that are judged alike the first one is taken.
    start: [
      { width1: 32, linearFormat1: '8bit', outputFormat: '8bit' },
      { width1: 16, linearFormat1: '8bit', outputFormat: '8bit' },
      { width1: 16, linearFormat1: '4bitsym', outputFormat: '4bitsym' },
    ].map((layers) =>
      genesOf(space, { ...START, ...layers, hidden: 1, weightDecay: 0.5, noise: 0.4, batchSize: data.batchSize }),
    ),
    network(genes, width) {
      const read = readerOf(space, genes);
      const stack = new LayerStack([inputs, 1, 1], 'static', read('clipping'));
      addLinear(stack, read, data.outputs, width);
      return parseNetworkSpec({
        name: 'searched',
        input: { shape: [inputs], preprocessing: CENTRED },
        layers: stack.layers,
      });
    },
    recipe: (genes) => recipe(readerOf(space, genes), data, (noise) => ({ kind: 'table', noise })),
  };
}

/** Changes of signals, by the same gene, in the proportions that are recommended: noise as a share of the window's deviation, shifts, changes of speed. */
const signalChanges = (noise: number) =>
  ({ kind: 'signal', noise: noise / 2, gain: noise, shift: 0.3 * noise, stretch: noise / 2 }) as const;

/** As for `tableSpace`; the shape is [channels, 1, length], or one channel's [length]. */
export function signalSpace(data: ValueData, epochs: number): NetworkSpace {
  const [channels, length] = timeline(data.shape);
  const kernels = [3, 5, 9, 15].filter((kernel) => kernel <= length);
  const space: Space = {
    ...convolutionSpace({
      depth: DEPTH,
      mostChannels: 64,
      kernels: kernels.length > 0 ? kernels : [length],
      strides: [1, 2, 3, 4, 6, 8, 12, 16].filter((stride) => stride <= length),
    }),
    ...linearSpace(2, 64),
    ...RECIPE,
    ...epochsGene(epochs),
  };
  const bank = { conv1: 'depthwise', kernel1: FIRST_KERNEL, pool1: 'none', hidden: 1, linearFormat1: '4bitsym' };
  const outputs = channels * Math.max(1, Math.round(FILTERS / channels));
  const positions = Math.max(1, Math.min(POSITIONS, Math.floor(FEATURES / outputs)));
  const stride1 = Math.ceil((length - FIRST_KERNEL + 1) / positions);
  return {
    space,
    start: [
      { ...bank, channels1: outputs, stride1, format1: '4bitsym', width1: 32, outputFormat: '4bitsym' },
      { ...bank, channels1: 8, stride1: 4, format1: '4bitsym', width1: 16, outputFormat: '4bitsym' },
      {
        ...{ conv1: 'all', channels1: 16, kernel1: FIRST_KERNEL, stride1: 4, pool1: 'none', format1: '8bit' },
        ...{ conv2: 'all', channels2: 24, kernel2: 5, stride2: 2, pool2: 'none', format2: '4bitsym' },
        outputFormat: '8bit',
      },
    ].map((layers) => genesOf(space, { ...START, ...layers, weightDecay: 1, noise: 0.1, batchSize: data.batchSize })),
    network(genes, width) {
      const read = readerOf(space, genes);
      const stack = new LayerStack([channels, 1, length], 'static', read('clipping'));
      addConvolutions(stack, read, DEPTH, width);
      stack.flatten();
      addLinear(stack, read, data.outputs, width);
      return parseNetworkSpec({
        name: 'searched',
        input: { shape: [channels, 1, length], preprocessing: CENTRED },
        layers: stack.layers,
      });
    },
    recipe: (genes) => recipe(readerOf(space, genes), data, signalChanges),
  };
}

const START = {
  learningRate: 3e-3,
  labelSmoothing: 0.1,
  epochs: Number.POSITIVE_INFINITY,
};

function epochsGene(epochs: number): Space {
  return { epochs: { kind: 'integer', min: Math.ceil(epochs / 2), max: epochs } };
}

function recipe(
  read: ReadGene,
  { task }: ValueData,
  changes: (noise: number) => NonNullable<TrainingConfigInput['augmentation']>,
): TrainingConfigInput {
  const noise = read<number>('noise');
  const labelSmoothing = read<number>('labelSmoothing');
  return {
    epochs: read<number>('epochs'),
    learningRate: read<number>('learningRate'),
    batchSize: read<number>('batchSize'),
    optimizer: { kind: 'adamw', weightDecay: read<number>('weightDecay'), damping: read<number>('damping') },
    // What is to be given back is the sample with its noise: none is learned away.
    augmentation: noise === 0 || task === 'anomaly' ? 'none' : changes(noise),
    ...(task === 'classification' && { loss: [{ kind: 'crossEntropy', labelSmoothing }] }),
  };
}

function timeline(shape: Shape): readonly [channels: number, length: number] {
  return shape.length === 3 ? [shape[0], shape[1] * shape[2]] : [1, shape[0]];
}
