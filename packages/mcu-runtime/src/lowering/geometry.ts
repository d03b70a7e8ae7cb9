// Windows of a given geometry, which fast kernels know.
import type { QuantizedNode } from '@bitnetmcu/models';
import type { MaxPool2dNode, Pair } from '@bitnetmcu/models/internal';

/** Whether each pair is the same number twice. */
export function hasPairs(...wanted: readonly (readonly [Pair, number])[]): boolean {
  return wanted.every(([[vertical, horizontal], both]) => vertical === both && horizontal === both);
}

/** A 2×2 maximum, side by side. */
export function isHalving(node: QuantizedNode | undefined): node is MaxPool2dNode {
  return node?.op === 'maxPool2d' && hasPairs([node.size, 2], [node.stride, 2], [node.padding, 0]);
}

/** Maxima of windows side by side. */
export function isTiling(node: QuantizedNode | undefined): node is MaxPool2dNode {
  if (node?.op !== 'maxPool2d') return false;
  const { size, stride, padding } = node;
  return size[0] === stride[0] && size[1] === stride[1] && hasPairs([padding, 0]);
}
