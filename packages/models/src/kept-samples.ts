// The few test samples that a model carries: what can be kept, and the check of what a file brings.
import { ModelError } from './errors.js';
import type { KeptSamples, QuantizedModel } from './quantized-model.js';
import { elementCount } from './tensor-shape.js';

const MAX_KEPT_SAMPLES = 16;
/** Of their inputs. */
export const MAX_KEPT_BYTES = 4096;

/** How many samples of so many values a model may carry; 0 where one alone is too large. */
export function keptSampleLimit(features: number): number {
  return Math.min(MAX_KEPT_SAMPLES, Math.floor(MAX_KEPT_BYTES / features));
}

/**
 * Checks the samples of a model. Classes may not be negative, and there are at most as many as outputs, two for a single one.
 * @throws ModelError `invalid-model`
 */
export function requireKeptSamples(
  samples: KeptSamples | undefined,
  { input, output }: Pick<QuantizedModel, 'input' | 'output'>,
  outputs: number,
): void {
  if (samples === undefined) return;
  const features = elementCount(input.shape);
  const count = samples.inputs.length / features;
  const limit = keptSampleLimit(features);
  const wrong = (found: string, wanted: string) =>
    new ModelError('invalid-model', `The samples of this model are ${found}; ${wanted} wanted. Write the model again.`);
  if (!Number.isInteger(count) || count < 1 || count > limit) {
    throw wrong(`${samples.inputs.length} values`, `1 to ${limit} samples of ${features}`);
  }
  const { labels } = samples;
  if (labels === undefined) return;
  if (labels.length !== count) throw wrong(`${count} with ${labels.length} labels`, 'one label each');
  const classes = output?.task === 'anomaly' ? 2 : Math.max(2, outputs);
  const beyond = labels.find((label) => label >= classes);
  if (beyond !== undefined) throw wrong(`of class ${beyond}`, `classes 0 to ${classes - 1}`);
}
