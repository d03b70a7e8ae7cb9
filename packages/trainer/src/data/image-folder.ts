// Data sets as folders: <part>/<class>/<image>.png, .jpg or .jpeg; the class is the folder's name.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Samples } from '../engine/engine.js';
import { TrainerError } from '../errors.js';
import { readBounded } from './compressed-file.js';
import { decodeImage } from './image-file.js';
import type { LoadBudget } from './load-budget.js';
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
  budget: LoadBudget,
): Promise<FolderSamples> {
  const files: { readonly path: string; readonly number: number }[] = [];
  for (const [number, label] of labels.entries()) {
    const names = (await list(join(folder, label)))
      .map(({ name }) => name)
      .filter((name) => /\.(png|jpe?g)$/i.test(name));
    files.push(...names.sort().map((name) => ({ path: join(folder, label, name), number })));
  }
  if (files.length === 0)
    throw new TrainerError('data-not-found', `${folder} has no .png, .jpg or .jpeg file in its class folders.`);
  let wanted = size;
  let samples = new Uint8Array(0);
  let features = 0;
  let transparent = 0;
  const ground = background === 'ignore' ? undefined : background;
  for (const [i, { path }] of files.entries()) {
    const image = decodeImage(await readBounded(path), channels, path, ground, budget);
    if (image.hasTransparency) transparent++;
    wanted ??= [image.height, image.width];
    if (i === 0) {
      features = channels * wanted[0] * wanted[1];
      budget.take(features * files.length, `${folder} (${files.length} images of ${wanted.join('×')} pixels)`);
      samples = new Uint8Array(features * files.length);
    }
    if (!size && (image.height !== wanted[0] || image.width !== wanted[1])) {
      throw new TrainerError(
        'invalid-data',
        `${path} has ${image.height}×${image.width} pixels, the first image ${wanted.join('×')}. Give --data-size height,width (key \`size\`) to resize all.`,
      );
    }
    samples.set(resizeImages(image.bytes, [image.height, image.width], wanted), i * features);
  }
  return {
    samples: { count: files.length, bytes: samples, labels: Uint16Array.from(files, ({ number }) => number) },
    height: wanted![0],
    width: wanted![1],
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
