// Codes to bytes and back: rows start on a byte, groups follow each other as a little-endian bit stream (see Packing in format-record.ts).
import { invalidCode, QuantError } from './errors.js';
import type { FormatRecord, Packing } from './format-record.js';
import { getFormat } from './registry.js';

/**
 * Stored bits a weight, without the padding at the end of a row: 1.6 for `Ternary`, 4.6 for `4.6bit`.
 *
 * @example
 * ```ts
 * import { bitsPerWeight } from '@bitnetmcu/quant';
 *
 * bitsPerWeight('Ternary'); // 1.6: five weights in a byte
 * ```
 */
export function bitsPerWeight(format: string | FormatRecord): number {
  const { groupBits, groupSize } = getFormat(format).packing;
  return groupBits / groupSize;
}

/**
 * Bytes of one packed row of `columns` weights.
 * @throws QuantError `invalid-shape` where `columns` is not an integer ≥ 0.
 */
export function packedRowBytes(format: string | FormatRecord, columns: number): number {
  const { groupBits, groupSize } = getFormat(format).packing;
  requireCount('columns', columns);
  return Math.ceil((Math.ceil(columns / groupSize) * groupBits) / 8);
}

/**
 * Packs rows·columns codes, output-major, into rows·packedRowBytes bytes.
 * @throws QuantError `invalid-shape`, `invalid-length` or `invalid-code` (a code that the format does not have).
 *
 * @example
 * ```ts
 * import { packCodes } from '@bitnetmcu/quant';
 *
 * packCodes('4bitsym', [1, 2, 3, 4], 1, 4); // 0x21, 0x43: the first code in the low bits
 * ```
 */
export function packCodes(
  format: string | FormatRecord,
  codes: ArrayLike<number>,
  rows: number,
  columns: number,
): Uint8Array {
  const { name, packing, levels } = getFormat(format);
  const rowBytes = packedRowBytes(format, columns);
  requireCount('rows', rows);
  if (codes.length !== rows * columns) {
    throw new QuantError(
      'invalid-length',
      `packCodes got ${codes.length} codes; ${rows} rows of ${columns} need ${rows * columns}. Pass codes in output-major order, without padding.`,
    );
  }
  requireCodes(name, codes, levels.length);
  const bytes = new Uint8Array(rows * rowBytes);
  for (let row = 0; row < rows; row++) packRow(packing, codes, row * columns, columns, bytes, row * rowBytes);
  return bytes;
}

/**
 * The rows·columns codes, output-major, of packed bytes; padding is not looked at.
 * @throws QuantError `invalid-shape` or `invalid-length`.
 *
 * @example
 * ```ts
 * import { unpackCodes } from '@bitnetmcu/quant';
 *
 * unpackCodes('4bitsym', Uint8Array.of(0x21, 0x43), 1, 4); // 1, 2, 3, 4
 * ```
 */
export function unpackCodes(
  format: string | FormatRecord,
  bytes: Uint8Array,
  rows: number,
  columns: number,
): Uint8Array {
  const { name, packing } = getFormat(format);
  const rowBytes = packedRowBytes(format, columns);
  requireCount('rows', rows);
  if (bytes.length !== rows * rowBytes) {
    throw new QuantError(
      'invalid-length',
      `unpackCodes got ${bytes.length} bytes; ${rows} rows of ${columns} ${name} weights need ${rows * rowBytes} (${rowBytes} a row). Check rows and columns, or read the file again.`,
    );
  }
  const codes = new Uint8Array(rows * columns);
  for (let row = 0; row < rows; row++) unpackRow(packing, bytes, row * rowBytes, codes, row * columns, columns);
  return codes;
}

function packRow(
  packing: Packing,
  codes: ArrayLike<number>,
  firstCode: number,
  columns: number,
  bytes: Uint8Array,
  firstByte: number,
): void {
  const { groupSize, groupBits } = packing;
  let stream = 0;
  let streamBits = 0;
  let byte = firstByte;
  for (let column = 0; column < columns; column += groupSize) {
    const group = groupNumber(packing, codes, firstCode + column, Math.min(groupSize, columns - column));
    // At most 7 bits and a group of 25 wait here (MOST_GROUP_BITS in define-format.ts): 32, as many as a bit operation has.
    stream |= group << streamBits;
    streamBits += groupBits;
    for (; streamBits >= 8; streamBits -= 8, stream >>>= 8) bytes[byte++] = stream & 255;
  }
  if (streamBits > 0) bytes[byte] = stream;
}

/** The number that stands for up to groupSize codes; missing ones are code 0. */
function groupNumber(packing: Packing, codes: ArrayLike<number>, first: number, count: number): number {
  const { kind, groupSize, groupBits, radix } = packing;
  if (kind === 'bits') return codes[first]!;
  let value = 0;
  for (let digit = 0; digit < groupSize; digit++) value = value * radix + (digit < count ? codes[first + digit]! : 0);
  return Math.ceil((value * 2 ** groupBits) / radix ** groupSize);
}

function unpackRow(
  packing: Packing,
  bytes: Uint8Array,
  firstByte: number,
  codes: Uint8Array,
  firstCode: number,
  columns: number,
): void {
  const { kind, groupSize, groupBits, radix } = packing;
  const mask = 2 ** groupBits - 1;
  let stream = 0;
  let streamBits = 0;
  let byte = firstByte;
  for (let column = 0; column < columns; column += groupSize) {
    for (; streamBits < groupBits; streamBits += 8) stream |= bytes[byte++]! << streamBits;
    let group = stream & mask;
    stream >>>= groupBits;
    streamBits -= groupBits;
    if (kind === 'bits') {
      codes[firstCode + column] = group;
      continue;
    }
    const count = Math.min(groupSize, columns - column);
    for (let digit = 0; digit < count; digit++) {
      group *= radix;
      codes[firstCode + column + digit] = group >>> groupBits;
      group &= mask;
    }
  }
}

function requireCount(what: string, count: number): void {
  if (!Number.isSafeInteger(count) || count < 0) {
    throw new QuantError('invalid-shape', `${what} is ${count}; it must be an integer ≥ 0.`);
  }
}

function requireCodes(name: string, codes: ArrayLike<number>, levelCount: number): void {
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i]!;
    if (!(Number.isInteger(code) && code >= 0 && code < levelCount)) {
      throw invalidCode(name, code, i, levelCount);
    }
  }
}
