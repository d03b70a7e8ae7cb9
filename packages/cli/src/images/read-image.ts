// PNG and JPEG files to grey pictures. Sizes are checked before anything is allocated.
import { readFile, stat } from 'node:fs/promises';
import jpeg from 'jpeg-js';
import { PNG } from 'pngjs';
import { CliError } from '../errors.js';
import type { Picture } from '../render/picture.js';

const MAX_FILE_BYTES = 32 * 2 ** 20;
const MAX_PIXELS = 24_000_000;

interface Rgba {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/**
 * Reads a picture as grey values (ITU-R BT.601 luma) on a white ground where it is transparent.
 * @throws CliError `unsupported-image` for other formats, damaged files and more than 24 million pixels.
 */
export async function readImage(path: string): Promise<Picture> {
  const { size } = await stat(path);
  if (size > MAX_FILE_BYTES) throw unsupported(path, `has ${size} bytes, at most ${MAX_FILE_BYTES} are read`);
  return decodeImage(await readFile(path), path);
}

/** The decoding part of `readImage`; `name` stands for the file in messages. */
export function decodeImage(file: Uint8Array, name: string): Picture {
  const decode = decoderOf(file);
  if (decode === undefined) throw unsupported(name, 'is neither PNG nor JPEG; convert it to one of them');
  let image: Rgba;
  try {
    image = decode(file, name);
  } catch (cause) {
    if (cause instanceof CliError) throw cause;
    throw unsupported(name, `is damaged (${cause instanceof Error ? cause.message : String(cause)})`, cause);
  }
  const { width, height, data } = image;
  const pixels = new Uint8Array(width * height);
  for (let i = 0; i < pixels.length; i++) {
    const luma = 0.299 * data[4 * i]! + 0.587 * data[4 * i + 1]! + 0.114 * data[4 * i + 2]!;
    const alpha = data[4 * i + 3]! / 255;
    pixels[i] = Math.round(luma * alpha + 255 * (1 - alpha));
  }
  return { width, height, pixels };
}

function decoderOf(file: Uint8Array): ((file: Uint8Array, name: string) => Rgba) | undefined {
  if (file[0] === 0x89 && file[1] === 0x50 && file[2] === 0x4e && file[3] === 0x47) return decodePng;
  if (file[0] === 0xff && file[1] === 0xd8) return decodeJpeg;
  return undefined;
}

/** Offset of width and height in the IHDR chunk, which is always the first one (PNG specification, 11.2.2). */
const IHDR_WIDTH_OFFSET = 16;

function decodePng(file: Uint8Array, name: string): Rgba {
  if (file.length < IHDR_WIDTH_OFFSET + 8) throw unsupported(name, 'is a truncated PNG');
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const width = view.getUint32(IHDR_WIDTH_OFFSET);
  const height = view.getUint32(IHDR_WIDTH_OFFSET + 4);
  if (width * height > MAX_PIXELS)
    throw unsupported(name, `has ${width}×${height} pixels, at most ${MAX_PIXELS} are read`);
  return PNG.sync.read(Buffer.from(file.buffer, file.byteOffset, file.byteLength));
}

function decodeJpeg(file: Uint8Array): Rgba {
  return jpeg.decode(file, { useTArray: true, maxResolutionInMP: MAX_PIXELS / 1e6, maxMemoryUsageInMB: 512 });
}

function unsupported(name: string, reason: string, cause?: unknown): CliError {
  return new CliError('unsupported-image', `${name} ${reason}.`, cause === undefined ? undefined : { cause });
}
