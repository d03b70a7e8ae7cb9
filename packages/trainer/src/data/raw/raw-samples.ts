// From rows of numbers, divided into training and test, to samples: scaling learned from the training rows, constants left out.
import type { Shape } from '@bitnetmcu/models';
import type { RawInput, RawType } from '@bitnetmcu/models/internal';
import { TrainerError } from '../../errors.js';
import { type ModelInput, meansLike, placesOfFeatures } from '../read-like.js';
import { giveWay } from '../slices.js';
import { worstFirst } from '../worst-first.js';
import { type FeatureStatistics, measureFeatures } from './feature-statistics.js';
import { type QuantizedRows, quantizeRows, type RowQuantization } from './quantize-rows.js';
import { type FeatureName, rawInputOf } from './raw-features.js';
import type { ValueRows } from './value-rows.js';

export interface RawSource {
  readonly rows: ValueRows;
  /** 1 for each row of the training part, 0 of the test part, 2 of neither. */
  readonly parts: Uint8Array;
  /** Rows of the training part that the scale is learned from, those that are normal; absent: all. */
  readonly isLearnedFrom?: ((row: number) => boolean) | undefined;
  /** Of a table, what a row is; of a signal, [channels, 1, values of a channel in a row]. */
  readonly shape: Shape;
  readonly kind: RawInput['kind'];
  /** One a feature. */
  readonly names: readonly FeatureName[];
  readonly type?: RawType | undefined;
  /** Whether the file has bytes. */
  readonly areBytes: boolean;
  /** Whether the values are integers of the type already. */
  readonly areTyped?: boolean | undefined;
  /** Whether skewed columns may be taken by their logarithm. Default `auto`: they may. */
  readonly curve?: 'auto' | 'linear' | undefined;
  readonly constants: 'drop' | 'keep';
  /** The model that the samples are for; absent: the scale is learned. */
  readonly like?: ModelInput | undefined;
  /** What messages call the data. */
  readonly source: string;
}

export interface RawSamples {
  readonly raw: RawInput;
  /** As the source's, without the features that are left out. */
  readonly shape: Shape;
  readonly train: QuantizedRows;
  readonly test: QuantizedRows;
  /** What a missing value counts as, of each feature, or of each channel that features are computed of. */
  readonly means: readonly number[];
  readonly notes: readonly string[];
}

/** Features that a sentence names. */
const NAMED = 5;

/** @throws TrainerError `invalid-data` where no feature is left, or numbers are beyond what raw types hold. */
export async function rawSamples(source: RawSource): Promise<RawSamples> {
  const { rows, parts, shape, kind, names, constants, isLearnedFrom = () => true } = source;
  const run = kind === 'table' ? 1 : rows.width / shape[0]!;
  const isTraining = parts.map((part, row) => (part === 1 && isLearnedFrom(row) ? 1 : 0));
  const statistics = await measureFeatures({ rows, isTraining, run });
  await giveWay();
  const known = source.like?.raw;
  const kept = known
    ? placesOfFeatures(known, kind, names, source.source)
    : [...statistics.keys()].filter((i) => constants === 'keep' || !isConstant(statistics[i]!));
  if (!known) requireValues(source, kept, statistics);
  const left = kept.map((i) => statistics[i]!);
  const keptNames = kept.map((i) => names[i]!);
  const tellsConstants = source.isLearnedFrom !== undefined;
  const raw = known ?? (await rawInputOf(left, keptNames, { ...source, kind, tellsConstants }));
  const outShape: Shape = kind === 'table' ? [kept.length] : [kept.length, shape[1]!, shape[2]!];
  const means = meansLike(source.like, left.length) ?? left.map(({ mean }) => mean);
  const quantization: RowQuantization = {
    raw,
    shape: kind === 'table' ? outShape : [kept.length, 1, run],
    kept: Uint32Array.from(kept.flatMap((i) => Array.from({ length: run }, (_, k) => i * run + k))),
    means: Float64Array.from(means.flatMap((mean) => Array<number>(run).fill(mean))),
  };
  await giveWay();
  const quantized = (choose: (row: number) => boolean) =>
    quantizeRows(
      rows,
      parts.reduce((sum, _, row) => sum + (choose(row) ? 1 : 0), 0),
      choose,
      quantization,
    );
  const train = await quantized((row) => parts[row] === 1);
  const test = await quantized((row) => parts[row] === 0);
  // What is not learned from is abnormal, and to be out of range is what it is there for.
  const normal = (part: number, all: QuantizedRows) =>
    source.isLearnedFrom ? quantized((row) => parts[row] === part && isLearnedFrom(row)) : all;
  return {
    raw,
    shape: outShape,
    train,
    test,
    means,
    notes: [
      ...(known ? [] : constantNote(source, statistics, kept)),
      ...clampedNotes(raw, await normal(1, train), 'training', source),
      ...clampedNotes(raw, await normal(0, test), 'test', source),
    ],
  };
}

