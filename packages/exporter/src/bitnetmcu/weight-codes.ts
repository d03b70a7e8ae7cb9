// How BitNetMCU headers store weights: one entry a `bitperweight` code. The number is the original's key, not always a bit count.
import {
  bitsPerWeight,
  FORMAT_NAMES,
  type FormatName,
  formats,
  type HeaderCode,
  type WeightFormat,
} from '@bitnetmcu/quant';
import { ExporterError } from '../errors.js';
import { unknownValue } from '../unknown-value.js';

/** One way to store weights: fields in 32-bit words, topmost first, or ten base-3 digits in a 16-bit word. */
export interface WeightCode {
  readonly bitPerWeight: number;
  /** Formats with these weights; an import gets the first. */
  readonly formats: readonly [FormatName, ...FormatName[]];
  readonly storage: 'words' | 'trits';
  /** Bits of one weight in a word. */
  readonly bits: number;
  /** Stored field → weight code (an index into the format's ascending integers). A permutation. */
  readonly codes: readonly number[];
}

/** Sign bit (set: negative), then the index of the magnitude. */
function signMagnitude(bits: number): number[] {
  const half = 1 << (bits - 1);
  return Array.from({ length: 2 * half }, (_, field) => (field < half ? half + field : 2 * half - 1 - field));
}

function twosComplement(bits: number): number[] {
  const half = 1 << (bits - 1);
  return Array.from({ length: 2 * half }, (_, field) => (field + half) % (2 * half));
}

function ascending(bits: number): number[] {
  return Array.from({ length: 1 << bits }, (_, field) => field);
}

/** Digits 0, 1, 2 of a word of trits stand for +1, −1, 0. */
const TRITS = [2, 0, 1] as const;

/** How the words hold a format's weights. */
function storage(format: WeightFormat, field: HeaderCode['field']): Pick<WeightCode, 'storage' | 'bits' | 'codes'> {
  const bits = bitsPerWeight(format);
  switch (field) {
    case 'ascending':
      return { storage: 'words', bits, codes: ascending(bits) };
    case 'sign-magnitude':
      return { storage: 'words', bits, codes: signMagnitude(bits) };
    case "two's complement":
      return { storage: 'words', bits, codes: twosComplement(bits) };
    case 'trits':
      return { storage: 'trits', bits, codes: TRITS };
    default:
      throw unknownValue('field of a header code', field);
  }
}

/** The codes of all formats that have one, ascending. */
function weightCodes(): WeightCode[] {
  const codes = new Map<number, WeightCode>();
  // Formats that differ only in how floats become their levels share a code: an import takes the one that subtracts no mean.
  const isCentred = ({ encoding }: WeightFormat) => Number(encoding.kind === 'sign' && encoding.centred);
  const records = FORMAT_NAMES.map((name) => formats[name]).sort((a, b) => isCentred(a) - isCentred(b));
  for (const format of records) {
    const { name, header } = format;
    if (header === undefined) continue;
    const { bitPerWeight, field } = header;
    const known = codes.get(bitPerWeight);
    codes.set(
      bitPerWeight,
      known
        ? { ...known, formats: [...known.formats, name] }
        : { bitPerWeight, formats: [name], ...storage(format, field) },
    );
  }
  return [...codes.values()].sort((a, b) => a.bitPerWeight - b.bitPerWeight);
}

export const WEIGHT_CODES: readonly WeightCode[] = weightCodes();

/** @throws ExporterError `header-content` for a code that BitNetMCU does not have. */
export function weightCode(bitPerWeight: number, line: number, layer: string): WeightCode {
  const code = WEIGHT_CODES.find((entry) => entry.bitPerWeight === bitPerWeight);
  if (code) return code;
  const known = WEIGHT_CODES.map((entry) => `${entry.bitPerWeight} (${entry.formats[0]})`).join(', ');
  throw new ExporterError(
    'header-content',
    `Line ${line}: ${layer}_bitperweight is ${bitPerWeight}; known codes are ${known}`,
    { line, layer },
  );
}

const TRITS_A_WORD = 10;
const TRIT_CODES = 3 ** TRITS_A_WORD;
const WORD_CODES = 2 ** 16;

/** A layer's inputs as its header counts them: the original steps from row to row by this number, so ternary rows end with a word. */
export function headerInputs(code: WeightCode, inputs: number): number {
  return code.storage === 'trits' ? Math.ceil(inputs / TRITS_A_WORD) * TRITS_A_WORD : inputs;
}

