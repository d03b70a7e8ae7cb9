// Output shapes of the operations on [channels, height, width], shared by NetworkSpec and QuantizedModel.
import { ModelError } from './errors.js';
import type { Shape } from './quantized-model.js';
import { formatShape } from './tensor-shape.js';

/** Convolution: ⌊(extent + 2·padding − kernel)/stride⌋ + 1 in each direction. @throws ModelError `shape-mismatch` */
export function convolvedShape(
  who: string,
  input: Shape,
  conv: { outChannels: number; kernel: readonly [number, number]; stride: readonly [number, number]; padding: number },
): Shape {
  const [, height, width] = spatial(who, input);
  const { kernel, stride, padding } = conv;
  if (kernel[0] > height + 2 * padding || kernel[1] > width + 2 * padding) {
    const padded = padding > 0 ? ` with padding ${padding}` : '';
    throw new ModelError(
      'shape-mismatch',
      `${who} has a kernel of ${formatPair(kernel)}, but its input is ${formatPair([height, width])}${padded}: a kernel no larger than the input wanted.`,
    );
  }
  const outHeight = Math.floor((height + 2 * padding - kernel[0]) / stride[0]) + 1;
  const outWidth = Math.floor((width + 2 * padding - kernel[1]) / stride[1]) + 1;
  return [conv.outChannels, outHeight, outWidth];
}

/** Pooling without padding: ⌊(extent − size)/stride⌋ + 1. @throws ModelError `shape-mismatch` */
export function pooledShape(who: string, input: Shape, pool: { size: number; stride: number }): Shape {
  const [channels, height, width] = spatial(who, input);
  const { size, stride } = pool;
  if (size > height || size > width) {
    const remedy =
      height === 1 || width === 1
        ? ' For a signal, reduce with a strided convolution instead (kernel and stride are pairs).'
        : '';
    throw new ModelError(
      'shape-mismatch',
      `${who} has a window of ${formatPair([size, size])}, but its input is ${formatPair([height, width])}: a window no larger than the input wanted.${remedy}`,
    );
  }
  return [channels, Math.floor((height - size) / stride) + 1, Math.floor((width - size) / stride) + 1];
}

/** A window cut out of every channel. @throws ModelError `shape-mismatch` */
export function croppedShape(
  who: string,
  input: Shape,
  crop: { top: number; left: number; height: number; width: number },
): Shape {
  const [channels, height, width] = spatial(who, input);
  if (crop.top + crop.height > height || crop.left + crop.width > width) {
    throw new ModelError(
      'shape-mismatch',
      `${who} cuts rows ${crop.top}…${crop.top + crop.height - 1} and columns ${crop.left}…${crop.left + crop.width - 1}, but its input is ${formatPair([height, width])}: a window inside the input wanted.`,
    );
  }
  return [channels, crop.height, crop.width];
}

function spatial(who: string, input: Shape): readonly [number, number, number] {
  if (input.length === 3) return input;
  throw new ModelError(
    'shape-mismatch',
    `${who} reads a tensor of shape [${formatShape(input)}], [channels, height, width] wanted: put the layer before 'flatten' and 'linear', or give the network an input of that shape.`,
  );
}

function formatPair(pair: readonly [number, number]): string {
  return `${pair[0]}×${pair[1]}`;
}
