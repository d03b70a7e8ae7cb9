// What a data set's samples are: rows of a table, windows of signals or images. Presets, recipes and augmentations are for one of them.
import type { Dataset } from '../data/dataset.js';

export type SampleKind = 'table' | 'signal' | 'image';

/** As sentences call them. */
export const SAMPLE_NOUNS: Readonly<Record<SampleKind, string>> = {
  table: 'rows of a table',
  signal: 'windows of signals',
  image: 'images',
};

/** By the raw values where the data set has them, else by the shape. */
export function sampleKind({ raw, shape }: Pick<Dataset, 'raw' | 'shape'>): SampleKind {
  if (raw) return raw.kind;
  if (shape.length === 1) return 'table';
  return shape[1] > 1 ? 'image' : 'signal';
}
