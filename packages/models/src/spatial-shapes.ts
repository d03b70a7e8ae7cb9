// Output shapes of the operations on [channels, height, width], shared by NetworkSpec and QuantizedModel.
import { ModelError } from './errors.js';
import { formatShape, type Pair, type Shape, sameShape } from './tensor-shape.js';

/** Convolution: ⌊(extent + 2·padding − kernel)/stride⌋ + 1 in each direction. @throws ModelError `shape-mismatch` */
export function convolvedShape(
  who: string,
  input: Shape,
  { outChannels, kernel, stride, padding }: { outChannels: number; kernel: Pair; stride: Pair; padding: Pair },
): Shape {
  const [, height, width] = spatial(who, input);
  return [outChannels, ...windowPositions(who, 'kernel', [height, width], { size: kernel, stride, padding })];
}

/** A mean over more elements than this would lose its precision to the 16-bit reciprocal that stands for the division. */
export const MAX_MEAN_ELEMENTS = 1024;

/** Pooling: ⌊(extent + 2·padding − size)/stride⌋ + 1 in each direction. @throws ModelError `shape-mismatch` */
export function pooledShape(who: string, input: Shape, pool: { size: Pair; stride: Pair; padding: Pair }): Shape {
  const [channels, height, width] = spatial(who, input);
  const { size, padding } = pool;
  if (padding[0] >= size[0] || padding[1] >= size[1]) {
    throw new ModelError(
      'shape-mismatch',
      `${who} has a window of ${formatPair(size)} with padding ${formatPair(padding)}: padding smaller than the window wanted, so that every window meets the input.`,
    );
  }
  return [channels, ...windowPositions(who, 'window', [height, width], pool)];
}

/** Pooling by means. @throws ModelError `shape-mismatch` */
export function averagedShape(who: string, input: Shape, pool: { size: Pair; stride: Pair; padding: Pair }): Shape {
  const { size } = pool;
  if (size[0] * size[1] > MAX_MEAN_ELEMENTS) {
    throw new ModelError(
      'shape-mismatch',
      `${who} takes the mean of ${formatPair(size)} elements, at most ${MAX_MEAN_ELEMENTS} wanted: pool in two steps.`,
    );
  }
  return pooledShape(who, input, pool);
}

/** Sum of two tensors. @throws ModelError `shape-mismatch` */
export function summedShape(who: string, inputs: readonly Shape[]): Shape {
  const [first, second] = inputs as readonly [Shape, Shape];
  if (!sameShape(first, second)) {
    throw new ModelError(
      'shape-mismatch',
      `${who} adds tensors of shapes ${inputs.map(formatShape).join(' and ')}: equal shapes wanted.`,
    );
  }
  return first;
}

/** How many positions a window has in each direction. */
function windowPositions(
  who: string,
  what: string,
  extents: Pair,
  { size, stride, padding }: { size: Pair; stride: Pair; padding: Pair },
): Pair {
  const room = (axis: 0 | 1) => extents[axis] + 2 * padding[axis] - size[axis];
  if (room(0) < 0 || room(1) < 0) {
    const padded = padding[0] + padding[1] > 0 ? ` with padding ${formatPair(padding)}` : '';
    const signal = extents[0] === 1 && size[0] > 1 ? ` For a signal of one row it is [1, ${size[1]}].` : '';
    throw new ModelError(
      'shape-mismatch',
      `${who} has a ${what} of ${formatPair(size)}, but its input is ${formatPair(extents)}${padded}: a ${what} no larger than the input wanted.${signal}`,
    );
  }
  const positions = (axis: 0 | 1) => Math.floor(room(axis) / stride[axis]) + 1;
  return [positions(0), positions(1)];
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

function formatPair(pair: Pair): string {
  return `${pair[0]}×${pair[1]}`;
}
