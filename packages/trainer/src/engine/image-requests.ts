// Checks of the image kernels' arguments, and the resize tables that they share.
import { bilinearTaps } from '../data/resize.js';
import { TrainerError } from '../errors.js';
import type { AugmentRequest, ImageStack, ResizeRequest } from './kernels.js';

export function imageBytes({ channels, height, width }: ImageStack): number {
  return channels * height * width;
}

/** Words that the augmentation kernel works in. */
export function augmentScratchWords({ source, destination, displacement }: AugmentRequest): number {
  return (
    (source.height + 2) * (source.width + 2) +
    4 * Math.ceil(destination.width / 16) * 16 +
    2 * (displacement?.columns ?? 0)
  );
}

/** Sizes in the order of the kernel's job, after the count. */
export function augmentSizes({ source, destination, displacement, fill = 0 }: AugmentRequest, count: number): number[] {
  const { channels, height, width } = source;
  return [
    count,
    channels,
    height,
    width,
    destination.height,
    destination.width,
    displacement?.rows ?? 0,
    displacement?.columns ?? 0,
    fill,
  ];
}

/** @throws TrainerError `invalid-argument` */
export function requireAugmentRequest(request: AugmentRequest): void {
  const { source, indices, count, matrices, displacement, fill = 0, destination } = request;
  requireStacks('augmentBatch', request);
  if (displacement) {
    const { rows, columns, grid } = displacement;
    requireWhole('augmentBatch', 'displacement rows', rows, 2);
    requireWhole('augmentBatch', 'displacement columns', columns, 2);
    requireLength('augmentBatch', 'displacement', grid.length, count * rows * columns * 2);
  }
  requireLength('augmentBatch', 'matrices', matrices.length, count * 6);
  if (!(fill >= 0 && fill <= 255))
    throw new TrainerError('invalid-argument', `augmentBatch: fill ${fill} found, 0 … 255 wanted.`);
  const images = Math.floor(source.bytes.length / imageBytes(source));
  if (indices === undefined) {
    requireLength('augmentBatch', 'source', source.bytes.length, count * imageBytes(source));
    return;
  }
  requireLength('augmentBatch', 'indices', indices.length, count);
  for (let i = 0; i < count; i++) {
    if (indices[i]! >= images) {
      throw new TrainerError(
        'invalid-argument',
        `augmentBatch: image ${indices[i]} found at index ${i}, the source has ${images}.`,
      );
    }
  }
  if (destination.channels !== source.channels) throw channelsDiffer('augmentBatch', request);
}

/** @throws TrainerError `invalid-argument` */
export function requireResizeRequest(request: ResizeRequest): void {
  requireStacks('resizeBatch', request);
  requireLength('resizeBatch', 'source', request.source.bytes.length, request.count * imageBytes(request.source));
}

function requireStacks(who: string, request: { source: ImageStack; destination: ImageStack; count: number }): void {
  const { source, destination, count } = request;
  requireWhole(who, 'count', count, 0);
  for (const [what, stack] of [
    ['source', source],
    ['destination', destination],
  ] as const) {
    requireWhole(who, `${what} channels`, stack.channels, 1);
    requireWhole(who, `${what} height`, stack.height, 1);
    requireWhole(who, `${what} width`, stack.width, 1);
  }
  if (source.channels !== destination.channels) throw channelsDiffer(who, request);
  requireLength(who, 'destination', destination.bytes.length, count * imageBytes(destination));
}

function requireWhole(who: string, what: string, value: number, least: number): void {
  if (!Number.isInteger(value) || value < least || value > 0x7fffffff) {
    throw new TrainerError(
      'invalid-argument',
      `${who}: ${what} ${value} found, a whole number from ${least} on wanted.`,
    );
  }
}

function requireLength(who: string, what: string, found: number, wanted: number): void {
  if (found < wanted)
    throw new TrainerError(
      'invalid-argument',
      `${who}: ${what} of length ${found} found, at least ${wanted} wanted. Make it as long as count, channels, height and width say.`,
    );
}

function channelsDiffer(
  who: string,
  { source, destination }: { source: ImageStack; destination: ImageStack },
): TrainerError {
  return new TrainerError(
    'invalid-argument',
    `${who}: ${source.channels} source and ${destination.channels} destination channels found, as many wanted.`,
  );
}

export interface PaddedTaps {
  readonly taps: number;
  readonly starts: Int32Array;
  readonly coefficients: Int32Array;
}

/** The taps of one axis, moved so that no tap reads beyond the input: the kernel reads all of them. */
function paddedTaps(input: number, output: number): PaddedTaps {
  const { taps: all, starts: from, coefficients: values } = bilinearTaps(input, output);
  const taps = Math.min(all, input);
  const starts = from.map((start) => Math.min(start, input - taps));
  const coefficients = new Int32Array(output * taps);
  for (let o = 0; o < output; o++) {
    const moved = from[o]! - starts[o]!;
    for (let k = 0; k + moved < taps; k++) coefficients[o * taps + moved + k] = values[o * all + k]!;
  }
  return { taps, starts, coefficients };
}

/** Keeps the taps of the sizes asked for last. */
export class TapsCache {
  readonly #taps = new Map<string, PaddedTaps>();

  get(input: number, output: number): PaddedTaps {
    const key = `${input} ${output}`;
    let taps = this.#taps.get(key);
    if (taps === undefined) {
      if (this.#taps.size >= 8) this.#taps.clear();
      taps = paddedTaps(input, output);
      this.#taps.set(key, taps);
    }
    return taps;
  }
}
