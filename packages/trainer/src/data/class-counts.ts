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

/** Names listed of many classes. */
const LISTED = 8;

/** One sentence for classes that no training sample, or no test sample, is of. */
export function classNotices({
  name,
  train,
  test,
  labels,
  output,
}: Pick<Dataset, 'name' | 'train' | 'test' | 'labels' | 'output'>): string[] {
  if (output !== undefined) return output.task === 'anomaly' ? anomalyNotices(name, test) : [];
  return (
    [
      ['training', train],
      ['test', test],
    ] as const
  ).flatMap(([part, samples]) => {
    const present = new Set(samples.labels);
    const absent = labels.filter((_, label) => !present.has(label));
    if (absent.length === 0) return [];
    const listed = absent.slice(0, LISTED).join(', ') + (absent.length > LISTED ? ', …' : '');
    const meaning =
      part === 'training'
        ? 'the network has outputs for them that learn nothing. Number classes from 0 without gaps'
        : 'the score says nothing of them';
    return [`${name}: ${absent.length} of ${labels.length} classes have no ${part} sample (${listed}): ${meaning}.`];
  });
}

function anomalyNotices(name: string, { labels }: Samples): string[] {
  if (labels.some((label) => label !== 0)) return [];
  return [`${name}: no test sample is abnormal: how well anomalies are told from normal samples cannot be said.`];
}
