// The layout of the AVR kernels in c/avr: codes by blocks of outputs, input after input, as c/avr/bnm_linear_parts.h describes them.
import { type CodePart, type FastKernel, getFormat } from '@bitnetmcu/quant';
import { plainLayout } from './plain.js';
import { rowSums } from './row-sums.js';
import type { ConvChainKernel, WeightLayout, WeightPacker } from './weight-layout.js';

/** BNM_CONV_CHAIN_AVR_SCRATCH of c/fast/bnm_fast.h. */
const AVR_CHAIN: ConvChainKernel = { kernel: 2, scratchBytes: 676 };

const HEADER_BYTES = 4;
/** Of one input and one block of outputs; levels are looked up for fewer outputs at once. */
const BLOCK_OUTPUTS: Readonly<Record<'sums' | 'lookup', number>> = { sums: 8, lookup: 4 };

/** The codes of a part: for each block of outputs, for each input. Outputs that the last block lacks are 0. */
function partBytes({ bits, lowest }: CodePart, block: number, codes: Uint8Array, rows: number, columns: number) {
  const inputBytes = (block * bits) / 8;
  const bytes = new Uint8Array(Math.ceil(rows / block) * columns * inputBytes);
  for (let row = 0; row < rows; row++) {
    const position = bits * (row % block);
    const start = Math.floor(row / block) * columns * inputBytes + (position >> 3);
    for (let column = 0; column < columns; column++) {
      const part = (codes[row * columns + column]! >> lowest) & (2 ** bits - 1);
      bytes[start + column * inputBytes]! |= part << (position & 7);
    }
  }
  return bytes;
}

/** Packs for the format's kernel, and for the plain one where it has none. */
const packForAvr: WeightPacker = (format, codes, rows, columns, source) => {
  const kernel: FastKernel | undefined = getFormat(format).fast?.avr;
  if (kernel === undefined || typeof kernel.layout === 'string') {
    return plainLayout.linear(format, codes, rows, columns, source);
  }
  const block = BLOCK_OUTPUTS[kernel.technique === 'lookup' ? 'lookup' : 'sums'];
  const sums = source === 'sample' ? rowSums(format, codes, rows, columns) : undefined;
  const head = new Uint8Array(HEADER_BYTES + 2 * (sums?.length ?? 0));
  head[0] = sums ? 1 : 0;
  const view = new DataView(head.buffer);
  sums?.forEach((sum, row) => {
    view.setInt16(HEADER_BYTES + 2 * row, sum, true);
  });
  const parts = kernel.layout.map((part) => partBytes(part, block, codes, rows, columns));
  const weights = new Uint8Array(head.length + parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const bytes of [head, ...parts]) {
    weights.set(bytes, at);
    at += bytes.length;
  }
  return { kernel: kernel.number, weights };
};

export const avrLayout: WeightLayout = {
  name: 'avr',
  description: 'Codes by blocks of outputs for AVR parts with a multiplier, whose sums stay in registers.',
  readBy: 'avr',
  linear: packForAvr,
  convolution: plainLayout.convolution,
  convChain: AVR_CHAIN,
  convolve: 'windows',
  nodeConvolutions: ['int8'],
};