/** Words that `rows` rows of `columns` weights take when they follow each other without a gap, and with every row starting a word. */
function wordCounts(
  code: WeightCode,
  rows: number,
  columns: number,
): { readonly contiguous: number; readonly padded: number } {
  if (code.storage === 'trits') {
    const words = rows * Math.ceil(columns / TRITS_A_WORD);
    return { contiguous: words, padded: words };
  }
  return {
    contiguous: Math.ceil((rows * columns * code.bits) / 32),
    padded: rows * Math.ceil((columns * code.bits) / 32),
  };
}

/**
 * Weight codes [rows·columns] of a table of words.
 * Rows that do not fill their last word are either padded or run on into the next row; the table's length tells which.
 * @throws ExporterError `header-content` where the length fits neither or a word holds no valid weights.
 */
export function unpackWords(
  code: WeightCode,
  words: readonly number[],
  { rows, columns, line, layer }: { rows: number; columns: number; line: number; layer: string },
): Uint8Array {
  const { contiguous, padded } = wordCounts(code, rows, columns);
  if (words.length !== contiguous && words.length !== padded) {
    const wanted = contiguous === padded ? `${padded}` : `${contiguous} or ${padded}`;
    throw new ExporterError(
      'header-content',
      `Line ${line}: ${layer}_weights has ${words.length} words; ${rows} outputs of ${columns} ${code.formats[0]} weights take ${wanted}`,
      { line, layer },
    );
  }
  const codes = new Uint8Array(rows * columns);
  if (code.storage === 'trits') {
    const damaged = unpackTrits(code, words, columns, codes);
    if (damaged >= 0) {
      throw new ExporterError(
        'header-content',
        `Line ${line}: ${layer}_weights word ${damaged} is 0x${words[damaged]!.toString(16)}, which no ten trits give; the table is damaged`,
        { line, layer },
      );
    }
  } else {
    const rowBits = words.length === padded ? Math.ceil((columns * code.bits) / 32) * 32 : columns * code.bits;
    unpackFields(code, words, rows, columns, rowBits, codes);
  }
  return codes;
}

function unpackFields(
  code: WeightCode,
  words: readonly number[],
  rows: number,
  columns: number,
  rowBits: number,
  codes: Uint8Array,
): void {
  const mask = code.codes.length - 1;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const bit = row * rowBits + column * code.bits;
      const field = (words[Math.floor(bit / 32)]! >>> (32 - code.bits - (bit % 32))) & mask;
      codes[row * columns + column] = code.codes[field]!;
    }
  }
}

/** Returns the number of the first word that is not ⌈v·65536/59049⌉ for any v, or −1. */
function unpackTrits(code: WeightCode, words: readonly number[], columns: number, codes: Uint8Array): number {
  const wordsARow = Math.ceil(columns / TRITS_A_WORD);
  for (let w = 0; w < words.length; w++) {
    const v = Math.floor((words[w]! * TRIT_CODES) / WORD_CODES);
    if (Math.ceil((v * WORD_CODES) / TRIT_CODES) !== words[w]) return w;
    const row = Math.floor(w / wordsARow);
    const first = (w % wordsARow) * TRITS_A_WORD;
    let rest = v;
    for (let column = first + TRITS_A_WORD - 1; column >= first; column--) {
      if (column < columns) codes[row * columns + column] = code.codes[rest % 3]!;
      rest = Math.floor(rest / 3);
    }
  }
  return -1;
}

/** Words of [rows·columns] weight codes, every row starting a word (the only layout that the original's kernels read). */
export function packWords(code: WeightCode, codes: ArrayLike<number>, rows: number, columns: number): number[] {
  const fieldOf = new Map(code.codes.map((weight, field) => [weight, field]));
  const trits = code.storage === 'trits';
  const perWord = trits ? TRITS_A_WORD : 32 / code.bits;
  // Padding is never multiplied with anything but must be a weight of 0 where there is one: the kernels may read past the row.
  const padding = trits ? fieldOf.get(1)! : 0;
  const words: number[] = [];
  for (let row = 0; row < rows; row++) {
    for (let first = 0; first < columns; first += perWord) {
      let word = 0;
      for (let column = first; column < first + perWord; column++) {
        const field = column < columns ? fieldOf.get(codes[row * columns + column]!)! : padding;
        word = trits ? 3 * word + field : word * 2 ** code.bits + field;
      }
      words.push(trits ? Math.ceil((word * WORD_CODES) / TRIT_CODES) : word);
    }
  }
  return words;
}
