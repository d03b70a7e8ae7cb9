// A data set of classes as one of normal and abnormal samples: trained on normal ones alone, tested on both.

import type { Samples } from '../engine/engine.js';
import { TrainerError } from '../errors.js';
import { saysOneClass } from './classes.js';
import { type Dataset, datasetSteps, selectSamples } from './dataset.js';
import { runSteps } from './slices.js';

export const ANOMALY_LABELS = ['normal', 'abnormal'] as const;

/** Names that say by themselves that a class is the normal one. */
const NORMAL_NAME = /^(normal|nominal|ok|okay|good|healthy|pass|no anomaly|false|0)$/i;

/**
 * Samples of the normal class become label 0, all others label 1. Abnormal training samples go to the test part, since nothing may be learned of them.
 * @param normal name of the normal class; default: the only one, or one of an unmistakable name (normal, ok, good, healthy, 0, …)
 * @throws TrainerError `invalid-data` where there is no such class, or no normal training sample
 */
export function anomalyDataset(dataset: Dataset, normal?: string): Dataset {
  const { name, labels, train, test } = dataset;
  const number = normalClass(dataset, normal);
  const of = ({ labels: all }: Samples, isNormal: boolean) =>
    Uint32Array.from([...all.keys()].filter((i) => (all[i] === number) === isNormal));
  const normals = selectSamples(train, of(train, true));
  const moved = selectSamples(train, of(train, false));
  if (normals.count === 0) {
    throw new TrainerError(
      'invalid-data',
      `${name}: the training part has no sample of the class ${JSON.stringify(labels[number])}, and anomalies are found by what normal samples look like. Name another class as normal (data.normal, --data-normal).`,
    );
  }
  return runSteps(
    datasetSteps({
      ...dataset,
      labels: ANOMALY_LABELS,
      output: { task: 'anomaly' },
      train: { ...normals, labels: normals.labels.map(() => 0) },
      test: joined(
        { ...test, labels: test.labels.map((label) => Number(label !== number)) },
        { ...moved, labels: moved.labels.map(() => 1) },
      ),
      notes: [
        // That there is one class is what normal samples are.
        ...(dataset.notes ?? []).filter((note) => !saysOneClass(note)),
        ...(moved.count > 0 ? [`${moved.count} abnormal training samples are used for the test alone.`] : []),
      ],
    }),
  );
}

/** Whether a class is the normal one, by the name that was given, or else by its own. */
export function isNormalName(label: string, normal: string | undefined): boolean {
  return normal === undefined ? NORMAL_NAME.test(label) : label === normal;
}

/** The number of the class that is normal. @throws TrainerError `invalid-data` where that is not said, or there is none of that name */
export function normalClass({ name, labels }: Pick<Dataset, 'name' | 'labels'>, normal: string | undefined): number {
  const candidates = labels.flatMap((label, i) =>
    isNormalName(label, normal) || (normal === undefined && labels.length === 1) ? [i] : [],
  );
  if (candidates.length === 1) return candidates[0]!;
  const found =
    normal === undefined ? 'Which class is normal is not said' : `There is no class ${JSON.stringify(normal)}`;
  const listed =
    labels
      .slice(0, 10)
      .map((label) => JSON.stringify(label))
      .join(', ') + (labels.length > 10 ? ', …' : '');
  throw new TrainerError(
    'invalid-data',
    `${name}: ${found}; the classes are ${listed}. Name one of them as normal (data.normal, --data-normal).`,
  );
}

/**
 * Of data for a model, what is normal has to be said by a name: that they have one class does not say it, unless they are those of its training.
 * @param data with the classes, and as normal and abnormal
 * @throws TrainerError `invalid-data`
 */
export function requireNormalName(
  { name, labels }: Pick<Dataset, 'name' | 'labels'>,
  { sha256 }: Dataset,
  trained: string | undefined,
): void {
  const [only] = labels;
  if (labels.length !== 1 || NORMAL_NAME.test(only!) || sha256 === trained) return;
  throw new TrainerError(
    'invalid-data',
    `${name}: all samples are of the class ${JSON.stringify(only)}, and that it is the normal one is not said. Name the normal class (data.normal, --data-normal).`,
  );
}

function joined(a: Samples, b: Samples): Samples {
  if (b.count === 0) return a;
  const bytes = new Uint8Array(a.bytes.length + b.bytes.length);
  bytes.set(a.bytes);
  bytes.set(b.bytes, a.bytes.length);
  return { count: a.count + b.count, bytes, labels: Uint16Array.from([...a.labels, ...b.labels]) };
}
