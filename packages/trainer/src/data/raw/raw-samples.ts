// From rows of numbers, divided into training and test, to samples: scaling learned from the training rows, constants left out.
import type { Shape } from '@bitnetmcu/models';
import type { RawInput, RawType } from '@bitnetmcu/models/internal';
import { TrainerError } from '../../errors.js';
import { giveWay } from '../slices.js';
import { type FeatureStatistics, measureFeatures } from './feature-statistics.js';
import { type QuantizedRows, quantizeRows, type RowQuantization } from './quantize-rows.js';
import { type FeatureName, rawInputOf } from './raw-features.js';
import type { ValueRows } from './value-rows.js';

export interface RawSource {
  readonly rows: ValueRows;
  /** 1 for each row of the training part, 0 of the test part, 2 of neither. */
  readonly parts: Uint8Array;
  /** Rows of the training part that the scale is learned from; absent: all. */
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
  readonly constants: 'drop' | 'keep';
  /** What messages call the data. */
  readonly source: string;
}

export interface RawSamples {
  readonly raw: RawInput;
  /** As the source's, without the features that are left out. */
  readonly shape: Shape;
  readonly train: QuantizedRows;
  readonly test: QuantizedRows;
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
  const kept = [...statistics.keys()].filter((i) => constants === 'keep' || !isConstant(statistics[i]!));
  if (kept.length === 0) {
    throw new TrainerError(
      'invalid-data',
      `${source.source}: every column has one value only in the training part; there is nothing to learn from.`,
    );
  }
  const left = kept.map((i) => statistics[i]!);
  const raw = await rawInputOf(
    left,
    kept.map((i) => names[i]!),
    { ...source, kind },
  );
  const outShape: Shape = kind === 'table' ? [kept.length] : [kept.length, shape[1]!, shape[2]!];
  const quantization: RowQuantization = {
    raw,
    shape: kind === 'table' ? outShape : [kept.length, 1, run],
    kept: Uint32Array.from(kept.flatMap((i) => Array.from({ length: run }, (_, k) => i * run + k))),
    means: Float64Array.from(left.flatMap(({ mean }) => Array<number>(run).fill(mean))),
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
    notes: [
      ...constantNote(source, statistics, kept),
      ...clampedNotes(raw, await normal(1, train), 'training', source),
      ...clampedNotes(raw, await normal(0, test), 'test', source),
    ],
  };
}

const isConstant = ({ count, smallest, largest }: FeatureStatistics): boolean => count === 0 || smallest === largest;

function constantNote(
  { source, names, kind }: RawSource,
  statistics: readonly FeatureStatistics[],
  kept: readonly number[],
): string[] {
  const stays = new Set(kept);
  const dropped = [...statistics.keys()].filter((i) => !stays.has(i));
  if (dropped.length === 0) return [];
  const named = dropped.slice(0, NAMED).map((i) => names[i]!.name);
  return [
    `${source}: ${dropped.length} ${kind === 'table' ? 'columns have' : 'channels have'} one value in all training samples and ${dropped.length === 1 ? 'is' : 'are'} left out (${named.join(', ')}${dropped.length > NAMED ? ', …' : ''}; --data-constants keep, key \`constants\`).`,
  ];
}

/** Less than this of a feature's training values outside its range is what 4 deviations leave outside; of test values all is said. */
const EXPECTED_OUTSIDE = 0.02;

function clampedNotes(
  raw: RawInput,
  { bytes, clamped }: QuantizedRows,
  part: 'training' | 'test',
  { source, isLearnedFrom }: RawSource,
): string[] {
  const values = bytes.length / raw.features.length;
  const outside = [...clamped.keys()]
    .filter((i) => clamped[i]! > (part === 'training' ? EXPECTED_OUTSIDE * values : 0))
    .sort((a, b) => clamped[b]! - clamped[a]!);
  if (outside.length === 0) return [];
  const what = raw.kind === 'table' ? 'column' : 'channel';
  const title = (name: string) => (name.startsWith(`${what} `) ? name : `${what} ${name}`);
  const shares = outside
    .slice(0, NAMED)
    .map((i) => `${title(raw.features[i]!.name)}: ${percent(clamped[i]! / values)}`);
  const more = outside.length > NAMED ? `, and ${outside.length - NAMED} more` : '';
  const all =
    part === 'training'
      ? 'training values further than 4 deviations from the mean'
      : 'test values outside the range of training';
  return [
    `${source}: ${shares.join(', ')} of ${isLearnedFrom ? 'normal ' : ''}${all}${more}; they count as the end of the range.`,
  ];
}

const percent = (share: number): string => (share < 0.001 ? 'under 0.1 %' : `${(100 * share).toFixed(1)} %`);
