// Which formats the outputs of layers with learned bits are stored in: a wider format holds the levels of a narrower one, and every further
// format costs the code of its kernel.
import type { FormatName } from '@bitnetmcu/quant';
import { MOST_LEARNED_BITS, packedRowBytes, symmetricFormat } from '@bitnetmcu/quant/internal';

/** Flash that one more format takes: its kernel, about as on RV32EC. */
const KERNEL_BYTES = 400;
/** Flash that one more group of outputs takes: its call, its output shifts. */
const GROUP_BYTES = 32;

/** Fast kernels store outputs in blocks of so many: a part of a block takes the flash of a whole one. */
const BLOCK = 8;

/** Outputs [from, to) of a layer in one format. */
export interface BitGroup {
  readonly format: FormatName;
  readonly from: number;
  readonly to: number;
}

/** A layer whose outputs stand in the order of their bits, the widest first. */
export interface BitsOfLayer {
  /** Of each output, 1 … 5. */
  readonly bits: ArrayLike<number>;
  /** Weights an output. */
  readonly columns: number;
}

/** The groups of a layer where only some numbers of bits have a format: each block of outputs goes to the narrowest that holds its widest, the first. */
export function bitGroups({ bits }: BitsOfLayer, widths: readonly number[]): BitGroup[] {
  const groups: { format: FormatName; from: number; to: number }[] = [];
  for (let output = 0; output < bits.length; output++) {
    const width = widths.find((candidate) => candidate >= bits[output - (output % BLOCK)]!)!;
    const format = symmetricFormat(width);
    const open = groups.at(-1);
    if (open?.format === format) open.to = output + 1;
    else groups.push({ format, from: output, to: output + 1 });
  }
  return groups;
}

/** The numbers of bits, ascending, with which all layers together take the least flash. */
export function chooseWidths(layers: readonly BitsOfLayer[]): readonly number[] {
  const most = Math.max(1, ...layers.flatMap(({ bits }) => Array.from(bits)));
  let best: readonly number[] = [most];
  let least = Number.POSITIVE_INFINITY;
  for (let set = 0; set < 2 ** MOST_LEARNED_BITS; set++) {
    const widths = Array.from({ length: MOST_LEARNED_BITS }, (_, i) => i + 1).filter((bits) => set & (1 << (bits - 1)));
    if (widths.at(-1) !== most) continue;
    const bytes = flashBytes(layers, widths);
    if (bytes < least) [best, least] = [widths, bytes];
  }
  return best;
}

function flashBytes(layers: readonly BitsOfLayer[], widths: readonly number[]): number {
  const used = new Set<FormatName>();
  let bytes = 0;
  for (const layer of layers) {
    for (const { format, from, to } of bitGroups(layer, widths)) {
      used.add(format);
      bytes += GROUP_BYTES + Math.ceil((to - from) / BLOCK) * BLOCK * packedRowBytes(format, layer.columns);
    }
  }
  return bytes + used.size * KERNEL_BYTES;
}
