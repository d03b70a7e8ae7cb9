// Pools as the QuantizedModel has them.
import type { AvgPool2dNode, MaxPool2dNode } from '@bitnetmcu/models';
import type { FloatPool2d } from './float-network.js';

/** A pool that reads the node `input`. */
export function poolNode(
  { name, op, size, stride, ...layer }: FloatPool2d,
  input: string,
): MaxPool2dNode | AvgPool2dNode {
  const node = { name, inputs: [input], size, stride, padding: layer.padding };
  return op === 'maxPool2d' ? { ...node, op } : { ...node, op, countIncludePad: layer.countIncludePad };
}
