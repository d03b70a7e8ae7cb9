// Presets for images of any size, grey or colour: made smaller to what a size of network takes, then each channel of features on its own as in the convolutional presets.
import type { FormatName } from '@bitnetmcu/quant';
import type { NetworkSpecInput } from '../network-spec.js';
import type { Shape } from '../tensor-shape.js';
import { linearLayers } from './fully-connected.js';

export interface ImageSize {
  /** Pixels of the longer side at most; larger images are made smaller, their proportions kept. */
  readonly side: number;
  /** Channels of features. */
  readonly channels: number;
  readonly hidden: readonly number[];
  readonly format: FormatName;
}

/** What a convolution 3×3 leaves of a side. */
const LOST_BY_KERNEL = 2;
const LEAST_SIDE = 3;
/** Of each channel before the linear layers, which hold most of the weights. */
const MOST_POSITIONS = 9;

/** The shape [channels, height, width] of the images; [pixels] is one row of them. */
export function image(name: string, size: ImageSize, classes: number, inputShape: Shape): NetworkSpecInput {
  const shape = fittingShape(inputShape, size.side);
  let sides: readonly [number, number] = [shape[1], shape[2]];
  const layers: NetworkSpecInput['layers'][number][] = [];
  const weights = { format: '8bit' } as const;
  const hasRoom = () => Math.min(...sides) >= LEAST_SIDE;
  const convolve = (groups: 1 | 'depthwise') => {
    if (!hasRoom()) return;
    const name = `conv${layers.filter(({ type }) => type === 'conv2d').length + 1}`;
    layers.push(
      { type: 'conv2d', name, channels: size.channels, groups, weights },
      { type: 'activation', name: `${name}_relu`, function: 'relu' },
    );
    sides = [sides[0] - LOST_BY_KERNEL, sides[1] - LOST_BY_KERNEL];
  };
  const pool = () => {
    if (Math.min(...sides) < 2) return;
    layers.push({ type: 'maxPool2d', name: `pool${layers.filter(({ type }) => type === 'maxPool2d').length + 1}` });
    sides = [Math.floor(sides[0] / 2), Math.floor(sides[1] / 2)];
  };
  convolve(1);
  convolve('depthwise');
  pool();
  convolve('depthwise');
  while (sides[0] * sides[1] > MOST_POSITIONS && Math.min(...sides) > 1) pool();
  return {
    name,
    input: { shape },
    layers: [
      ...layers,
      { type: 'flatten', name: 'flatten' },
      ...linearLayers([...size.hidden, classes], [size.format]),
    ],
  };
}

function fittingShape(shape: Shape, side: number): [number, number, number] {
  const [channels, height, width] = shape.length === 3 ? shape : [1, 1, shape[0]];
  const factor = Math.min(1, side / Math.max(height, width));
  return [channels, Math.max(1, Math.round(height * factor)), Math.max(1, Math.round(width * factor))];
}
