// Logits of a float network over raw samples: preprocessing in float32, batches as the network wants them.
import { classOf, type Preprocessing } from '@bitnetmcu/models';
import { ExporterError } from '../errors.js';
import type { FloatReference } from './float-reference.js';

/** (x/divisor − mean)/deviation of each value, every operation rounded to float32. */
function preprocessed(
  raw: ArrayLike<number>,
  { divisor, mean, deviation }: Preprocessing,
  length = raw.length,
): Float32Array {
  const input = new Float32Array(length);
  for (let i = 0; i < raw.length; i++) {
    const value = Math.fround(Math.fround(raw[i]!) / Math.fround(divisor));
    input[i] = Math.fround(value - Math.fround(mean)) / Math.fround(deviation);
  }
  return input;
}

/**
 * Logits of `count` samples laid out one after another, at most as many as the reference takes at once.
 * @param outputs logits of a sample that are wanted
 * @throws ExporterError `verify-input` where the reference has another number of outputs.
 */
export async function floatLogits(
  reference: FloatReference,
  raw: ArrayLike<number>,
  count: number,
  outputs: number,
  preprocessing: Preprocessing,
): Promise<ArrayLike<number>> {
  const batch = reference.batch ?? count;
  // A fixed batch is filled up with zeros.
  const input = preprocessed(raw, preprocessing, (raw.length / count) * batch);
  const logits = await reference.logits(input, batch);
  const found = logits.length / batch;
  if (found !== outputs) {
    throw new ExporterError(
      'verify-input',
      `${reference.name} gives ${found} logits and the model ${outputs}; only networks with the same outputs can be compared`,
    );
  }
  return logits;
}

/** The same of any number of samples, in batches. @throws as `floatLogits` */
export async function allFloatLogits(
  reference: FloatReference,
  raw: Float32Array | Uint8Array,
  count: number,
  outputs: number,
  preprocessing: Preprocessing,
): Promise<Float64Array> {
  const features = raw.length / count;
  const step = reference.batch ?? Math.min(count, 100);
  const logits = new Float64Array(count * outputs);
  for (let from = 0; from < count; from += step) {
    const part = Math.min(step, count - from);
    const values = raw.subarray(from * features, (from + part) * features);
    const found = await floatLogits(reference, values, part, outputs, preprocessing);
    for (let i = 0; i < part * outputs; i++) logits[from * outputs + i] = found[i]!;
  }
  return logits;
}

/** The class in which the float network puts each of `count` raw samples. @throws as `floatLogits` */
export async function floatClasses(
  reference: FloatReference,
  raw: Float32Array | Uint8Array,
  count: number,
  outputs: number,
  preprocessing: Preprocessing,
): Promise<number[]> {
  const logits = await allFloatLogits(reference, raw, count, outputs, preprocessing);
  return Array.from({ length: count }, (_, i) => classOf(logits, i * outputs, outputs));
}

/** Share of raw samples that the float network puts in the class of their label. @throws as `floatLogits` */
export async function floatAccuracy(
  reference: FloatReference,
  raw: Float32Array | Uint8Array,
  labels: ArrayLike<number>,
  outputs: number,
  preprocessing: Preprocessing,
): Promise<number> {
  return accuracyOf(await floatClasses(reference, raw, labels.length, outputs, preprocessing), labels);
}

export function accuracyOf(classes: readonly number[], labels: ArrayLike<number>): number {
  return classes.filter((found, i) => found === labels[i]).length / classes.length;
}
