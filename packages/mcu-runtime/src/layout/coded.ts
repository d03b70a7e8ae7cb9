// The layouts of coded weights: prefix codes, a row for each input, so that inputs of 0 are passed over: c/src/bnm_linear_coded.h.
import { type FormatName, getFormat, integerWeights } from '@bitnetmcu/quant';
import { mulLayout, nomulLayout } from './fast.js';
import { plainLayout } from './plain.js';
import { canonicalWords, codedBits, encodeCodes } from './prefix-code.js';
import { rowSums } from './row-sums.js';
import type { LayerSource, WeightLayout, WeightPacker } from './weight-layout.js';

const HEADER_BYTES = 4;
/** Of a row, which says its length in a byte. */
const MOST_ROW_BYTES = 255;
/** Kernels read so many bytes behind the last row at most. */
const READ_AHEAD = 4;
/** BNM_CODED_SUM: a sum stands above so many bits, in which the lengths of the words add up. */
const SUM_SHIFT = 12;
/** Outputs in a turn of the assembly kernel. */
const TURN = 6;
/** Of an int8. */
const MOST_ACTIVATION = 128;

/**
 * A linear layer in the smallest of its format's code books.
 * @param codes rows·columns codes, output-major
 * @returns undefined where the kernel could not run it: no code books, rows of more than 255 bytes, sums beyond 20 bits
 */
export function packCoded(
  format: FormatName,
  codes: Uint8Array,
  rows: number,
  columns: number,
  source: LayerSource,
): { readonly kernel: number; readonly weights: Uint8Array } | undefined {
  const { coded } = getFormat(format);
  if (coded === undefined || !sumsFit(format, codes, rows, columns)) return undefined;
  const books = coded.books.map((lengths) => codedBits(lengths, codes));
  const book = books.indexOf(Math.min(...books));
  const lengths = coded.books[book]!;
  if (Math.max(...lengths) * columns >= 2 ** SUM_SHIFT) return undefined;
  const words = canonicalWords(lengths);
  const streams = Array.from({ length: columns }, (_, input) =>
    encodeCodes(
      words,
      Uint8Array.from({ length: rows }, (_, output) => codes[output * columns + input]!),
    ),
  );
  if (streams.some(({ length }) => length > MOST_ROW_BYTES)) return undefined;
  const sums = source === 'sample' ? rowSums(format, codes, rows, columns) : undefined;
  const sumBytes = sums?.byteLength ?? 0;
  const streamBytes = streams.reduce((sum, { length }) => sum + length, 0);
  const bytes = HEADER_BYTES + sumBytes + columns + streamBytes + READ_AHEAD;
  const weights = new Uint8Array(4 * Math.ceil(bytes / 4));
  weights.set([sums ? 1 : 0, rows % TURN, book]);
  const view = new DataView(weights.buffer);
  sums?.forEach((sum, row) => {
    view.setInt16(HEADER_BYTES + 2 * row, sum, true);
  });
  let at = HEADER_BYTES + sumBytes;
  weights.set(
    streams.map(({ length }) => length),
    at,
  );
  at += columns;
  for (const stream of streams) {
    weights.set(stream, at);
    at += stream.length;
  }
  return { kernel: coded.number, weights };
}

/** Whether every sum of an output fits 20 bits, whatever the input. */
function sumsFit(format: FormatName, codes: Uint8Array, rows: number, columns: number): boolean {
  const integers = integerWeights(format, codes);
  for (let row = 0; row < rows; row++) {
    let most = 0;
    for (let i = row * columns; i < (row + 1) * columns; i++) most += MOST_ACTIVATION * Math.abs(integers[i]!);
    if (most >= 2 ** (31 - SUM_SHIFT)) return false;
  }
  return true;
}

/** Coded where that saves this share of what the other packer takes. */
function codedPacker(other: WeightPacker, least: number): WeightPacker {
  return (format, codes, rows, columns, source) => {
    const coded = packCoded(format, codes, rows, columns, source);
    const uncoded = other(format, codes, rows, columns, source);
    return coded && coded.weights.length <= (1 - least) * uncoded.weights.length ? coded : uncoded;
  };
}

export const codedLayout: WeightLayout = {
  name: 'coded',
  description:
    'Prefix codes, a stream for each input, for linear layers of the formats that have code books; for the least flash.',
  readBy: 'every',
  linear: codedPacker(plainLayout.linear, Number.NEGATIVE_INFINITY),
  convolution: plainLayout.convolution,
};

/** What a second kernel takes is 2 to 5 % of a network of 12 kB. */
const LEAST_SAVING = 0.15;

function mixedLayout(fast: WeightLayout): WeightLayout {
  return {
    ...fast,
    name: `${fast.name}-coded`,
    description: `As ${fast.name}, but linear layers that prefix codes make smaller by ${100 * LEAST_SAVING} % or more are coded.`,
    linear: codedPacker(fast.linear, LEAST_SAVING),
  };
}

export const nomulCodedLayout = mixedLayout(nomulLayout);
export const mulCodedLayout = mixedLayout(mulLayout);