/** @throws TrainerError `invalid-data` where all that is kept is constant, or something has no value */
function requireValues(
  { source, names, kind }: RawSource,
  kept: readonly number[],
  statistics: readonly FeatureStatistics[],
): void {
  const what = kind === 'table' ? 'column' : 'channel';
  const empty = kept.find((i) => statistics[i]!.count === 0);
  if (empty !== undefined) {
    throw new TrainerError(
      'invalid-data',
      `${source}: ${what} ${names[empty]!.name} has no value in the training part. Leave it out with --ignore (key \`ignore\`).`,
    );
  }
  if (kept.some((i) => !isConstant(statistics[i]!))) return;
  throw new TrainerError(
    'invalid-data',
    `${source}: every ${what} has one value only in the training part; there is nothing to learn from.`,
  );
}

const isConstant = ({ count, smallest, largest }: FeatureStatistics): boolean => count === 0 || smallest === largest;

function constantNote(
  { source, names, kind, isLearnedFrom }: RawSource,
  statistics: readonly FeatureStatistics[],
  kept: readonly number[],
): string[] {
  const stays = new Set(kept);
  const dropped = [...statistics.keys()].filter((i) => !stays.has(i));
  if (dropped.length === 0) return [];
  const named = dropped.slice(0, NAMED).map((i) => names[i]!.name);
  const what = kind === 'table' ? 'column' : 'channel';
  return [
    `${source}: ${dropped.length} ${dropped.length === 1 ? `${what} has` : `${what}s have`} one value in all training samples and ${dropped.length === 1 ? 'is' : 'are'} left out (${named.join(', ')}${dropped.length > NAMED ? ', …' : ''}; --data-constants keep, key \`constants\`${isLearnedFrom ? ': then any other value is abnormal' : ''}).`,
  ];
}

/** Less than this of a feature's training values outside its range is what 4 deviations leave outside; of test values all is said. */
const EXPECTED_OUTSIDE = 0.02;

function clampedNotes(
  raw: RawInput,
  { bytes, clamped }: QuantizedRows,
  part: 'training' | 'test',
  { source, like, isLearnedFrom }: RawSource,
): string[] {
  const values = bytes.length / raw.features.length;
  const what = raw.kind === 'table' ? 'column' : 'channel';
  const title = (name: string) => (name.startsWith(`${what} `) ? name : `${what} ${name}`);
  const few = part === 'training' ? EXPECTED_OUTSIDE : 0;
  const worst = worstFirst(clamped, values, (i) => `${title(raw.features[i]!.name)}:`, few);
  if (!worst) return [];
  const learned =
    part === 'training'
      ? 'training values further than 4 deviations from the mean'
      : 'test values outside the range of training';
  const of = `${isLearnedFrom ? 'normal ' : ''}${learned}`;
  const all = like?.raw ? `values of the ${part} part outside the range that the model was trained with` : of;
  return [`${source}: ${worst.named} of ${all}${worst.more}; they count as the end of the range.`];
}
