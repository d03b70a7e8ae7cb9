// Presets for windows of signals: 1-D convolutions with strides instead of pools, biases and static scales. Strides follow from the RAM that a size may take.
import type { FormatName } from '@bitnetmcu/quant';
import type { NetworkSpecInput } from '../network-spec.js';
import { elementCount, type Shape } from '../tensor-shape.js';
import { biasedLayers, CENTRED_PREPROCESSING, presetWeights } from './tables.js';

export interface SignalSize {
  /** Output channels of the convolutions, one after another. */
  readonly channels: readonly number[];
  /** Bytes that the window and the first convolution's accumulators may take together; coarser strides make it so. */
  readonly memory: number;
  readonly format: FormatName;
}

/** Kernels along time, of the first convolution and of those behind it. */
const FIRST_KERNEL = 9;
const NEXT_KERNEL = 5;
/** Below it a stride of 2 leaves too few positions in time to tell an order of events by. */
const FEWEST_TO_HALVE = 12;
/** Accumulators are int32. */
const ACCUMULATOR_BYTES = 4;

/** Convolutions over time, then one linear layer. The shape [channels, 1, length] of a window; [length] is one channel. */
export function signal(name: string, size: SignalSize, classes: number, inputShape: Shape): NetworkSpecInput {
  const [channels, length] = timeline(inputShape);
  const layers: NetworkSpecInput['layers'][number][] = [];
  let positions = length;
  for (const [k, outputs] of size.channels.entries()) {
    const kernel = Math.min(k === 0 ? FIRST_KERNEL : NEXT_KERNEL, positions);
    const stride =
      k === 0
        ? firstStride(elementCount(inputShape), outputs, positions - kernel, size.memory)
        : positions >= FEWEST_TO_HALVE
          ? 2
          : 1;
    positions = Math.floor((positions - kernel) / stride) + 1;
    layers.push(
      {
        type: 'conv2d',
        name: `conv${k + 1}`,
        channels: outputs,
        kernel: [1, kernel],
        stride: [1, stride],
        weights: presetWeights(size.format),
        activationQuantizer: k === 0 ? 'none' : 'max-abs',
        bias: true,
      },
      { type: 'activation', name: `conv${k + 1}_relu`, function: 'relu' },
    );
  }
  return {
    name,
    input: { shape: [channels, 1, length], preprocessing: CENTRED_PREPROCESSING },
    layers: [...layers, { type: 'flatten', name: 'flatten' }, ...biasedLayers([classes], size.format, 'max-abs')],
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
