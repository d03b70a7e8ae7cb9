// Presets for windows of signals: 1-D convolutions with strides instead of pools, biases and static scales, so that amplitudes count.
import type { FormatName } from '@bitnetmcu/quant';
import type { NetworkSpecInput } from '../network-spec.js';
import { elementCount, type Shape } from '../tensor-shape.js';
import { biasedLayers, CENTRED_PREPROCESSING, presetWeights } from './tables.js';

type LayerInput = NetworkSpecInput['layers'][number];

/** Filters of every channel by itself, then linear layers, whose kernels are many times as fast on small parts as those of convolutions with biases. */
export interface FilterBank {
  /** Filters of all channels together, about: every channel has as many as the others, at least one. */
  readonly filters: number;
  /** Positions in time that are kept of each filter, at most. */
  readonly positions: number;
  readonly hidden: number;
  readonly format: FormatName;
}

/** Kernels along time, of the first convolution and of those behind it. */
const FIRST_KERNEL = 9;
const NEXT_KERNEL = 5;
/** Filters times positions, at most: the first linear layer reads them. */
const MOST_FEATURES = 384;

/** The shape [channels, 1, length] of a window; [length] is one channel. */
export function filterBank(
  name: string,
  { filters, positions, hidden, format }: FilterBank,
  classes: number,
  inputShape: Shape,
): NetworkSpecInput {
  const [channels, length] = timeline(inputShape);
  const outputs = channels * Math.max(1, Math.round(filters / channels));
  const kernel = Math.min(FIRST_KERNEL, length);
  const most = Math.max(1, Math.min(positions, Math.floor(MOST_FEATURES / outputs)));
  const stride = Math.min(MAX_STRIDE, Math.ceil((length - kernel + 1) / most));
  const convolution = layer('conv1', outputs, kernel, stride, format, 'none');
  return network(
    name,
    [channels, 1, length],
    [
      { ...convolution, groups: 'depthwise' },
      { type: 'activation', name: 'conv1_relu', function: 'relu' },
      { type: 'flatten', name: 'flatten' },
      ...biasedLayers([hidden, classes], format, 'max-abs'),
    ],
  );
}

/** Convolutions one after another, each reading all channels of the one before. */
export interface ConvolutionStack {
  readonly channels: readonly number[];
  /** Bytes that the window and the first convolution's accumulators may take together; coarser strides make it so. */
  readonly memory: number;
  readonly format: FormatName;
}

/** Below it a stride of 2 leaves too few positions in time to tell an order of events by. */
const FEWEST_TO_HALVE = 12;
/** Accumulators are int32. */
const ACCUMULATOR_BYTES = 4;
const MAX_STRIDE = 255;

/** As for `filterBank`. */
export function convolutionStack(
  name: string,
  size: ConvolutionStack,
  classes: number,
  inputShape: Shape,
): NetworkSpecInput {
  const [channels, length] = timeline(inputShape);
  const layers: LayerInput[] = [];
  let positions = length;
  for (const [k, outputs] of size.channels.entries()) {
    const kernel = Math.min(k === 0 ? FIRST_KERNEL : NEXT_KERNEL, positions);
    const first = () => firstStride(elementCount(inputShape), outputs, positions - kernel, size.memory);
    const stride = k === 0 ? first() : positions >= FEWEST_TO_HALVE ? 2 : 1;
    positions = Math.floor((positions - kernel) / stride) + 1;
    layers.push(layer(`conv${k + 1}`, outputs, kernel, stride, size.format, k === 0 ? 'none' : 'max-abs'), {
      type: 'activation',
      name: `conv${k + 1}_relu`,
      function: 'relu',
    });
  }
  return network(
    name,
    [channels, 1, length],
    [...layers, { type: 'flatten', name: 'flatten' }, ...biasedLayers([classes], size.format, 'max-abs')],
  );
}

function network(name: string, shape: [number, number, number], layers: LayerInput[]): NetworkSpecInput {
  return { name, input: { shape, preprocessing: CENTRED_PREPROCESSING }, layers };
}

function layer(
  name: string,
  channels: number,
  kernel: number,
  stride: number,
  format: FormatName,
  activationQuantizer: 'none' | 'max-abs',
): Extract<LayerInput, { type: 'conv2d' }> {
  return {
    type: 'conv2d',
    name,
    channels,
    kernel: [1, kernel],
    stride: [1, stride],
    weights: presetWeights(format),
    activationQuantizer,
    bias: true,
  };
}

function timeline(shape: Shape): readonly [channels: number, length: number] {
  return shape.length === 3 ? [shape[0], shape[1] * shape[2]] : [1, shape[0]];
}

function firstStride(values: number, outputs: number, reach: number, memory: number): number {
  let stride = 2;
  while (stride < 16 && values + outputs * ACCUMULATOR_BYTES * (Math.floor(reach / stride) + 1) > memory) stride++;
  return Math.min(stride, Math.max(1, reach));
}
