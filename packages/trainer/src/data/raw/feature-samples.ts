// Samples of features: windows of signals as int16, the integers that the front end makes of them, scaled by what the training part shows.
import { isDeepStrictEqual } from 'node:util';
import { computeFrontEnd, type FrontEnd, frontEndShape, windowOf } from '@bitnetmcu/models/internal';
import { TrainerError } from '../../errors.js';
import type { FeatureKeys } from '../features-spec.js';
import type { ModelInput } from '../read-like.js';
import { runInSlices, type Steps } from '../slices.js';
import { designFrontEnd, namesOfFeatures, type SignalForm } from './design-front-end.js';
import { type RawSamples, rawSamples } from './raw-samples.js';
import { arrayRows } from './value-rows.js';

interface FeatureSource extends SignalForm {
  /** For each window: 1 of the training part, 0 of the test part. */
  readonly parts: Uint8Array;
  /** Windows of the training part that the scale is learned from; absent: all. */
  readonly isLearnedFrom?: ((window: number) => boolean) | undefined;
  /** The int16 of a channel of a window at a time step. */
  at(window: number, channel: number, step: number): number;
  readonly like?: ModelInput | undefined;
  /** Of the channels, what a missing value counts as. */
  readonly means: readonly number[];
  /** Values beyond int16. */
  readonly clamped: number;
}

export interface FeatureSamples extends RawSamples {
  readonly frontEnd: FrontEnd;
}

/** @throws TrainerError `invalid-data` where the features do not suit the signals */
export async function featureSamples(keys: FeatureKeys, source: FeatureSource): Promise<FeatureSamples> {
  const frontEnd = source.like?.frontEnd
    ? frontEndOf(source.like.frontEnd, keys, source)
    : designFrontEnd(keys, source);
  const shape = frontEndShape(frontEnd);
  const values = await runInSlices(featureSteps(frontEnd, source));
  const width = shape.reduce((all: number, size) => all * size, 1);
  const learned = await rawSamples({
    rows: arrayRows(values, width),
    parts: source.parts,
    isLearnedFrom: source.isLearnedFrom,
    shape,
    kind: frontEnd.frames === 1 ? 'table' : 'signal',
    names: namesOfFeatures(frontEnd, source.names),
    type: 'i32',
    areBytes: false,
    // A front end gives all of its features.
    constants: 'keep',
    like: source.like,
    source: source.source,
  });
  return { ...learned, frontEnd, means: source.means, notes: [...notesOf(frontEnd, source, keys), ...learned.notes] };
}

/** That of a model. @throws TrainerError `invalid-data` where the signals are others than it reads, or other features are asked for */
function frontEndOf(frontEnd: FrontEnd, keys: FeatureKeys, source: FeatureSource): FrontEnd {
  const { channels, window } = source;
  if (channels !== frontEnd.channels || window < windowOf(frontEnd)) {
    throw new TrainerError(
      'invalid-data',
      `${source.source}: a sample has ${window} values of ${channels} channels, and the model reads ${windowOf(frontEnd)} of ${frontEnd.channels}. Read the data as in training (--data-window, --data-columns; keys \`window\`, \`columns\`).`,
    );
  }
  if (keys.features !== undefined && !isDeepStrictEqual(designFrontEnd(keys, source), frontEnd)) {
    throw new TrainerError(
      'invalid-data',
      `${source.source}: the features, frames, window or rate are not those that the model was trained with. Leave out --data-features and what belongs to it (keys \`features\`, \`filters\`, \`frame\`), and read the data as in training.`,
    );
  }
  return frontEnd;
}

function* featureSteps(frontEnd: FrontEnd, { parts, at }: FeatureSource): Steps<Int32Array> {
  const { channels } = frontEnd;
  const length = windowOf(frontEnd);
  const x = new Int16Array(channels * length);
  const size = frontEndShape(frontEnd).reduce((all: number, one) => all * one, 1);
  const result = new Int32Array(parts.length * size);
  for (let window = 0; window < parts.length; window++) {
    for (let channel = 0; channel < channels; channel++) {
      for (let step = 0; step < length; step++) x[channel * length + step] = at(window, channel, step);
    }
    result.set(computeFrontEnd(frontEnd, x), window * size);
    yield;
  }
  return result;
}

function notesOf(frontEnd: FrontEnd, source: FeatureSource, { features = [], filters = [] }: FeatureKeys): string[] {
  const { channels, frame, hop, frames } = frontEnd;
  const read = windowOf(frontEnd);
  const which = `${features.join(', ')}${filters.length > 0 ? ` behind ${filters.join(', ')}` : ''}`;
  const of = frames === 1 ? `all ${frame} values` : `${frames} frames of ${frame} values, a new one every ${hop}`;
  const title = source.source;
  return [
    `${title}: the network reads ${which} of ${of} of ${channels === 1 ? 'the channel' : `each of ${channels} channels`}, computed in integers here and on the device (--features, key \`features\`).`,
    ...(frontEnd.decimals ? [`${title}: the device gives int16: ${decimalsText(source)}.`] : []),
    ...(read < source.window ? [`${title}: the last ${source.window - read} values of a window are in no frame.`] : []),
    ...(source.clamped > 0
      ? [`${title}: ${source.clamped} values are beyond int16 and count as its end, −32768 or 32767.`]
      : []),
  ];
}

/** x, y: value · 100; z: value · 1 */
function decimalsText({ decimals, names }: FeatureSource): string {
  const kinds = [...new Set(decimals)];
  if (kinds.length === 1) return `value · ${10 ** kinds[0]!}`;
  return kinds
    .map((kind) => {
      const which = names.filter((_, i) => decimals[i] === kind).map(({ name }) => name);
      const shown = which.length > 5 ? [...which.slice(0, 5), '…'] : which;
      return `${shown.join(', ')}: value · ${10 ** kind}`;
    })
    .join('; ');
}
