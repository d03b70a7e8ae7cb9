// What a weight format is: data, in one record a format. Nothing that reads a record knows a format's name.

/**
 * How a scaled weight u = w · inverse scale becomes a level.
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

/** The plain kernels of a format: bnm_linear_<name> and bnm_unpack_<name>, generated from the record. */
export interface PlainKernel {
  /** In C's names; formats with the same integers and packing share a kernel. */
  readonly name: string;
  /** BNM_KERNEL_*: what images call it. Never changes: 0 … 15. */
  readonly number: number;
}

/** Some bits of every code of a block of outputs, in words of their own. */
export interface CodePart {
  readonly bits: 1 | 2 | 3 | 4;
  /** The part is (code >> lowest) & (2^bits − 1). */
  readonly lowest: number;
}

/** A kernel of c/fast or c/avr for linear layers: one C file, bnm_linear_<name>_nomul, _mul, _rows or _avr, and this record. */
export interface FastKernel {
  /** BNM_KERNEL_*: what images call it. Never changes: 16 … 63. */
  readonly number: number;
  /** Kernels of one technique share their code, so that a second one takes little flash; c/fast/bnm_fast.h says what each is. */
  readonly technique: 'rows' | 'subsets' | 'trits' | 'nibbles' | 'bits' | 'lookup' | 'products' | 'sums';
  /**
   * `rows`: the codes of all outputs for one input after another, packed as everywhere; `halfwords`: the same with each input's filled up to
   * whole 16 bits; or words of these parts, by blocks of outputs.
   */
  readonly layout: 'rows' | 'halfwords' | readonly CodePart[];
}

/** The fast kernels of a format. */
export interface FastKernels {
  /** Without a multiplication: for parts without a multiplier, and for those with one where `mul` is absent. */
  readonly nomul: FastKernel;
  /** Where a multiplier makes it faster. */
  readonly mul?: FastKernel;
  /** Where `nomul` takes more flash than the packed codes: row by row, for networks that it would not fit. */
  readonly rows?: FastKernel;
  /** For AVR parts with a multiplier; absent: the plain kernel. */
  readonly avr?: FastKernel;
  /** bnm_list_<list> lists a convolution's weights; absent: the one for any format, by the plain kernel's integers. */
  readonly list?: string;
}

/**
 * Prefix codes for weights of linear layers (the layouts with `coded` in their names): one C file, bnm_linear_<name>_coded, and this record.
 * A code book is the canonical prefix code of these lengths in bits, by code: of equal lengths the lower code has the lower word, and words
 * are read first bit first. It is complete: Σ 2^−length = 1.
 */
export interface CodedKernel {
  /** BNM_KERNEL_*: what images call it. Never changes: 80 … 127. */
  readonly number: number;
  /** Up to 5 bits a code; a layer takes the book that makes it smallest. */
  readonly books: readonly (readonly number[])[];
}

/** How a BitNetMCU header stores a weight in a word. */
export interface HeaderCode {
  /** The original's key of a way to store weights, not always a count of bits. */
  readonly bitPerWeight: number;
  /**
   * What a stored field holds: the code itself, a sign bit and the index of the magnitude, the integer in two's complement;
   * `trits`: ten base-3 digits in 16 bits, of which 0, 1, 2 stand for +1, −1, 0.
   */
  readonly field: 'ascending' | 'sign-magnitude' | "two's complement" | 'trits';
}

/** Worked by hand from the definition, not taken from the program: what the tests of every implementation expect. */
export interface FormatExamples {
  /** Scaled weights u and the level each becomes: ties, ends and beyond. */
  readonly encoding: readonly (readonly [u: number, level: number])[];
  /** One row: its codes, their integers, its bytes. */
  readonly packing: {
    readonly codes: readonly number[];
    readonly integers: readonly number[];
    readonly bytes: readonly number[];
  };
}

/** One weight format: everything that is known about it. Codes are indices into `levels` and `integers` (ascending). */
export interface FormatRecord<Name extends string = string> {
  readonly name: Name;
  /** One sentence for tables and docs. */
  readonly description: string;
  /** Code → level that the network sees in training, in units of the scale; ascending. */
  readonly levels: Float64Array;
  /** Code → integer weight of the integer inference (odd integers for symmetric formats); ascending. */
  readonly integers: Int16Array;
  /** integer ≈ level · integerScale (exact for all formats but NF4). */
  readonly integerScale: number;
  /** Inverse scale = scaleNumerator / s for the clipping scalar s: 2^(bits−1) for uniform formats, 128 for FP130, 1 for NF4, Ternary, Binary. */
  readonly scaleNumerator: number;
  /** Whether the clipping scalar is by definition mean|w| (Ternary, Binary, BinarySym) rather than a clipping policy's, unless it is learned (Ternary). */
  readonly meanScaled: boolean;
  readonly encoding: Encoding;
  readonly packing: Packing;
  readonly kernel: PlainKernel;
  /** Absent: the plain kernel runs everywhere. */
  readonly fast?: FastKernels;
  /** Absent: coded layouts leave these weights uncoded. */
  readonly coded?: CodedKernel;
  /** Absent: BitNetMCU headers cannot hold these weights. */
  readonly header?: HeaderCode;
  readonly examples: FormatExamples;
}
