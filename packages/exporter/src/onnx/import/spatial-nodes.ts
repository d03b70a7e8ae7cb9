// Pools and crops as the QuantizedModel has them.
import type { AvgPool2dNode, CropNode, MaxPool2dNode } from '@bitnetmcu/models';
import type { FloatCrop, FloatPool2d } from './float-network.js';

/** A pool that reads the node `input`. */
export function poolNode(
  { name, op, size, stride, ...layer }: FloatPool2d,
  input: string,
): MaxPool2dNode | AvgPool2dNode {
  const node = { name, inputs: [input], size, stride, padding: layer.padding };
  return op === 'maxPool2d' ? { ...node, op } : { ...node, op, countIncludePad: layer.countIncludePad };
}

/** A crop that reads the node `input`. */
export function cropNode({ name, op, top, left, shape }: FloatCrop, input: string): CropNode {
  const [, height, width] = shape as readonly [number, number, number];
  return { name, inputs: [input], op, top, left, height, width };
}
