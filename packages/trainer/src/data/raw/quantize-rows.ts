// Rows of numbers as the bytes that training sees: raw integers of the device, int8 of them, plus 128.
import { quantizeRaw, type Shape } from '@bitnetmcu/models';
import { countClamped, type RawInput, toRawIntegers } from '@bitnetmcu/models/internal';
import { runInSlices, type Steps } from '../slices.js';
import { type ValueRows, visitRows } from './value-rows.js';

/** Values that are converted at once. */
const PIECE = 2 ** 16;

export interface RowQuantization {
  readonly raw: RawInput;
  /** Of what a row becomes: [features] of a table, [channels, 1, length] of a signal. */
  readonly shape: Shape;
  /** For each value that is kept, its place in a row as read. */
  readonly kept: Uint32Array;
  /** For each value that is kept, what a missing one counts as. */
  readonly means: Float64Array;
}

export interface QuantizedRows {
  readonly bytes: Uint8Array;
  /** Of each feature, the values outside its range. */
  readonly clamped: Uint32Array;
}

/** The rows for which `choose` is true, in order, as int8 + 128. */
export async function quantizeRows(
  rows: ValueRows,
  count: number,
  choose: (row: number) => boolean,
  quantization: RowQuantization,
): Promise<QuantizedRows> {
  const { raw, kept } = quantization;
  const width = kept.length;
  const bytes = new Uint8Array(count * width);
  const clamped = new Uint32Array(raw.features.length);
  const tables = rows.blocks.some(({ values }) => values instanceof Uint8Array)
    ? await byteTables(quantization)
    : undefined;
  const pieceRows = Math.max(1, Math.floor(PIECE / width));
  const piece = new Float64Array(pieceRows * width);
  let inPiece = 0;
  let at = 0;
  const flush = (): void => {
    const values = piece.subarray(0, inPiece * width);
    convert(quantization, values, bytes.subarray(at - values.length, at), clamped);
    inPiece = 0;
  };
  await visitRows(rows, (row, numbers, begin) => {
    if (!choose(row)) return;
    if (tables && numbers instanceof Uint8Array && inPiece === 0) {
      for (let i = 0; i < width; i++) {
        const entry = tables[256 * i + numbers[begin + kept[i]!]!]!;
        bytes[at++] = entry & 0xff;
        clamped[i]! += entry >> 8;
      }
      return;
    }
    const to = inPiece * width;
    for (let i = 0; i < width; i++) {
      const value = numbers[begin + kept[i]!]!;
      piece[to + i] = Number.isNaN(value) ? quantization.means[i]! : value;
    }
    at += width;
    if (++inPiece === pieceRows) flush();
  });
  if (inPiece > 0) flush();
  return { bytes, clamped };
}

function convert({ raw, shape }: RowQuantization, values: Float64Array, bytes: Uint8Array, clamped: Uint32Array): void {
  const integers = toRawIntegers(raw, shape, values);
  const int8 = quantizeRaw(raw, shape, integers);
  for (let i = 0; i < int8.length; i++) bytes[i] = int8[i]! + 128;
  for (const [feature, count] of countClamped(raw, shape, integers, values).entries()) clamped[feature]! += count;
}

/**
 * Of a table, for each feature what the whole numbers 0 … 255 become, with 256 added where they are clamped. Made by the same functions, and once
 * for a quantization.
 */
async function byteTables(quantization: RowQuantization): Promise<Uint16Array | undefined> {
  const { raw, kept } = quantization;
  if (raw.kind !== 'table' || kept.length > 20_000) return undefined;
  const known = TABLES.get(quantization) ?? (await runInSlices(byteTableSteps(quantization)));
  TABLES.set(quantization, known);
  return known;
}

const TABLES = new WeakMap<RowQuantization, Uint16Array>();

function* byteTableSteps({ raw, kept, shape }: RowQuantization): Steps<Uint16Array> {
  const tables = new Uint16Array(256 * kept.length);
  for (let value = 0; value < 256; value++) {
    const values = new Float64Array(kept.length).fill(value);
    const integers = toRawIntegers(raw, shape, values);
    const int8 = quantizeRaw(raw, shape, integers);
    for (const [i, outside] of countClamped(raw, shape, integers, values).entries()) {
      tables[256 * i + value] = int8[i]! + 128 + 256 * outside;
    }
    yield;
  }
  return tables;
}
