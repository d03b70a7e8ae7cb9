// shiftNorm: ReLU and normalization of a whole tensor to 7 bits by a power of two.
import { z } from 'zod';
import { hull, mapIntervals } from '../intervals.js';
import type { Node, OpDefinition } from './op-definition.js';

/**
 * ReLU and dynamic normalization to 7 bits: shift = bit length of (max >> 7) with max over the whole tensor (at least 0);
 * y = min(127, (acc + (1 << shift >> 1)) >> shift) for acc ≥ 0, else 0.
 */
export interface ShiftNormNode extends Node {
  readonly op: 'shiftNorm';
  readonly activation: 'relu';
}

export const shiftNorm: OpDefinition<ShiftNormNode> = {
  op: 'shiftNorm',
  meaning:
    'shift = bit length of (max >> 7), max over the tensor, at least 0; y = min(127, (acc + (1 << shift >> 1)) >> shift) for acc ≥ 0, else 0',
  schema: { activation: z.literal('relu') },
  inputs: 1,
  shape: (_, [input]) => input!,
  type: () => 'int8',
  reference:
    (_, [x], out) =>
    () =>
      normalize(x!, out),
  bounds(_, [input], accumulator) {
    const { max } = hull(input!);
    accumulator.hold(0, max + ((1 << shiftFor(Math.max(0, max))) >> 1));
    return mapIntervals(
      input!,
      () => 0,
      (high) => Math.min(127, Math.max(0, high)),
    );
  },
  memory: () => ({ inPlace: true, channelwise: 'end' }),
  describe: () => 'shiftNorm',
  *random() {
    yield { op: 'shiftNorm', activation: 'relu' };
  },
};

/** Bit length of max >> 7: the shift that brings a maximum (≥ 0) below 128. */
function shiftFor(max: number): number {
  return 32 - Math.clz32(max >> 7);
}

function normalize(x: Int32Array, out: Int32Array): void {
  let max = 0;
  for (let i = 0; i < x.length; i++) if (x[i]! > max) max = x[i]!;
  const shift = shiftFor(max);
  const rounding = (1 << shift) >> 1;
  for (let i = 0; i < x.length; i++) {
    const acc = x[i]!;
    out[i] = acc < 0 ? 0 : Math.min(127, (acc + rounding) >> shift);
  }
}
