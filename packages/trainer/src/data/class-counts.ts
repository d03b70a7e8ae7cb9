// What a data set's class counts say before hours of training: nothing to tell apart, no test part, classes without samples.

import type { Samples } from '../engine/engine.js';
import { TrainerError } from '../errors.js';
import type { Dataset } from './dataset.js';

/**
 * Training ends with a score on the test part, and learns to tell classes apart: both must be there.
 * @throws TrainerError `invalid-data`
 */
export function requireBothParts({
  name,
  train,
  test,
  output,
}: Pick<Dataset, 'name' | 'train' | 'test' | 'output'>): void {
  if (test.count === 0) {
    throw new TrainerError(
      'invalid-data',
      `${name}: there is no test sample, and a run ends with a score on the test part. Give a test part, or more of the ${train.count} training samples to it (testShare, --data-test-share).`,
    );
  }
  if (output !== undefined) return;
  const [only, ...others] = new Set(train.labels);
  if (others.length === 0) {
    throw new TrainerError(
      'invalid-data',
      `${name}: all ${train.count} training samples are of class ${only}; two classes or more are wanted, there is nothing to tell apart.`,
    );
  }
}

/** Fewer training samples than this teach nothing. */
const MIN_TRAINING = 10;
/** Of each class: one to train with and one for validation; the test part has one more. */
const MIN_OF_CLASS = 2;

/**
 * Of one's own data there must be enough: 10 training samples, of each class 2 and 1 in the test part. A score over fewer says nothing.
 * @param mayLackClasses whether a class may have no sample at all: a network that is trained further knows it already
 * @throws TrainerError `invalid-data`, in one sentence with the remedy
 */
export function requireLearnable(
  dataset: Pick<Dataset, 'name' | 'train' | 'test' | 'labels' | 'output'>,
  mayLackClasses = false,
): void {
  requireBothParts(dataset);
  const { name, train, test, labels, output } = dataset;
  if (train.count < MIN_TRAINING) {
    throw new TrainerError(
      'invalid-data',
      `${name}: there are ${train.count} training samples, fewer than can be learned from; at least ${MIN_TRAINING} are wanted. Collect more (or cut shorter windows with --window and --hop).`,
    );
  }
  if (output?.task === 'regression' && train.targets!.every((target) => target === train.targets![0])) {
    throw new TrainerError(
      'invalid-data',
      `${name}: all training samples have the value ${train.targets![0]}; there is nothing to predict. Name another column with --label.`,
    );
  }
  if (output !== undefined) return;
  const count = ({ labels: numbers }: Samples, label: number) =>
    numbers.reduce((sum, number) => sum + (number === label ? 1 : 0), 0);
  const [first, ...more] = [...labels.keys()].filter((label) => {
    const [training, tested] = [count(train, label), count(test, label)];
    return mayLackClasses && training + tested === 0 ? false : training < MIN_OF_CLASS || tested === 0;
  });
  if (first === undefined) return;
  const others = more.length > 0 ? ` (and ${more.length} more)` : '';
  throw new TrainerError(
    'invalid-data',
    `${name}: the class ${labels[first]}${others} has ${count(train, first)} training and ${count(test, first)} test samples; at least ${MIN_OF_CLASS} and 1 are wanted. Collect more of it, leave its samples out, or give the test part another share with --data-test-share.`,
  );
}

/** Names listed of many classes. */
const LISTED = 8;

/** One sentence for classes, or labels, that no training sample, or no test sample, is of. */
export function classNotices({
  name,
  train,
  test,
  labels,
  output,
}: Pick<Dataset, 'name' | 'train' | 'test' | 'labels' | 'output'>): string[] {
  if (output?.task === 'anomaly') return anomalyNotices(name, test);
  if (output?.task === 'regression') return [];
  const what = output === undefined ? 'classes' : 'labels';
  return (
    [
      ['training', train],
      ['test', test],
    ] as const
  ).flatMap(([part, samples]) => {
    const present = output === undefined ? new Set(samples.labels) : labelsOf(samples, labels.length);
    const absent = labels.filter((_, label) => !present.has(label));
    if (absent.length === 0) return [];
    const listed = absent.slice(0, LISTED).join(', ') + (absent.length > LISTED ? ', …' : '');
    const meaning =
      part === 'training'
        ? `the network has outputs for them that learn nothing${output === undefined ? '. Number classes from 0 without gaps' : ''}`
        : 'the score says nothing of them';
    return [`${name}: ${absent.length} of ${labels.length} ${what} have no ${part} sample (${listed}): ${meaning}.`];
  });
}

/** Labels that a sample has at least. */
function labelsOf({ targets = new Float32Array(0) }: Samples, count: number): Set<number> {
  const found = new Set<number>();
  for (const [i, target] of targets.entries()) if (target > 0) found.add(i % count);
  return found;
}

function anomalyNotices(name: string, { labels }: Samples): string[] {
  if (labels.some((label) => label !== 0)) return [];
  return [`${name}: no test sample is abnormal: how well anomalies are told from normal samples cannot be said.`];
}
