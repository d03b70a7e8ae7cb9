// maxAbsNorm: ReLU and normalization of a whole tensor to 7 bits by its maximum.
import { z } from 'zod';
import { hull, mapIntervals } from '../intervals.js';
import type { Node, OpDefinition } from './op-definition.js';

/**
 * ReLU and dynamic normalization to 7 bits by division, as max-abs quantization in training does it: m = max over the whole tensor
 * (at least 0), t = bit length of (m >> 23), a = max(acc, 0) >> t, d = m >> t; y = ⌊(254·a + d)/(2·d)⌋, 0 where m = 0:
 * 127·acc/m rounded, halves up, exact below 2^23. ShiftNorm is faster and rounds the scale to a power of two.
 */
export interface MaxAbsNormNode extends Node {
  readonly op: 'maxAbsNorm';
  readonly activation: 'relu';
}

export const maxAbsNorm: OpDefinition<MaxAbsNormNode> = {
  op: 'maxAbsNorm',
  meaning:
    'm = max over the tensor, at least 0; t = bit length of (m >> 23), a = max(acc, 0) >> t, d = m >> t; y = ⌊(254·a + d)/(2·d)⌋, 0 where m = 0: 127·acc/m rounded, halves up',
  schema: { activation: z.literal('relu') },
  inputs: 1,
  shape: (_, [input]) => input!,
  type: () => 'int8',
  reference:
    (_, [x], out) =>
    () =>
      normalize(x!, out),
  bounds(_, [input], accumulator) {
    // 254·a + d and the divisor 2·d·2^6 of a bitwise division stay below 2^31 by construction.
    const max = Math.max(0, hull(input!).max);
    accumulator.hold(0, 255 * (max >> shiftFor(max)));
    return mapIntervals(
      input!,
      () => 0,
      (high) => Math.min(127, Math.max(0, high * 127)),
    );
  },
  memory: () => ({ inPlace: true, channelwise: 'no' }),
  describe: () => 'maxAbsNorm',
  *random() {
    yield { op: 'maxAbsNorm', activation: 'relu' };
  },
};

/** Bit length of max >> 23: the shift that keeps 254·a + d within int32. */
function shiftFor(max: number): number {
  return 32 - Math.clz32(max >> 23);
}

/** 127·x/max, rounded to nearest, halves up. */
function normalize(x: Int32Array, out: Int32Array): void {
  let max = 0;
  for (let i = 0; i < x.length; i++) if (x[i]! > max) max = x[i]!;
  const shift = shiftFor(max);
  const divisor = max >> shift;
  for (let i = 0; i < x.length; i++) {
    const acc = x[i]!;
    out[i] = acc > 0 ? Math.floor((254 * (acc >> shift) + divisor) / (2 * divisor)) : 0;
  }
}
