// What a PNG file will unpack to, found before it is decoded (https://www.w3.org/TR/png-3/, sections 5, 11.2 and 8.1).
import { inflateSync } from 'node:zlib';
import { TrainerError } from '../errors.js';
import { MAX_PIXELS } from './limits.js';

/** Samples of a pixel, by colour type. */
const SAMPLES: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
/** Bytes of IHDR with length, name and checksum, behind the signature. */
const HEADER_END = 33;
/** First column and row, and the steps, of the seven passes of Adam7. */
const ADAM7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

/**
 * Checks size and, where the decoder does not, the length of the compressed data.
 * @returns bytes that the image data unpack to
 * @throws TrainerError `invalid-data`
 */
export function checkPng(file: Buffer, source: string): number {
  if (file.length < HEADER_END || file.toString('latin1', 12, 16) !== 'IHDR') {
    throw new TrainerError('invalid-data', `${source} is cut off: a PNG file begins with its header.`);
  }
  const [width, height] = [file.readUInt32BE(16), file.readUInt32BE(20)];
  if (width * height === 0 || width * height > MAX_PIXELS) {
    throw new TrainerError('invalid-data', `${source} has ${width}×${height} pixels; 1 to ${MAX_PIXELS} are read.`);
  }
  const pixelBits = file[24]! * (SAMPLES[file[25]!] ?? 4);
  const interlaced = file[28] !== 0;
  const passes = interlaced ? ADAM7 : ([[0, 0, 1, 1]] as const);
  const unpacked = passes.reduce((sum, [x, y, stepX, stepY]) => {
    const [columns, rows] = [Math.ceil((width - x) / stepX), Math.ceil((height - y) / stepY)];
    return columns > 0 && rows > 0 ? sum + rows * (1 + Math.ceil((columns * pixelBits) / 8)) : sum;
  }, 0);
  // pngjs stops at the right length by itself, except here.
  if (interlaced) inflateSync(imageData(file), { maxOutputLength: unpacked });
  return unpacked;
}

/** The contents of all IDAT chunks. */
function imageData(file: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = HEADER_END; at + 8 <= file.length; ) {
    const length = file.readUInt32BE(at);
    if (file.toString('latin1', at + 4, at + 8) === 'IDAT') parts.push(file.subarray(at + 8, at + 8 + length));
    at += length + 12;
  }
  return Buffer.concat(parts);
}
