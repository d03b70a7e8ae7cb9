// Convolutional presets on [1, 16, 16]: each channel goes its own way through conv → depthwise → pool → depthwise → pool
// and leaves 2×2 features, so that inference holds one channel's maps at a time.
import type { FormatName } from '@bitnetmcu/quant';
import type { NetworkSpecInput } from '../network-spec.js';
import { linearLayers } from './fully-connected.js';

/** `channels` filters of 8 bits, then linear layers: the first in `fc1`, the others in `4bitsym`. */
export function convolutional(
  name: string,
  channels: number,
  hidden: readonly [number, number],
  classes: number,
  fc1: FormatName,
): NetworkSpecInput {
  const weights = { format: '8bit' } as const;
  return {
    name,
    input: { shape: [1, 16, 16] },
    layers: [
      { type: 'conv2d', name: 'conv1', channels, weights },
      { type: 'activation', name: 'conv1_relu', function: 'relu' },
      { type: 'conv2d', name: 'conv2', channels, groups: 'depthwise', weights },
      { type: 'activation', name: 'conv2_relu', function: 'relu' },
      { type: 'maxPool2d', name: 'pool2' },
      { type: 'conv2d', name: 'conv3', channels, groups: 'depthwise', weights },
      { type: 'activation', name: 'conv3_relu', function: 'relu' },
      { type: 'maxPool2d', name: 'pool3' },
      { type: 'flatten', name: 'flatten' },
      ...linearLayers([...hidden, classes], [fc1, '4bitsym']),
    ],
  };
}
