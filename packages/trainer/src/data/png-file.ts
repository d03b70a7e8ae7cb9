// PNG files (W3C PNG, third edition) to RGBA pixels by pngjs; the chunks that it does not look at are read here.
import { PNG } from 'pngjs';
import { exifOrientation, type Orientation } from './orientation.js';

export interface PngHeader {
  readonly width: number;
  readonly height: number;
  /** Colour without palette of which one value is transparent (chunk tRNS). */
  readonly hasTransparentColor: boolean;
  readonly orientation: Orientation;
}

const MAGIC = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const PALETTE = 3;

export function isPng(bytes: Uint8Array): boolean {
  return MAGIC.every((byte, i) => bytes[i] === byte);
}

interface Chunk {
  readonly type: string;
  readonly data: Uint8Array;
  /** Where the chunk begins and ends, length and checksum included. */
  readonly begin: number;
  readonly end: number;
}

function* chunks(bytes: Uint8Array): Generator<Chunk> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let begin = MAGIC.length; begin + 12 <= bytes.length; ) {
    const end = begin + 12 + view.getUint32(begin);
    if (end > bytes.length) return;
    const type = String.fromCharCode(...bytes.subarray(begin + 4, begin + 8));
    yield { type, data: bytes.subarray(begin + 8, end - 4), begin, end };
    begin = end;
  }
}

/** Whether the last chunk, IEND, is there. */
export function endsPng(bytes: Uint8Array): boolean {
  for (const { type } of chunks(bytes)) if (type === 'IEND') return true;
  return false;
}

/** What stands in the chunks beside the pixels; undefined where the first, IHDR, is not whole. */
export function readPngHeader(bytes: Uint8Array): PngHeader | undefined {
  if (bytes.length < 26) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let hasTransparentColor = false;
  let orientation: Orientation = 1;
  for (const { type, data } of chunks(bytes)) {
    if (type === 'tRNS') hasTransparentColor = bytes[25] !== PALETTE;
    if (type === 'eXIf') orientation = exifOrientation(data);
  }
  return { width: view.getUint32(16), height: view.getUint32(20), hasTransparentColor, orientation };
}

/**
 * Decodes to RGBA.
 * @param keepTransparent false: what is transparent is opaque, in the colour that is stored
 * @throws Error with what is wrong with the data.
 */
export function decodePng(bytes: Uint8Array, { hasTransparentColor }: PngHeader, keepTransparent: boolean) {
  // pngjs makes a transparent colour black; without the chunk it stays what it is.
  const read = hasTransparentColor && !keepTransparent ? without(bytes, 'tRNS') : bytes;
  return PNG.sync.read(Buffer.from(read.buffer, read.byteOffset, read.byteLength));
}

function without(bytes: Uint8Array, unwanted: string): Uint8Array {
  const kept = [...chunks(bytes)].filter(({ type }) => type !== unwanted);
  return Buffer.concat([bytes.subarray(0, MAGIC.length), ...kept.map(({ begin, end }) => bytes.subarray(begin, end))]);
}
