// What a model's logits mean, in words: for the comments of C and the documentation of graphs.
import type { QuantizedModel } from '@bitnetmcu/models';
import type { ModelOutput } from '@bitnetmcu/models/internal';
import { unknownValue } from './unknown-value.js';

/** What the logits are, and how an answer is made of them. @param type of a logit */
export function outputText({ labels, output }: QuantizedModel, outputs: number, type = 'int32'): string {
  if (output) return outputMeaning(output, `${outputs} ${type} logits`);
  const names = labels.length > 0 ? `: ${listed(labels)}` : '';
  return outputs === 1
    ? `1 ${type} logit; the class is 1 where it is above 0 (a probability above 1/2), else 0${names}`
    : `${outputs} ${type} logits; the class is the first largest${names}`;
}

function outputMeaning(output: ModelOutput, logits: string): string {
  switch (output.task) {
    case 'regression':
      return `${logits}, which become values: ${output.values.map(({ name }) => JSON.stringify(name)).join(', ')}`;
    case 'anomaly':
      return `${logits}, the reconstruction of the input; the sample is an anomaly where its score is above ${output.threshold}`;
    case 'multiLabel':
      return `${logits}; label i holds where logit i is above 0`;
    default:
      throw unknownValue('output', output);
  }
}

function listed(labels: readonly string[]): string {
  const shown = labels
    .slice(0, 50)
    .map((label) => JSON.stringify(label))
    .join(', ');
  return labels.length > 50 ? `${shown}, ... (${labels.length})` : shown;
}
