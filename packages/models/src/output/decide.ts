// What a model answers: its logits (and for anomalies its input) as class, values, score or labels. C gives the same bits.
import { classOf } from '../inference.js';
import type { QuantizedModel } from '../quantized-model.js';
import { unknownValue } from '../unknown-value.js';
import type { ModelOutputOf } from './output.js';
import { scaleLogit } from './scale-logit.js';

/** The answer to one sample. */
export type Decision =
  | { readonly task: 'classification'; readonly class: number }
  /** Integers of 10^-decimals of each value's unit. */
  | { readonly task: 'regression'; readonly values: readonly number[] }
  /** Σ(reconstruction − input)² over the int8 input, and whether it is above the threshold. */
  | { readonly task: 'anomaly'; readonly score: number; readonly isAnomaly: boolean }
  /** Whether each label holds. */
  | { readonly task: 'multiLabel'; readonly labels: readonly boolean[] };

/**
 * What a sample's logits say in the model's task.
 * @param input the int8 sample; only the score of an anomaly looks at it
 * @param logits of this sample
 *
 * @example
 * ```ts
 * import { decide } from '@bitnetmcu/models';
 *
 * const decision = decide(model, input, logits);
 * if (decision.task === 'regression') console.log(decision.values);
 * ```
 */
export function decide(
  { output }: Pick<QuantizedModel, 'output'>,
  input: ArrayLike<number>,
  logits: ArrayLike<number>,
): Decision {
  if (output === undefined) return { task: 'classification', class: classOf(logits) };
  const { task } = output;
  switch (task) {
    case 'regression':
      return { task, values: output.values.map((value, i) => scaleLogit(value, logits[i]!)) };
    case 'anomaly': {
      const score = anomalyScore(output, input, logits);
      return { task, score, isAnomaly: score > output.threshold };
    }
    case 'multiLabel':
      return { task, labels: Array.from(logits, (logit) => logit > 0) };
    default:
      throw unknownValue('task', task);
  }
}

/** What `<name>_infer` of exported C returns: the class, 1 for an anomaly, 0 where logits become values or labels. */
export function decisionNumber(decision: Decision): number {
  switch (decision.task) {
    case 'classification':
      return decision.class;
    case 'anomaly':
      return Number(decision.isAnomaly);
    case 'regression':
    case 'multiLabel':
      return 0;
    default:
      throw unknownValue('decision', decision);
  }
}

/** Σ(reconstruction − input)² of one sample, whatever the threshold. */
export function anomalyScore(
  { reconstruction }: Pick<ModelOutputOf<'anomaly'>, 'reconstruction'>,
  input: ArrayLike<number>,
  logits: ArrayLike<number>,
): number {
  let score = 0;
  for (let i = 0; i < input.length; i++) score += (scaleLogit(reconstruction, logits[i]!) - input[i]!) ** 2;
  return score;
}
