// The layouts of the fast kernels in c/fast: codes by blocks of outputs, input after input, as c/fast/bnm_fast.h describes them.
import { type FormatName, integerWeights, packCodes } from '@bitnetmcu/quant';
import type { ConvChainKernel } from './conv-chain.js';
import { plainLayout } from './plain.js';
import type { WeightLayout, WeightPacker } from './weight-layout.js';

/** Some bits of every code, in words of their own. */
interface Part {
  readonly bits: 1 | 2 | 4;
  /** The part is (code >> lowest) & (2^bits − 1). */
  readonly lowest: number;
}

const NIBBLE: readonly Part[] = [{ bits: 4, lowest: 0 }];
/** `rows`: no words, but the codes of all outputs, packed as everywhere, for one input after another. */
const PARTS: Readonly<Record<FormatName, readonly Part[] | 'rows'>> = {
  Binary: 'rows',
  BinarySym: 'rows',
  Ternary: 'rows',
  '2bitsym': 'rows',
  '4bitsym': NIBBLE,
  '4bit': NIBBLE,
  FP130: NIBBLE,
  NF4: NIBBLE,
  '4.6bit': [...NIBBLE, { bits: 1, lowest: 4 }],
  '5bitsym': [...NIBBLE, { bits: 1, lowest: 4 }],
  '8bit': [...NIBBLE, { bits: 4, lowest: 4 }],
};

/** With a multiplier 2-bit codes are in words, too. */
const MUL_PARTS: typeof PARTS = { ...PARTS, Ternary: [{ bits: 2, lowest: 0 }], '2bitsym': [{ bits: 2, lowest: 0 }] };

/** BNM_KERNEL_* of c/include/bnm_image.h for the kernels of parts without a multiplier. */
const NOMUL_KERNELS: Readonly<Record<FormatName, number>> = {
  Binary: 16,
  BinarySym: 16,
  Ternary: 17,
  '2bitsym': 18,
  '4bitsym': 19,
  '4bit': 20,
  '4.6bit': 21,
  '5bitsym': 22,
  FP130: 23,
  NF4: 24,
  '8bit': 25,
};
/** Those that a multiplier makes faster. */
const MUL_KERNELS: Readonly<Record<FormatName, number>> = {
  ...NOMUL_KERNELS,
  Ternary: 33,
  '2bitsym': 34,
  '4bitsym': 35,
  '4bit': 36,
  '8bit': 41,
};

/** BNM_CONV_CHAIN_*_SCRATCH of c/fast/bnm_fast.h. */
const NOMUL_CHAIN: ConvChainKernel = { kernel: 0, scratchBytes: 768 };
const MUL_CHAIN: ConvChainKernel = { kernel: 1, scratchBytes: 784 };

const WORD_BITS = 32;
const HEADER_BYTES = 4;
/** An input's word is found by a 16-bit offset in bytes. */
const MAX_INPUTS = 16_383;

/** The sum of each row's integers, or undefined where one does not fit int16. */
function rowSums(format: FormatName, codes: Uint8Array, rows: number, columns: number): Int16Array | undefined {
  const integers = integerWeights(format, codes);
  const sums = new Int16Array(2 * Math.ceil(rows / 2));
  for (let row = 0; row < rows; row++) {
    let sum = 0;
    for (let i = row * columns; i < (row + 1) * columns; i++) sum += integers[i]!;
    sums[row] = sum;
    if (sums[row] !== sum) return undefined;
  }
  return sums;
}

/** The words of a part: for each block of outputs, for each input. */
function blockWords({ bits, lowest }: Part, codes: Uint8Array, rows: number, columns: number): number[] {
  const words: number[] = [];
  const block = WORD_BITS / bits;
  const mask = 2 ** bits - 1;
  for (let done = 0; done < rows; done += block) {
    // The last block ends with the last output; outputs that the block before has are 0 in it.
    const first = Math.max(0, Math.min(done, rows - block));
    for (let input = 0; input < columns; input++) {
      let word = 0;
      for (let output = done; output < Math.min(rows, first + block); output++) {
        word |= ((codes[output * columns + input]! >> lowest) & mask) << (bits * (output - first));
      }
      words.push(word >>> 0);
    }
  }
  return words;
}

/** The codes of all outputs for one input after another; whole words, so that what follows is aligned. */
function inputRows(format: FormatName, codes: Uint8Array, rows: number, columns: number): Uint8Array {
  const byInput = Uint8Array.from(codes, (_, i) => codes[(i % rows) * columns + Math.floor(i / rows)]!);
  const packed = packCodes(format, byInput, columns, rows);
  const padded = new Uint8Array(4 * Math.ceil(packed.length / 4));
  padded.set(packed);
  return padded;
}

function littleEndian(words: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(4 * words.length));
  words.forEach((word, i) => {
    view.setUint32(4 * i, word, true);
  });
  return new Uint8Array(view.buffer);
}

/**
 * Packs the codes of a linear layer for the fast kernels.
 * @param codes rows·columns codes, output-major
 * @param withRowSums for layers whose input may have a mode value other than 0: the sample itself
 * @param multiplier for the kernels with one (`mul`)
 * @returns header, row sums, words or rows of inputs (see c/fast/bnm_fast.h)
 */
export function packBlocks(
  format: FormatName,
  codes: Uint8Array,
  rows: number,
  columns: number,
  withRowSums: boolean,
  multiplier = false,
): Uint8Array {
  const sums = withRowSums ? rowSums(format, codes, rows, columns) : undefined;
  const parts = (multiplier ? MUL_PARTS : PARTS)[format];
  const weights =
    parts === 'rows'
      ? inputRows(format, codes, rows, columns)
      : littleEndian(parts.flatMap((part) => blockWords(part, codes, rows, columns)));
  const start = HEADER_BYTES + (sums?.byteLength ?? 0);
  const packed = new Uint8Array(start + weights.length);
  const view = new DataView(packed.buffer);
  view.setUint32(0, sums ? 1 : 0, true);
  sums?.forEach((sum, row) => {
    view.setInt16(HEADER_BYTES + 2 * row, sum, true);
  });
  packed.set(weights, start);
  return packed;
}

function fastPacker(kernels: Readonly<Record<FormatName, number>>, multiplier: boolean): WeightPacker {
  return (format, codes, rows, columns, source) =>
    columns > MAX_INPUTS
      ? plainLayout.linear(format, codes, rows, columns, source)
      : { kernel: kernels[format], weights: packBlocks(format, codes, rows, columns, source === 'sample', multiplier) };
}

export const nomulLayout: WeightLayout = {
  name: 'nomul',
  description:
    'Codes by blocks of outputs for the kernels without multiplication: lists of nibbles or bits of the activations, look-up tables.',
  readBy: 'fast',
  linear: fastPacker(NOMUL_KERNELS, false),
  convolution: plainLayout.convolution,
  convChain: NOMUL_CHAIN,
  convNorm: true,
};

export const mulLayout: WeightLayout = {
  name: 'mul',
  description: 'Codes by blocks of outputs for kernels that make two products in one multiplication.',
  readBy: 'fast',
  linear: fastPacker(MUL_KERNELS, true),
  convolution: plainLayout.convolution,
  convChain: MUL_CHAIN,
  convNorm: true,
};
