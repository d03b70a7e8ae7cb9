// rmsNorm: int8 activations over their root mean square, on a fixed scale.
import { z } from 'zod';
import { mapIntervals } from '../intervals.js';
import type { Node, OpDefinition } from './op-definition.js';

/**
 * Over all n elements: V = ⌊2^16·Σx²/n⌋, R = ⌊√V⌋ (256 times the root mean square);
 * y = sign(x)·min(127, ⌊(512·gain·|x| + R)/(2·R)⌋), 0 where R = 0: gain·x/rms rounded, halves away from 0. The integer `gain` stands for 1.
 */
export interface RmsNormNode extends Node {
  readonly op: 'rmsNorm';
  /** 1 … 127. */
  readonly gain: number;
}

export const rmsNorm: OpDefinition<RmsNormNode> = {
  op: 'rmsNorm',
  meaning:
    'of all n int8: R = ⌊√⌊2¹⁶·Σx²/n⌋⌋; y = min(127, ⌊(512·gain·abs(x) + R)/(2·R)⌋) with the sign of x, 0 where R = 0; gain 1 … 127 stands for 1',
  schema: { gain: z.int().min(1).max(127) },
  inputs: 1,
  readsInt8: ', whose squares are added up: put a requantize to int8 between',
  shape: (_, [input]) => input!,
  type: () => 'int8',
  reference:
    ({ node: { gain } }, [x], out) =>
    () =>
      normalizeByRms(x!, gain, out),
  bounds(_, [input], accumulator) {
    // 512·127·128 + 2^15, and R·2^8 of a bitwise division.
    accumulator.hold(0, 2 ** 24);
    return mapIntervals(
      input!,
      (low) => (low < 0 ? -127 : 0),
      (high) => (high > 0 ? 127 : 0),
    );
  },
  memory: () => ({ inPlace: true, channelwise: 'no' }),
  describe: ({ gain }) => `rmsNorm ${gain}`,
  *random({ random, type }) {
    if (type === 'int8')
      yield { op: 'rmsNorm', gain: random.chance(0.1) ? random.integer(1, 127) : random.integer(20, 60) };
  },
};

/** The specification on n numbers. Σx² stays below 2^30 for up to 65 535 of them, and 2^16·Σx² is exact in a double. */
export function normalizeByRms(x: ArrayLike<number>, gain: number, out: { [i: number]: number }): void {
  let squares = 0;
  for (let i = 0; i < x.length; i++) squares += x[i]! * x[i]!;
  const root = Math.floor(Math.sqrt(Math.floor((65_536 * squares) / x.length)));
  for (let i = 0; i < x.length; i++) {
    const magnitude = root === 0 ? 0 : Math.min(127, Math.floor((512 * gain * Math.abs(x[i]!) + root) / (2 * root)));
    out[i] = x[i]! < 0 ? 0 - magnitude : magnitude;
  }
}
