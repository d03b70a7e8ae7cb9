// Windows and padding of layers in the form of the QuantizedModel, which has one number for both axes.
import type { FloatConv2d, FloatNetwork, FloatPool2d, Pair } from './float-network.js';
import { OnnxUnsupportedError, type UnsupportedNode } from './unsupported.js';

/**
 * Checks that the runtime has every layer's window and padding.
 * @throws OnnxUnsupportedError listing those that it has not.
 */
export function requireRuntimeShapes(network: FloatNetwork): void {
  const unsupported: UnsupportedNode[] = [];
  for (const layer of network.layers) {
    const refuse = (reason: string, nearest: string) =>
      unsupported.push({ name: layer.nodes[0] ?? layer.name, operator: layer.op, reason, nearest });
    if (layer.op === 'conv2d' && !isSquare(layer.padding)) {
      refuse(
        `it pads ${layer.padding[0]} vertically and ${layer.padding[1]} horizontally`,
        'the same padding on all four sides; for a signal, a convolution without padding',
      );
    }
    if ((layer.op === 'maxPool2d' || layer.op === 'avgPool2d') && !(isSquare(layer.size) && isSquare(layer.stride))) {
      refuse(
        `its window is ${layer.size[0]}×${layer.size[1]} with stride ${layer.stride.join(', ')}`,
        'square windows; for a signal, a convolution with a stride',
      );
    }
  }
  if (unsupported.length > 0) throw new OnnxUnsupportedError(unsupported);
}

function isSquare([vertical, horizontal]: Pair): boolean {
  return vertical === horizontal;
}

/** Of a network that passed `requireRuntimeShapes`. */
export function nodePadding(layer: FloatConv2d): number {
  return layer.padding[0];
}

/** Of a network that passed `requireRuntimeShapes`. */
export function nodeWindow(layer: FloatPool2d): { size: number; stride: number } {
  return { size: layer.size[0], stride: layer.stride[0] };
}
