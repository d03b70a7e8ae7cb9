// Decodes PNG and JPEG files to 8-bit grey or RGB pixels, with limits that hold before memory is taken.
import jpeg from 'jpeg-js';
import { PNG } from 'pngjs';
import { TrainerError } from '../errors.js';

/** Pixels, channel after channel. */
export interface Image {
  readonly channels: 1 | 3;
  readonly height: number;
  readonly width: number;
  readonly bytes: Uint8Array;
}

/** 16 megapixels: far beyond what a microcontroller classifies. */
const MAX_PIXELS = 2 ** 24;
const PNG_MAGIC = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/**
 * Decodes a PNG or JPEG image; grey is Rec. 601 luma as Pillow's `convert('L')` computes it.
 * @param background grey value, 0 … 255, that shows through transparent pixels; without it transparency is ignored, as Pillow does.
 * @throws TrainerError `invalid-data`.
 */
export function decodeImage(bytes: Uint8Array, channels: 1 | 3, source: string, background?: number): Image {
  const { width, height, data } = decodeRgba(bytes, source);
  const pixels = width * height;
  if (background !== undefined) flatten(data, background);
  const result = new Uint8Array(pixels * channels);
  for (let p = 0; p < pixels; p++) {
    const [red, green, blue] = [data[4 * p]!, data[4 * p + 1]!, data[4 * p + 2]!];
    if (channels === 1) result[p] = (red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16;
    else {
      result[p] = red;
      result[pixels + p] = green;
      result[2 * pixels + p] = blue;
    }
  }
  return { channels, height, width, bytes: result };
}

/** Puts RGBA pixels on a grey ground, in place. */
function flatten(data: Uint8Array, background: number): void {
  for (let i = 0; i < data.length; i += 4) {
    const alpha = data[i + 3]! / 255;
    for (let c = i; c < i + 3; c++) data[c] = Math.round(data[c]! * alpha + background * (1 - alpha));
  }
}

function decodeRgba(bytes: Uint8Array, source: string): { width: number; height: number; data: Uint8Array } {
  try {
    if (PNG_MAGIC.every((byte, i) => bytes[i] === byte)) return decodePng(bytes, source);
    if (bytes[0] === 0xff && bytes[1] === 0xd8) {
      return jpeg.decode(bytes, { useTArray: true, maxResolutionInMP: MAX_PIXELS / 1e6, maxMemoryUsageInMB: 512 });
    }
  } catch (cause) {
    if (cause instanceof TrainerError) throw cause;
    throw new TrainerError('invalid-data', `${source} does not decode: ${(cause as Error).message}`, { cause });
  }
  throw new TrainerError('invalid-data', `${source} is neither a PNG nor a JPEG image.`);
}

/** The size stands in the IHDR chunk, which comes first. */
function decodePng(bytes: Uint8Array, source: string): { width: number; height: number; data: Uint8Array } {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [width, height] = file.length >= 24 ? [file.readUInt32BE(16), file.readUInt32BE(20)] : [0, 0];
  if (width * height === 0 || width * height > MAX_PIXELS) {
    throw new TrainerError('invalid-data', `${source} has ${width}×${height} pixels; 1 to ${MAX_PIXELS} are read.`);
  }
  return PNG.sync.read(file);
}
