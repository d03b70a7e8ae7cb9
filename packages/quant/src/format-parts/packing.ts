// The two kinds of packing, as values for format records.
import type { Packing } from '../format-record.js';

/** One code of `bits` bits after the other. */
export function bitPacking(bits: number): Packing {
  return { kind: 'bits', groupSize: 1, groupBits: bits, radix: 2 ** bits };
}

/** `groupSize` codes below `radix` in `groupBits` bits; needs radix^groupSize ≤ 2^groupBits. */
export function radixPacking(radix: number, groupSize: number, groupBits: number): Packing {
  return { kind: 'radix', groupSize, groupBits, radix };
}
