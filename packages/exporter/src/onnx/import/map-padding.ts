// Padding of convolutions and pools: explicit, or as auto_pad says.
import type { Pair } from '@bitnetmcu/models';
import type { OnnxNode } from '../ir/graph.js';
import type { Mapper } from './mapper.js';

/** Sizes along the axes of a window; one axis is that of a signal of one row. */
export function pairOf(values: readonly number[], one: number): Pair {
  return values.length === 1 ? [one, values[0]!] : [values[0]!, values[1]!];
}

/**
 * Padding of each axis, or undefined where it is not the same before and after.
 * @param extents of the window with dilation, one for each spatial axis.
 */
export function symmetricPadding(mapper: Mapper, node: OnnxNode, extents: readonly number[]): Pair | undefined {
  const autoPad = node.attributes.get('auto_pad') ?? 'NOTSET';
  const zeros = new Array<number>(2 * extents.length).fill(0);
  if (autoPad === 'VALID') return [0, 0];
  if (autoPad === 'NOTSET') {
    const pads = (node.attributes.get('pads') as readonly number[] | undefined) ?? zeros;
    const before = pads.slice(0, extents.length);
    return before.every((pad, axis) => pad === pads[axis + extents.length]) ? pairOf(before, 0) : undefined;
  }
  const [input, output] = [mapper.sampleOf(node.inputs[0]!)!, mapper.sampleOf(node.outputs[0]!)!];
  const totals = extents.map((extent, axis) => {
    const stride = (node.attributes.get('strides') as readonly number[] | undefined)?.[axis] ?? 1;
    return Math.max(0, (output[axis + 1]! - 1) * stride + extent - input[axis + 1]!);
  });
  if (totals.some((total) => total % 2 === 1)) return undefined;
  return pairOf(
    totals.map((total) => total / 2),
    0,
  );
}
