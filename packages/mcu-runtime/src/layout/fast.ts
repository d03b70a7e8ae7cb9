// The layouts of the fast kernels in c/fast: codes by blocks of outputs, input after input, as c/fast/bnm_fast.h describes them.
import { bitsPerWeight, type CodePart, type FastKernel, type FormatName, getFormat, packCodes } from '@bitnetmcu/quant';
import { packedRowBytes } from '@bitnetmcu/quant/internal';
import { plainLayout } from './plain.js';
import { rowSums } from './row-sums.js';
import type { ConvChainKernel, PatchesLayout, WeightLayout, WeightPacker } from './weight-layout.js';

/** The format's kernel, or undefined where only the plain one reads its weights: see FastKernels of @bitnetmcu/quant. */
function fastKernel(format: FormatName, multiplier: boolean): FastKernel | undefined {
  const { fast } = getFormat(format);
  return multiplier ? (fast?.mul ?? fast?.nomul) : fast?.nomul;
}

/** BNM_CONV_CHAIN_* of c/fast/bnm_fast.h. */
const NOMUL_CHAIN: ConvChainKernel = { kernel: 0, scratchBytes: 492, windowBytes: 72, writesCode: true };
const MUL_CHAIN: ConvChainKernel = { kernel: 1, scratchBytes: 784 };

const WORD_BITS = 32;
const HEADER_BYTES = 4;
/** An input's word is found by a 16-bit offset in bytes. */
const MAX_INPUTS = 16_383;

/** Of 3-bit codes: as many as a word holds twice, in its halves, with a nibble to spare in each. */
const THREE_BIT_BLOCK = 8;
/** Of these blocks the last one is in the nibbles that the others spare. */
const SHARING_BLOCKS = 4;

/** Where output k of a block has its code in a word, as a bit number. */
function codePosition(bits: CodePart['bits'], k: number): number {
  return bits === 3 ? 3 * (k % 4) + 16 * Math.floor(k / 4) : bits * k;
}

/** The words of a part: for each block of outputs, for each input. */
export function blockWords({ bits, lowest }: CodePart, codes: Uint8Array, rows: number, columns: number): number[] {
  const block = bits === 3 ? THREE_BIT_BLOCK : WORD_BITS / bits;
  const mask = 2 ** bits - 1;
  const blocks: Uint32Array[] = [];
  for (let done = 0; done < rows; done += block) {
    // The last block ends with the last output; outputs that the block before has are 0 in it.
    const first = Math.max(0, Math.min(done, rows - block));
    const words = new Uint32Array(columns);
    for (let input = 0; input < columns; input++) {
      for (let output = done; output < Math.min(rows, first + block); output++) {
        const part = (codes[output * columns + input]! >> lowest) & mask;
        words[input]! |= part << codePosition(bits, output - first);
      }
    }
    blocks.push(words);
  }
  return (bits === 3 ? shareWords(blocks, Math.floor(rows / block)) : blocks).flatMap((words) => [...words]);
}

/** Puts each fourth of the whole blocks into the free nibbles of the three before it, as c/fast/bnm_three_bits.h describes it. */
function shareWords(blocks: readonly Uint32Array[], whole: number): Uint32Array[] {
  const isShared = (b: number) => b % SHARING_BLOCKS === SHARING_BLOCKS - 1 && b < whole;
  blocks.forEach((words, b) => {
    if (!isShared(b)) return;
    for (let host = 1; host < SHARING_BLOCKS; host++) {
      // Bits 0 … 3 of the halves go to the block right before, to their highest nibbles.
      const nibbles = words.map((word) => ((word >> (4 * (host - 1))) & 0x000f_000f) << 12);
      blocks[b - host]!.forEach((word, input, all) => {
        all[input] = word | nibbles[input]!;
      });
    }
  });
  return blocks.filter((_, b) => !isShared(b));
}

type RowLayout = Extract<FastKernel['layout'], string>;

/** Codes of an input's row: those of the outputs, and those that fill it up. */
function rowCodes(format: FormatName, layout: RowLayout, outputs: number): number {
  if (layout === 'rows') return outputs;
  const inHalfword = 16 / bitsPerWeight(format);
  return inHalfword * Math.ceil(outputs / inHalfword);
}

