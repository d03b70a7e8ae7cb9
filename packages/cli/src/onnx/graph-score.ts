// How right a float graph is on labelled samples, by the task of the data.
import { renumberedAccuracy } from '@bitnetmcu/exporter/internal';
import { classOf } from '@bitnetmcu/models';
import { classCount } from '@bitnetmcu/models/internal';
import type { Dataset, Samples } from '@bitnetmcu/trainer';
import { multiLabelScore, regressionScore } from '@bitnetmcu/trainer/internal';
import { percent } from '../render/quantities.js';

/** A score of the float graph, 0 … 1, higher is better; `unit` names it. */
export interface GraphScore {
  readonly value: number;
  readonly text: string;
  /** Of classes, the accuracy where the graph has them in another order; undefined where that is not clearly more. */
  readonly renumbered?: number | undefined;
}

/**
 * Score of logits by the task of the data: accuracy, R², share of labels that are right; undefined where the graph tells another number of classes.
 * @param logits of all samples, in the units of the graph
 */
export function graphScore(dataset: Dataset, samples: Samples, logits: ArrayLike<number>): GraphScore | undefined {
  const outputs = logits.length / samples.count;
  const { targets, labels } = samples;
  switch (dataset.output?.task) {
    case undefined: {
      if (classCount(outputs) !== dataset.labels.length) return undefined;
      const classes = Array.from({ length: samples.count }, (_, i) => classOf(logits, i * outputs, outputs));
      const right = classes.filter((found, i) => found === labels[i]).length / samples.count;
      return { value: right, text: percent(right), renumbered: renumberedAccuracy(classes, labels, outputs) };
    }
    case 'regression': {
      if (targets?.length !== logits.length) return undefined;
      const { r2 } = regressionScore(targets, logits, Array<number>(outputs).fill(1));
      return { value: r2, text: `R² ${r2.toFixed(3)}` };
    }
    case 'multiLabel': {
      if (targets?.length !== logits.length) return undefined;
      const given = Array.from(logits, (logit) => logit > 0);
      const { labelAccuracy } = multiLabelScore(targets, given, outputs);
      return { value: labelAccuracy, text: `${percent(labelAccuracy)} of the labels` };
    }
    default:
      return undefined;
  }
}

/**
 * Which label each output of a graph answers, by how often they agree: the graph's training may have had the labels in another order.
 * Undefined where two outputs answer one label best.
 * @param targets 1 and 0, one sample after another, like the logits
 */
export function bestLabelOrder(
  targets: ArrayLike<number>,
  logits: ArrayLike<number>,
  outputs: number,
): { readonly labels: readonly number[]; readonly accuracy: number } | undefined {
  const samples = logits.length / outputs;
  const agreement = (output: number, label: number) => {
    let same = 0;
    for (let i = 0; i < logits.length; i += outputs)
      same += Number(logits[i + output]! > 0 === targets[i + label]! > 0.5);
    return same / samples;
  };
  const best = Array.from({ length: outputs }, (_, output) => {
    const shares = Array.from({ length: outputs }, (__, label) => agreement(output, label));
    const share = Math.max(...shares);
    return { label: shares.indexOf(share), share };
  });
  const labels = best.map(({ label }) => label);
  if (new Set(labels).size < outputs) return undefined;
  return { labels, accuracy: best.reduce((sum, { share }) => sum + share, 0) / outputs };
}
