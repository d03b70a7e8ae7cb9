// What a graph's outputs mean where the data ask for no class: values of a regression, labels.
import type { OutputSpec } from '@bitnetmcu/models/internal';
import type { Dataset } from '@bitnetmcu/trainer';
import { CliError } from '../errors.js';

/** Mean and deviation of each target of the training part. */
function targetMoments({ train }: Dataset, outputs: number): { mean: number; deviation: number }[] {
  return Array.from({ length: outputs }, (_, column) => {
    const targets = Array.from({ length: train.count }, (_, i) => train.targets![i * outputs + column]!);
    const mean = targets.reduce((sum, target) => sum + target, 0) / targets.length;
    const deviation = Math.sqrt(targets.reduce((sum, target) => sum + (target - mean) ** 2, 0) / targets.length);
    return { mean, deviation: deviation || 1 };
  });
}

/** Answers that are (value − mean)/deviation as values. */
export function inUnits(dataset: Dataset, logits: Float64Array): Float64Array {
  const moments = targetMoments(dataset, dataset.labels.length);
  return logits.map((logit, i) => {
    const { mean, deviation } = moments[i % moments.length]!;
    return logit * deviation + mean;
  });
}

/** Answers are held within the training targets, and this share of their range more at both ends, as those of trained networks are. */
const MARGIN = 0.5;

/**
 * What a graph's outputs mean for the data's task; undefined for classes.
 * @param activation what the graph makes of its logits at its end, which is left out
 * @throws CliError `usage` where the graph cannot answer so
 */
export function outputFor(
  dataset: Dataset,
  outputs: number,
  activation: string | undefined,
  standardizedTargets: boolean,
): OutputSpec | undefined {
  const { output, labels, name, train } = dataset;
  if (output === undefined) return undefined;
  if (output.task === 'anomaly') {
    throw new CliError(
      'usage',
      'Anomalies are found by autoencoders that `bitnetmcu train --task anomaly` trains; leave out --data-task anomaly to import the graph as a classifier.',
    );
  }
  if (outputs !== labels.length) {
    throw new CliError(
      'usage',
      `The graph gives ${outputs} ${outputs === 1 ? 'number' : 'numbers'} a sample, ${name} has ${labels.length} ${output.task === 'regression' ? 'values' : 'labels'} to be predicted (${labels.slice(0, 5).join(', ')}); as many are wanted.`,
    );
  }
  if (output.task === 'multiLabel') return { task: 'multiLabel' };
  if (activation !== undefined) {
    throw new CliError(
      'usage',
      `The graph ends in a ${activation}, which the integer network leaves out, and a regression needs its values: end it in a linear layer, and give targets in their own unit.`,
    );
  }
  const moments = targetMoments(dataset, outputs);
  const values = output.values.map(({ name: value, unit, decimals }, column) => {
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let i = 0; i < train.count; i++) {
      low = Math.min(low, train.targets![i * outputs + column]!);
      high = Math.max(high, train.targets![i * outputs + column]!);
    }
    const margin = MARGIN * (high - low || 1);
    const scale = standardizedTargets ? moments[column]! : { mean: 0, deviation: 1 };
    return {
      name: value,
      ...(unit !== undefined && { unit }),
      decimals,
      ...scale,
      low: low - margin,
      high: high + margin,
    };
  });
  return { task: 'regression', values };
}
