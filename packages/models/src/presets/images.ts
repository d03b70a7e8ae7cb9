// Presets for images of any size, grey or colour: made smaller to what a size of network takes, then convolutions that each read all channels
// of the one before, by ternary weights, which every part adds fast. Norms between them, and maxima, keep maps in int8.
import type { FormatName } from '@bitnetmcu/quant';
import type { NetworkSpecInput } from '../network-spec.js';
import type { Shape } from '../tensor-shape.js';
import { linearLayers } from './fully-connected.js';

export interface ImageSize {
  /** Pixels of the longer side at most; larger images are made smaller, their proportions kept. Colours take more memory. */
  readonly side: { readonly grey: number; readonly colour: number };
  /** Channels of each convolution, as far as there is room for their kernels. */
  readonly channels: readonly number[];
}

/** Of the convolution that reads the image and of the linear layer; the convolutions between have most of the multiplications. */
const END_FORMAT: FormatName = '4bitsym';
const MIDDLE_FORMAT: FormatName = 'Ternary';
const KERNEL = 3;
/** What a convolution leaves off a side. */
const LOST_BY_KERNEL = KERNEL - 1;
/** Of each channel before the linear layer. */
const MOST_POSITIONS = 25;

/** The shape [channels, height, width] of the images; [pixels] is one row of them. */
export function image(name: string, size: ImageSize, classes: number, inputShape: Shape): NetworkSpecInput {
  const shape = fittingShape(inputShape, size.side);
  const layers: NetworkSpecInput['layers'][number][] = [];
  let sides: readonly [number, number] = [shape[1], shape[2]];
  const pool = (number: number) => {
    layers.push({ type: 'maxPool2d', name: `pool${number}` });
    sides = [Math.floor(sides[0] / 2), Math.floor(sides[1] / 2)];
  };
  for (const [k, channels] of size.channels.entries()) {
    if (Math.min(...sides) < KERNEL) break;
    const name = `conv${k + 1}`;
    const format = k === 0 ? END_FORMAT : MIDDLE_FORMAT;
    layers.push(
      { type: 'conv2d', name, channels, weights: { format }, activationQuantizer: k === 0 ? 'none' : 'shift' },
      { type: 'activation', name: `${name}_relu`, function: 'relu' },
    );
    sides = [sides[0] - LOST_BY_KERNEL, sides[1] - LOST_BY_KERNEL];
    // The first maps are the largest; others stay as they are where the last ones come out small enough.
    const lost = LOST_BY_KERNEL * (size.channels.length - 1 - k);
    const isLarge = k === 0 || (sides[0] - lost) * (sides[1] - lost) > MOST_POSITIONS;
    if (isLarge && Math.min(...sides) >= 2 * (lost + 1)) pool(k + 1);
  }
  return {
    name,
    input: { shape },
    layers: [...layers, { type: 'flatten', name: 'flatten' }, ...linearLayers([classes], [END_FORMAT])],
  };
}

function fittingShape(shape: Shape, { grey, colour }: ImageSize['side']): [number, number, number] {
  const [channels, height, width] = shape.length === 3 ? shape : [1, 1, shape[0]];
  const factor = Math.min(1, (channels === 1 ? grey : colour) / Math.max(height, width));
  return [channels, Math.max(1, Math.round(height * factor)), Math.max(1, Math.round(width * factor))];
}
