// Decodes PNG and JPEG files to 8-bit grey or RGB pixels, upright, with limits that hold before memory is taken.
import { TrainerError } from '../errors.js';
import { decodeJpeg, endsJpeg, isJpeg, readJpegHeader } from './jpeg-file.js';
import { MAX_PIXELS } from './limits.js';
import { LoadBudget } from './load-budget.js';
import { type Orientation, upright } from './orientation.js';
import { decodePng, endsPng, isPng, readPngHeader } from './png-file.js';
import { checkPng } from './png-header.js';

/** Pixels, channel after channel. */
export interface Image {
  readonly channels: 1 | 3;
  readonly height: number;
  readonly width: number;
  readonly bytes: Uint8Array;
  /** Whether some pixel of the file lets its ground through. */
  readonly hasTransparency: boolean;
  /** How the file said that it is to be turned; the pixels are upright. */
  readonly orientation: Orientation;
  /** Whether the file has the four inks of printers. */
  readonly isCmyk: boolean;
}

/** Other pictures by their bytes, from the given place on. */
const OTHER_FILES: readonly (readonly [at: number, magic: string, name: string])[] = [
  [0, 'GIF8', 'a GIF'],
  [0, 'BM', 'a BMP'],
  [8, 'WEBP', 'a WebP'],
  [4, 'ftypavif', 'an AVIF'],
  [4, 'ftyphe', 'a HEIC'],
  [4, 'ftypmif1', 'a HEIF'],
  [0, 'II*\0', 'a TIFF'],
  [0, 'MM\0*', 'a TIFF'],
];

/**
 * Decodes a PNG or JPEG image and turns it as its Exif orientation says; grey is Rec. 601 luma as Pillow's `convert('L')` computes it.
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
  const { width, height, data, orientation, isCmyk } = decodeRgba(bytes, source, background !== undefined, budget);
  const pixels = width * height;
  const hasTransparency = isTransparent(data);
  if (background !== undefined && hasTransparency) flatten(data, background);
  const result = new Uint8Array(pixels * channels);
  for (let p = 0; p < pixels; p++) {
    const red = data[4 * p]!;
    const green = data[4 * p + 1]!;
    const blue = data[4 * p + 2]!;
    if (channels === 1) result[p] = (red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16;
    else {
      result[p] = red;
      result[pixels + p] = green;
      result[2 * pixels + p] = blue;
    }
  }
  return upright({ channels, height, width, bytes: result, hasTransparency, orientation, isCmyk }, orientation);
}

/** Height and width of an upright picture by its header; undefined where there is none. */
export function readImageSize(bytes: Uint8Array): { height: number; width: number } | undefined {
  const header = isPng(bytes) ? readPngHeader(bytes) : isJpeg(bytes) ? readJpegHeader(bytes) : undefined;
  if (!header || header.height === 0 || header.width === 0) return undefined;
  const { height, width, orientation } = header;
  return orientation >= 5 ? { height: width, width: height } : { height, width };
}

function isTransparent(data: Uint8Array): boolean {
  for (let i = 3; i < data.length; i += 4) if (data[i] !== 255) return true;
  return false;
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
  readonly orientation: Orientation;
  readonly isCmyk: boolean;
}

function decodeRgba(bytes: Uint8Array, source: string, keepTransparent: boolean, budget: LoadBudget): Rgba {
  const refuse = (reason: string, cause?: unknown) =>
    new TrainerError('invalid-data', `${source} ${reason}`, { cause });
  if (!isPng(bytes) && !isJpeg(bytes))
    throw refuse(`is ${otherKind(bytes)}; a PNG or JPEG picture is wanted. Save it as PNG.`);
  const png = isPng(bytes) ? readPngHeader(bytes) : undefined;
  const jpeg = isJpeg(bytes) ? readJpegHeader(bytes) : undefined;
  const header = png ?? jpeg;
  if (!header) throw refuse('does not decode: it is cut short before its size. Get the file again.');
  // The size stands in the header, and is checked before the pixels are decoded.
  const pixels = header.width * header.height;
  if (pixels === 0 || pixels > MAX_PIXELS) {
    throw refuse(`has ${header.width}×${header.height} pixels; 1 to ${MAX_PIXELS} are read. Make the picture smaller.`);
  }
  try {
    const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    budget.takePicture(png ? checkPng(file, source) : 3 * pixels, bytes.length, source);
    const { data } = png ? decodePng(bytes, png, keepTransparent) : decodeJpeg(bytes, jpeg!);
    if (data.length !== 4 * pixels) throw refuse('has a second picture of another size. Save it again as one picture.');
    return {
      width: header.width,
      height: header.height,
      data,
      orientation: header.orientation,
      isCmyk: jpeg?.isCmyk ?? false,
    };
  } catch (cause) {
    if (TrainerError.isInstance(cause)) throw cause;
    // The decoders' own words say nothing to people; they stay as the cause.
    const isWhole = png ? endsPng(bytes) : endsJpeg(bytes);
    const kind = png ? 'PNG' : 'JPEG';
    throw refuse(
      isWhole
        ? `is a damaged ${kind} picture: what it has does not decode. Get the file again, or take it out.`
        : `is a ${kind} picture that is cut off (damaged): its end is not there. Get the file again, or take it out.`,
      cause,
    );
  }
}

/** What a file is that is no PNG and no JPEG, whatever its name says. */
function otherKind(bytes: Uint8Array): string {
  if (bytes.length === 0) return 'an empty file';
  const found = OTHER_FILES.find(
    ([at, magic]) => Buffer.from(bytes.subarray(at, at + magic.length)).toString('latin1') === magic,
  );
  return found ? `${found[2]} picture, whatever its name says` : 'neither a PNG nor a JPEG image';
}
