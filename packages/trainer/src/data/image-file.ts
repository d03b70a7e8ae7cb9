// Decodes PNG and JPEG files to 8-bit grey or RGB pixels, with limits that hold before memory is taken.
import jpeg from 'jpeg-js';
import { PNG } from 'pngjs';
import { TrainerError } from '../errors.js';
import { MAX_PIXELS } from './limits.js';
import { LoadBudget } from './load-budget.js';
import { checkPng } from './png-header.js';

/** Pixels, channel after channel. */
export interface Image {
  readonly channels: 1 | 3;
  readonly height: number;
  readonly width: number;
  readonly bytes: Uint8Array;
}

/** What a JPEG of MAX_PIXELS takes while it is decoded. */
const JPEG_MEGABYTES = 512;
const PNG_MAGIC = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/**
 * Decodes a PNG or JPEG image; grey is Rec. 601 luma as Pillow's `convert('L')` computes it.
 * @param background grey value, 0 … 255, that shows through transparent pixels; without it transparency is ignored, as Pillow does.
 * @param budget of the load that the image belongs to
 * @throws TrainerError `invalid-data`.
 */
export function decodeImage(
  bytes: Uint8Array,
  channels: 1 | 3,
  source: string,
  background?: number,
  budget = new LoadBudget(),
): Image {
  const { width, height, data } = decodeRgba(bytes, source, budget);
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

interface Rgba {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

function decodeRgba(bytes: Uint8Array, source: string, budget: LoadBudget): Rgba {
  try {
    if (PNG_MAGIC.every((byte, i) => bytes[i] === byte)) return decodePng(bytes, source, budget);
    if (bytes[0] === 0xff && bytes[1] === 0xd8) return decodeJpeg(bytes, source, budget);
  } catch (cause) {
    if (cause instanceof TrainerError) throw cause;
    throw new TrainerError('invalid-data', `${source} does not decode: ${(cause as Error).message}`, { cause });
  }
  throw new TrainerError('invalid-data', `${source} is neither a PNG nor a JPEG image.`);
}

function decodePng(bytes: Uint8Array, source: string, budget: LoadBudget): Rgba {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  budget.takePicture(checkPng(file, source), file.length, source);
  return PNG.sync.read(file);
}

function decodeJpeg(bytes: Uint8Array, source: string, budget: LoadBudget): Rgba {
  const image = jpeg.decode(bytes, {
    useTArray: true,
    maxResolutionInMP: MAX_PIXELS / 1e6,
    maxMemoryUsageInMB: JPEG_MEGABYTES,
  });
  budget.takePicture(3 * image.width * image.height, bytes.length, source);
  return image;
}
