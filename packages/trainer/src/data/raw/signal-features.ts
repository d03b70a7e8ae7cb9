// Features of signals as tables and arrays have them: rows that are signals, or moments that are cut into windows.
import { TrainerError } from '../../errors.js';
import type { FeatureKeys } from '../features-spec.js';
import { type ModelInput, meansLike } from '../read-like.js';
import { type FeatureSamples, featureSamples } from './feature-samples.js';
import { measureFeatures } from './feature-statistics.js';
import { decimalsOfChannels, int16Rows } from './int16-signals.js';
import type { RawSource } from './raw-samples.js';

interface FeaturesWanted extends FeatureKeys {
  readonly like?: ModelInput | undefined;
}

/** Whether the spec asks for features, or the model that samples are for reads them. */
export const wantsFeatures = ({ features, like }: FeaturesWanted): boolean =>
  features !== undefined || like?.frontEnd !== undefined;

/** @throws TrainerError `invalid-data` where features are asked for, of samples that are no signals */
export function requireSignals(keys: FeaturesWanted, source: string): void {
  if (!wantsFeatures(keys)) return;
  throw new TrainerError(
    'invalid-data',
    `${source}: features (key \`features\`) are of signals, and these samples are none. Where rows are moments, say how many make a sample with --window (key \`window\`); where a row is a signal, give channels,1,length with --data-shape (key \`shape\`; of arrays --data-form signal, key \`form\`).`,
  );
}

/** Every row a signal, channel after channel. @param signals of kind signal, [channels, 1, length] */
export async function rowFeatures(keys: FeatureKeys, signals: RawSource): Promise<FeatureSamples> {
  const channels = signals.shape[0]!;
  const { width } = signals.rows;
  const length = width / channels;
  const { values, ...form } = await asInt16(signals, length);
  return featureSamples(keys, {
    ...form,
    channels,
    window: length,
    parts: signals.parts,
    isLearnedFrom: signals.isLearnedFrom,
    at: (row, channel, step) => values[row * width + channel * length + step]!,
  });
}

interface WindowChoice {
  /** First row of each window. */
  readonly begins: Uint32Array;
  readonly window: number;
  /** Numbers of the windows of the test part. */
  readonly test: Uint32Array;
}

/** Every row a moment, a column a channel. @param signals with the parts of rows */
export async function momentFeatures(
  keys: FeatureKeys,
  signals: RawSource,
  { begins, window, test }: WindowChoice,
): Promise<FeatureSamples> {
  const channels = signals.rows.width;
  const { values, ...form } = await asInt16(signals, 1);
  const parts = new Uint8Array(begins.length).fill(1);
  for (const i of test) parts[i] = 0;
  const { isLearnedFrom } = signals;
  return featureSamples(keys, {
    ...form,
    channels,
    window,
    parts,
    isLearnedFrom: isLearnedFrom && ((i) => isLearnedFrom(begins[i]!)),
    at: (i, channel, step) => values[(begins[i]! + step) * channels + channel]!,
  });
}

/** The signals as the device has them. @param run values of a channel that follow each other in a row */
async function asInt16({ rows, parts, names, type, source, isLearnedFrom, like }: RawSource, run: number) {
  if (type !== undefined && type !== 'i16') {
    throw new TrainerError(
      'invalid-data',
      `${source}: features are computed from int16, and --data-raw-type ${type} (key \`rawType\`) was given. Leave it out.`,
    );
  }
  const isTraining = parts.map((part, row) => (part === 1 && (isLearnedFrom?.(row) ?? true) ? 1 : 0));
  const statistics = await measureFeatures({ rows, isTraining, run });
  const decimals = like?.frontEnd
    ? names.map((_, i) => like.frontEnd!.decimals?.[i] ?? 0)
    : decimalsOfChannels(statistics, names, source);
  const means = meansLike(like, names.length) ?? statistics.map(({ mean }) => mean);
  const { values, clamped } = await int16Rows(rows, decimals, means, run);
  return { values, clamped, means, decimals, names, source, like };
}
