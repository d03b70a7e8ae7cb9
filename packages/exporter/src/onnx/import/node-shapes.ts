// Windows and padding of layers in the form of the QuantizedModel.
import type { FloatConv2d, FloatPool2d } from './float-network.js';
import { OnnxUnsupportedError } from './unsupported.js';

export function nodePadding(layer: FloatConv2d): number {
  const [vertical, horizontal] = layer.padding;
  if (vertical === horizontal) return vertical;
  throw new OnnxUnsupportedError([{ name: layer.name, operator: 'Conv', reason: 'padding', nearest: 'square' }]);
}

export function nodeWindow(layer: FloatPool2d): { size: number; stride: number } {
  if (layer.size[0] === layer.size[1] && layer.stride[0] === layer.stride[1])
    return { size: layer.size[0], stride: layer.stride[0] };
  throw new OnnxUnsupportedError([{ name: layer.name, operator: 'pool', reason: 'window', nearest: 'square' }]);
}
