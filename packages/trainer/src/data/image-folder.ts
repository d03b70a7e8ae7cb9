// Data sets as folders: <part>/<class>/<image>.png, .jpg or .jpeg; the class is the folder's name.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Samples } from '../engine/engine.js';
import { TrainerError } from '../errors.js';
import { readBounded } from './compressed-file.js';
import { decodeImage } from './image-file.js';
import { resizeImages } from './resize.js';

/** What lies behind transparent pixels unless told otherwise. */
const WHITE = 255;

export interface ImageFolderOptions {
  /** 1: grey, 3: red, green, blue. */
  readonly channels: 1 | 3;
  /** [height, width] that all images are resized to; absent: all must have the size of the first. */
  readonly size?: readonly [number, number] | undefined;
  /** Grey value, 0 … 255, on which transparent pixels are put; `ignore` takes their stored colour. Default: 255, white paper. */
  readonly background?: number | 'ignore' | undefined;
}

export interface FolderSamples {
  readonly samples: Samples;
  readonly height: number;
  readonly width: number;
  /** Pictures with transparent pixels. */
  readonly transparent: number;
}

/** Class folders of a data set in alphabetical order. @throws TrainerError `data-not-found`. */
export async function classFolders(folder: string): Promise<string[]> {
  const entries = await list(folder);
  const names = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.')).map(({ name }) => name);
  if (names.length > 0) return names.sort();
  throw new TrainerError('data-not-found', `${folder} has no folders; expected one for each class, with its images.`);
}

/**
 * Reads the images of all classes, classes and files in alphabetical order.
 * @throws TrainerError `data-not-found`, `invalid-data` with the file.
 */
export async function readImageFolder(
  folder: string,
  labels: readonly string[],
  { channels, size, background = WHITE }: ImageFolderOptions,
): Promise<FolderSamples> {
  const images: Uint8Array[] = [];
  const numbers: number[] = [];
  let wanted = size;
  let transparent = 0;
  for (const [number, label] of labels.entries()) {
    const files = (await list(join(folder, label)))
      .map(({ name }) => name)
      .filter((name) => /\.(png|jpe?g)$/i.test(name));
    for (const file of files.sort()) {
      const path = join(folder, label, file);
      const image = decodeImage(
        await readBounded(path),
        channels,
        path,
        background === 'ignore' ? undefined : background,
      );
      if (image.hasTransparency) transparent++;
      wanted ??= [image.height, image.width];
      if (!size && (image.height !== wanted[0] || image.width !== wanted[1])) {
        throw new TrainerError(
          'invalid-data',
          `${path} has ${image.height}×${image.width} pixels, the first image ${wanted.join('×')}. Give --data-size height,width (key \`size\`) to resize all.`,
        );
      }
      images.push(resizeImages(image.bytes, [image.height, image.width], wanted));
      numbers.push(number);
    }
  }
  if (!wanted)
    throw new TrainerError('data-not-found', `${folder} has no .png, .jpg or .jpeg file in its class folders.`);
  return {
    samples: { count: images.length, bytes: Buffer.concat(images), labels: Uint16Array.from(numbers) },
    height: wanted[0],
    width: wanted[1],
    transparent,
  };
}

async function list(folder: string) {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (cause) {
    throw new TrainerError('data-not-found', `${folder} cannot be read: ${(cause as Error).message}`, { cause });
  }
}
