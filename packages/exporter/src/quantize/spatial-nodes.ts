// Nodes of the QuantizedModel that take their numbers as they are: pools, crops, and the step to int32.
import type { AvgPool2dNode, CropNode, MaxPool2dNode, RequantizeNode } from '@bitnetmcu/models/internal';
import type { FloatCrop, FloatPool2d } from '../float/float-network.js';

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

/** What makes int32 of int8 activations and leaves their values alone, negative ones too. */
export const WIDENED = {
  op: 'requantize',
  shift: 0,
  min: -(2 ** 31),
  max: 2 ** 31 - 1,
} as const satisfies Omit<RequantizeNode, 'name' | 'inputs'>;
