// Data for a model that exists: its raw input says how values become integers, and nothing is learned from the data.
import type { Provenance, Shape } from '@bitnetmcu/models';
import { elementCount, type FrontEnd, formatShape, type RawInput, type Task } from '@bitnetmcu/models/internal';
import { TrainerError } from '../errors.js';
import type { Dataset } from './dataset.js';

/** The input of a model, and what it answers. */
export interface ModelInput {
  /** Shape of a sample. */
  readonly shape?: Shape | undefined;
  /** Absent: the model reads bytes, all values on one scale. */
  readonly raw?: RawInput | undefined;
  readonly frontEnd?: FrontEnd | undefined;
  /** Names of its answers: classes, values and labels of the data are taken by them. Absent or none: as the data number them. */
  readonly labels?: readonly string[] | undefined;
  /** Absent: classification. */
  readonly output?: { readonly task: Task } | undefined;
  /** What its training noted of the data. */
  readonly provenance?: Provenance | undefined;
}

/** Whether a model reads bytes, all values on one scale: then tables and arrays are read as such, and nothing is scaled. */
export const readsBytes = (like: ModelInput | undefined): boolean => like !== undefined && like.raw === undefined;

/** @throws TrainerError `invalid-data` for samples that are not what the model reads */
export function requireLike({ name, raw, shape }: Dataset, like: ModelInput): void {
  if (raw === undefined && like.raw === undefined) return;
  if (raw === undefined) {
    throw new TrainerError(
      'invalid-data',
      `${name}: the samples are bytes on one scale, and the model reads raw values, each feature on its own (${listed(like.raw!)}). Give a table or signals as it was trained with, without --data-range (key \`range\`).`,
    );
  }
  if (like.raw === undefined) {
    throw new TrainerError(
      'invalid-data',
      `${name}: the samples are raw values, and the model reads bytes on one scale. Give rows or pictures of bytes, as it was trained with.`,
    );
  }
  if (like.shape === undefined || elementCount(shape) === elementCount(like.shape)) return;
  throw new TrainerError(
    'invalid-data',
    `${name}: samples are ${formatShape(shape)}, and the model reads ${formatShape(like.shape)}. Read the data as in training (--data-window, --data-shape; keys \`window\`, \`shape\`).`,
  );
}

/** What missing values counted as in the training of a model: the mean of each feature, or of each channel of a front end. */
export function meansLike(like: ModelInput | undefined, count: number): readonly number[] | undefined {
  const means: unknown = like?.provenance?.means;
  if (!Array.isArray(means) || means.length !== count || !means.every(Number.isFinite)) return undefined;
  return means;
}

/**
 * Missing values count as in training, never as the mean of other data.
 * @throws TrainerError `invalid-data` where the model does not say as what
 */
export function requireMeans({ name, missing, sha256 }: Dataset, { provenance, frontEnd, raw }: ModelInput): void {
  if (missing === undefined || missing.count === 0 || provenance?.datasetSha256 === sha256) return;
  if (meansLike({ provenance }, frontEnd?.channels ?? raw?.features.length ?? 0)) return;
  throw new TrainerError(
    'invalid-data',
    `${name}: ${missing.count} values are missing, and the model does not say what they counted as in its training. Fill them, leave their rows out with --data-missing drop (key \`missing\`), or train the model with --data-missing mean.`,
  );
}

/**
 * For each feature of a model, its number among the names that the data have.
 * @throws TrainerError `invalid-data` where one is missing, or samples are of another kind
 */
export function placesOfFeatures(
  raw: RawInput,
  kind: RawInput['kind'],
  names: readonly { readonly name: string }[],
  source: string,
): number[] {
  if (raw.kind !== kind) {
    const called = { table: 'rows of a table', signal: 'windows of signals' };
    throw new TrainerError(
      'invalid-data',
      `${source}: samples are ${called[kind]}, and the model reads ${called[raw.kind]}. Read the data as in training (--data-window, --data-shape; keys \`window\`, \`shape\`).`,
    );
  }
  const taken = new Set<number>();
  return raw.features.map(({ name }) => {
    const place = names.findIndex((one, i) => one.name === name && !taken.has(i));
    if (place < 0) {
      const found = names.slice(0, LISTED).map((one) => one.name);
      throw new TrainerError(
        'invalid-data',
        `${source} has no ${name}: the model reads ${listed(raw)}, found are ${found.join(', ')}${names.length > LISTED ? ', …' : ''}. Give the data the columns or channels of training, with the same names.`,
      );
    }
    taken.add(place);
    return place;
  });
}

/** Names that a sentence has at most. */
const LISTED = 8;

function listed({ features }: RawInput): string {
  const names = features.slice(0, LISTED).map(({ name }) => name);
  return `${names.join(', ')}${features.length > LISTED ? ', …' : ''}`;
}
