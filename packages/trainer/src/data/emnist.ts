// EMNIST (Cohen et al. 2017, arXiv:1702.05373) as NIST distributes it: idx files a split, every image transposed.
import { join } from 'node:path';
import { TrainerError } from '../errors.js';
import { type Dataset, makeDataset } from './dataset.js';
import { type IdxArray, idxSamples, readIdx } from './idx.js';
import { MAX_EMNIST_BYTES } from './limits.js';
import { LoadBudget } from './load-budget.js';

const DIGITS = [...'0123456789'];
const UPPER = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
const LOWER = [...'abcdefghijklmnopqrstuvwxyz'];
/** The letters whose small form differs enough from the capital to be a class of its own. */
const DISTINCT_LOWER = [...'abdefghnqrt'];

/** Class names of each split, and the label that the first of them has in the files. */
export const EMNIST_SPLITS = {
  balanced: { labels: [...DIGITS, ...UPPER, ...DISTINCT_LOWER], firstLabel: 0 },
  byclass: { labels: [...DIGITS, ...UPPER, ...LOWER], firstLabel: 0 },
  bymerge: { labels: [...DIGITS, ...UPPER, ...DISTINCT_LOWER], firstLabel: 0 },
  digits: { labels: DIGITS, firstLabel: 0 },
  letters: { labels: UPPER, firstLabel: 1 },
  mnist: { labels: DIGITS, firstLabel: 0 },
} as const satisfies Record<string, { labels: readonly string[]; firstLabel: number }>;

export type EmnistSplit = keyof typeof EMNIST_SPLITS;

/**
 * Reads `emnist-<split>-train-images-idx3-ubyte` and its three siblings (plain or .gz) from a folder.
 * @throws TrainerError `data-not-found` or `invalid-data`.
 */
export async function loadEmnist(folder: string, split: EmnistSplit): Promise<Dataset> {
  const { labels, firstLabel } = EMNIST_SPLITS[split];
  const budget = new LoadBudget(MAX_EMNIST_BYTES);
  const part = async (name: 'train' | 'test') => {
    const images = await readEither(folder, `emnist-${split}-${name}-images-idx3-ubyte`, budget);
    const numbers = await readEither(folder, `emnist-${split}-${name}-labels-idx1-ubyte`, budget);
    const source = `EMNIST ${split} ${name}`;
    return idxSamples(transposed(images, source), fromZero(numbers, firstLabel, source), source);
  };
  const train = await part('train');
  const test = await part('test');
  return makeDataset({ name: `emnist-${split}`, train: train.samples, test: test.samples, shape: train.shape, labels });
}

async function readEither(folder: string, name: string, budget: LoadBudget): Promise<IdxArray> {
  try {
    return await readIdx(join(folder, name), budget);
  } catch (error) {
    if (!TrainerError.isInstance(error) || error.code !== 'data-not-found') throw error;
  }
  try {
    return await readIdx(join(folder, `${name}.gz`), budget);
  } catch (cause) {
    if (!TrainerError.isInstance(cause) || cause.code !== 'data-not-found') throw cause;
    throw new TrainerError(
      'data-not-found',
      `${folder} has neither ${name} nor ${name}.gz. Download EMNIST's "binary format" archive from NIST and unpack it there.`,
      { cause },
    );
  }
}

/** Image by image in their own place: the largest split has half a gigabyte. */
function transposed(images: IdxArray, source: string): IdxArray {
  const [count, width, height] = images.dimensions;
  if (images.dimensions.length !== 3) {
    throw new TrainerError(
      'invalid-data',
      `${source}: images have ${images.dimensions.length} dimensions; expected 3 (count×width×height).`,
    );
  }
  const { values } = images;
  const size = width! * height!;
  const original = new Uint8Array(size);
  for (let at = 0; at < values.length; at += size) {
    original.set(values.subarray(at, at + size));
    for (let x = 0; x < width!; x++) {
      for (let y = 0; y < height!; y++) values[at + y * width! + x] = original[x * height! + y]!;
    }
  }
  return { dimensions: [count!, height!, width!], values };
}

function fromZero(labels: IdxArray, firstLabel: number, source: string): IdxArray {
  if (labels.values.some((label) => label < firstLabel)) {
    throw new TrainerError('invalid-data', `${source}: a label is below ${firstLabel}, the first one of this split.`);
  }
  return { dimensions: labels.dimensions, values: labels.values.map((label) => label - firstLabel) };
}
