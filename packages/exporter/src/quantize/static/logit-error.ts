// How far the finished integer network is from the float network: it runs as the device will run it, on raw samples.
import { type QuantizedModel, quantizeInput } from '@bitnetmcu/models';
import { elementCount, ReferenceModel } from '@bitnetmcu/models/internal';

/**
 * Root mean squared error of the logits over the deviation of the float logits.
 * @param raw samples before the preprocessing.
 * @param wanted float logits of those samples.
 * @param scale what the integer 1 of the logits stands for; undefined: what fits each sample best, behind norms that depend on the sample.
 */
export function logitError(
  model: QuantizedModel,
  raw: Float64Array,
  wanted: Float64Array,
  scale: number | undefined,
): number {
  const network = new ReferenceModel(model);
  const features = elementCount(model.input.shape);
  const { outputs } = network;
  let [error, sum, squares] = [0, 0, 0];
  for (let sample = 0; sample < raw.length / features; sample++) {
    const input = quantizeInput(model, raw.subarray(sample * features, (sample + 1) * features));
    const logits = network.infer(input, 1);
    const target = wanted.subarray(sample * outputs, (sample + 1) * outputs);
    const factor = scale ?? nearestFactor(logits, target);
    for (let i = 0; i < outputs; i++) {
      error += (logits[i]! * factor - target[i]!) ** 2;
      sum += target[i]!;
      squares += target[i]! ** 2;
    }
  }
  const variance = squares / wanted.length - (sum / wanted.length) ** 2;
  return Math.sqrt(error / wanted.length / (variance || 1));
}

/** The number which brings the logits nearest to the float logits when they are multiplied by it. */
function nearestFactor(logits: Int32Array, target: Float64Array): number {
  let [dot, squares] = [0, 0];
  logits.forEach((logit, i) => {
    dot += logit * target[i]!;
    squares += logit * logit;
  });
  return squares === 0 ? 0 : dot / squares;
}
