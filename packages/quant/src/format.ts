// What a weight format is: data. Levels, integers, encoding rule and packing in one value; nothing here knows a format's name.

/** Names of the weight formats that can be exported, as in the README's table. */
export const FORMAT_NAMES = [
  'Binary',
  'BinarySym',
  'Ternary',
  '2bitsym',
  '4bitsym',
  '4bit',
  '4.6bit',
  '5bitsym',
  'FP130',
  'NF4',
  '8bit',
] as const;

export type FormatName = (typeof FORMAT_NAMES)[number];

/**
 * How a scaled weight u = w·scale becomes a level.
 * - `uniform`: clip(round-half-even(u − offset), min, max) + offset; consecutive codes are 1 apart.
 * - `sign`: +1 where u > 0, else −1 (the mean of the weights is subtracted first where `centred`).
 * - `power-of-two`: sign(u)·2^clip(⌊log2|u|⌋, 0, maxExponent), sign(0) = +1.
 * - `nearest`: the nearest entry of `levels`, the lower one on a tie.
 */
export type Encoding =
  | { readonly kind: 'uniform'; readonly offset: 0 | 0.5; readonly min: number; readonly max: number }
  | { readonly kind: 'sign'; readonly centred: boolean }
  | { readonly kind: 'power-of-two'; readonly maxExponent: number }
  | { readonly kind: 'nearest' };

/** One weight format: everything that is known about it. Codes are indices into `levels` and `integers` (ascending). */
export interface WeightFormat {
  readonly name: FormatName;
  /** One sentence for tables and docs. */
  readonly description: string;
  /** Code → level that the network sees in training, in units of 1/scale; ascending. */
  readonly levels: Float64Array;
  /** Code → integer weight of the integer inference (odd integers for symmetric formats); ascending. */
  readonly integers: Int16Array;
  /** integer ≈ level · integerScale (exact for all formats but NF4). */
  readonly integerScale: number;
  /** scale = scaleNumerator / s for the clipping scalar s: 2^(bits−1) for uniform formats, 128 for FP130, 1 for NF4, Ternary, Binary. */
  readonly scaleNumerator: number;
  /** Whether the clipping scalar is by definition mean|w| (Ternary, Binary, BinarySym) rather than a clipping policy's, unless it is learned (Ternary). */
  readonly meanScaled: boolean;
  readonly encoding: Encoding;
  readonly packing: Packing;
}

/**
 * How codes become bytes. Rows (one output's weights) are packed one after another; every row starts on a byte.
 * A group of `groupSize` codes is one number of `groupBits` bits; groups follow each other in the row as a
 * little-endian bit stream (bit i of the stream is bit i mod 8 of byte ⌊i/8⌋). The last group is padded with code 0.
 * - `bits`: groupSize 1, the number is the code.
 * - `radix`: the number is ⌈v·2^groupBits / radix^groupSize⌉ where v has the codes as base-radix digits, most
 *   significant first: multiplying by radix pushes out the codes in order, so that decoding needs no division.
 */
export interface Packing {
  readonly kind: 'bits' | 'radix';
  readonly groupSize: number;
  readonly groupBits: number;
  readonly radix: number;
}
