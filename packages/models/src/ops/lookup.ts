// lookup: any function of one int8, by a table of 256.
import { z } from 'zod';
import type { Intervals } from '../intervals.js';
import type { Node, OpDefinition } from './op-definition.js';

/** y = table[x + 128]: any function of one int8. x is int8, and so is y. */
export interface LookupNode extends Node {
  readonly op: 'lookup';
  /** 256 integers of −128 … 127, for x = −128, −127 … 127. */
  readonly table: readonly number[];
}

export const lookup: OpDefinition<LookupNode> = {
  op: 'lookup',
  meaning: 'table[x + 128] for int8 x, int8: any function of one number',
  schema: { table: z.array(z.int().min(-128).max(127)).length(256) },
  inputs: 1,
  readsInt8: ', an entry of its table each: put a requantize to int8 between',
  constantBytes: 256,
  shape: (_, [input]) => input!,
  type: () => 'int8',
  reference({ node: { table } }, [x], out) {
    return () => {
      for (let i = 0; i < out.length; i++) out[i] = table[x![i]! + 128]!;
    };
  },
  bounds: ({ node: { table } }, [input]) => reachedEntries(table, input!),
  memory: () => ({ inPlace: true, channelwise: 'continue' }),
  describe: () => 'lookup',
  /** A table of a function, of one value, or of any. */
  *random({ random, type }) {
    if (type !== 'int8') return;
    const kind = random.integer(0, 11);
    const slope = random.integer(1, 12);
    const entry = (x: number): number => {
      if (kind === 0) return slope;
      if (kind <= 3) return random.integer(-128, 127);
      return x >= 0 ? x : 0 - Math.floor(-x / slope);
    };
    yield { op: 'lookup', table: Array.from({ length: 256 }, (_, i) => entry(i - 128)) };
  },
};

/** The hull of the entries that an interval reaches. */
function reachedEntries(table: readonly number[], input: Intervals): Intervals {
  const reached = Array.from(input.min, (min, i) => table.slice(min + 128, input.max[i]! + 129));
  return {
    min: Float64Array.from(reached, (entries) => Math.min(...entries)),
    max: Float64Array.from(reached, (entries) => Math.max(...entries)),
  };
}