/** The codes of all outputs for one input after another; whole words, so that what follows is aligned. */
function inputRows(
  format: FormatName,
  layout: RowLayout,
  codes: Uint8Array,
  rows: number,
  columns: number,
): Uint8Array {
  const width = rowCodes(format, layout, rows);
  const byInput = new Uint8Array(columns * width);
  codes.forEach((code, i) => {
    byInput[(i % columns) * width + Math.floor(i / columns)] = code;
  });
  const packed = packCodes(format, byInput, columns, width);
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
 * @returns header, row sums, words or rows of inputs (see c/fast/bnm_fast.h)
 */
export function packBlocks(
  format: FormatName,
  codes: Uint8Array,
  rows: number,
  columns: number,
  withRowSums: boolean,
  { layout }: Pick<FastKernel, 'layout'>,
): Uint8Array {
  const sums = withRowSums ? rowSums(format, codes, rows, columns) : undefined;
  const weights =
    typeof layout === 'string'
      ? inputRows(format, layout, codes, rows, columns)
      : littleEndian(layout.flatMap((part) => blockWords(part, codes, rows, columns)));
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

/** Rows of inputs: a row is found by a 16-bit offset in bytes. */
const MAX_ROWS_BYTES = 65_535;

function rowsBytes(format: FormatName, layout: RowLayout, rows: number, columns: number): number {
  return columns * packedRowBytes(format, rowCodes(format, layout, rows));
}

/** Packs for the kernels of a technique, and for the plain ones layers that they cannot run. */
function fastPacker(kernelOf: (format: FormatName) => FastKernel | undefined): WeightPacker {
  return (format, codes, rows, columns, source) => {
    const kernel = kernelOf(format);
    const isWide =
      typeof kernel?.layout === 'string' && rowsBytes(format, kernel.layout, rows, columns) > MAX_ROWS_BYTES;
    if (kernel === undefined || columns > MAX_INPUTS || isWide)
      return plainLayout.linear(format, codes, rows, columns, source);
    return { kernel: kernel.number, weights: packBlocks(format, codes, rows, columns, source === 'sample', kernel) };
  };
}

/** The densest kernel of a format; of two that take as many bits the one with a multiplication, where there is one. */
function densestKernel(format: FormatName, multiplier: boolean): FastKernel | undefined {
  const { fast } = getFormat(format);
  const nomul = fast?.rows ?? fast?.nomul;
  const mul = multiplier ? fast?.mul : undefined;
  return nomul && mul && storedBits(format, mul) <= storedBits(format, nomul) ? mul : nomul;
}

/** Bits a weight. */
function storedBits(format: FormatName, { layout }: FastKernel): number {
  return typeof layout === 'string' ? bitsPerWeight(format) : layout.reduce((sum, { bits }) => sum + bits, 0);
}

/**
 * Packs for the kernels of little flash: one technique, that of the densest kernel for a format, and plain kernels for formats whose
 * densest kernel has another one.
 */
export function techniquePacker(largest: FormatName, multiplier: boolean): WeightPacker {
  const technique = densestKernel(largest, multiplier)?.technique;
  return fastPacker((format) => {
    const kernel = densestKernel(format, multiplier);
    return kernel?.technique === technique ? kernel : undefined;
  });
}

/** Fewer outputs than two blocks of them do not pay; codes of more than 4 bits go over a window's list twice. Of Ternary the other way are lists. */
const MUL_CHANNELS = { lists: 10, narrow: 16, wide: 40 } as const;
const NARROW_BITS = 4;
/** The same without a multiplier. */
const NIBBLE_CHANNELS = 16;

function mulPatches(kernelOf: (format: FormatName) => FastKernel | undefined): PatchesLayout {
  return {
    pack: fastPacker(kernelOf),
    fewestChannels: (format) => {
      if (getFormat(format).fast?.list !== undefined) return MUL_CHANNELS.lists;
      return bitsPerWeight(format) > NARROW_BITS ? MUL_CHANNELS.wide : MUL_CHANNELS.narrow;
    },
  };
}

/** Convolutions that linear kernels run window by window, in their densest form, for parts with a multiplier. */
export const densePatches = mulPatches((format) => densestKernel(format, true));

/** Without a multiplier: by lists of nibbles. The other techniques take as long for a weight as the lists of digits of convolutions. */
const nibblePatches: PatchesLayout = {
  pack: fastPacker((format) => fastKernel(format, false)),
  fewestChannels: (format) =>
    fastKernel(format, false)?.technique === 'nibbles' ? NIBBLE_CHANNELS : Number.POSITIVE_INFINITY,
};

/**
 * Alone, a convolution of 3x3 is faster without lists up to 6 outputs; with 16 it takes 1.3 times as long (CH32V003, `node bench/ternary-lists.mjs`).
 * But all convolutions of a model have one technique, and the kernel without lists is 0.4 kB shorter: mini-cnn-5k to -9k, with 16
 * outputs and then 4, take 12 to 18 % less time than with 0 here (`bitnetmcu sim`, cross compilers installed).
 */
const TRIT_OUTPUTS = 16;

export const nomulLayout: WeightLayout = {
  name: 'nomul',
  description:
    'Codes by blocks of outputs for the kernels without multiplication: lists of nibbles or bits of the activations, look-up tables.',
  readBy: 'fast',
  linear: fastPacker((format) => fastKernel(format, false)),
  patches: nibblePatches,
  convolution: plainLayout.convolution,
  convChain: NOMUL_CHAIN,
  convolve: 'code',
  tritOutputs: TRIT_OUTPUTS,
};

export const mulLayout: WeightLayout = {
  name: 'mul',
  description: 'Codes by blocks of outputs for kernels that make two products in one multiplication.',
  readBy: 'fast',
  linear: fastPacker((format) => fastKernel(format, true)),
  patches: mulPatches((format) => fastKernel(format, true)),
  convolution: plainLayout.convolution,
  convChain: MUL_CHAIN,
  convolve: 'products',
};
