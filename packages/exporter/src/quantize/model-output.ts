// What a trained network's outputs mean, in the integers of its model: the way back from standardized targets, reconstruction and threshold.
import { type QuantizedModel, quantizeInput } from '@bitnetmcu/models';
import {
  anomalyScore,
  elementCount,
  type LogitScale,
  type ModelOutput,
  makeLogitScale,
  type OutputSpec,
  ReferenceModel,
} from '@bitnetmcu/models/internal';
import { ExporterError } from '../errors.js';
import { unknownValue } from '../unknown-value.js';
import type { QuantizeNetworkOptions } from './options.js';

/**
 * @param model without output
 * @param logitScale what the integer 1 of the logits stands for
 * @throws ExporterError `no-calibration` where a threshold has no samples; ModelError `invalid-output` where answers have no integers
 */
export function modelOutput(
  output: OutputSpec,
  model: QuantizedModel,
  logitScale: number | undefined,
  { calibration, normal = calibration }: Pick<QuantizeNetworkOptions, 'calibration' | 'normal'>,
): ModelOutput {
  const { task } = output;
  if (task === 'multiLabel') return { task };
  if (logitScale === undefined) {
    throw new ExporterError(
      'unsupported-graph',
      `The last layer of ${model.name} has a norm, which gives the logits of every sample a scale of their own, and ${task} needs their unit; set "norm": "none" in the linear layers, and train again`,
    );
  }
  switch (task) {
    case 'regression':
      return { task, values: output.values.map((value) => regressionValue(value, logitScale)) };
    case 'anomaly': {
      if (model.input.quantization.kind !== 'static' || !normal) {
        throw new ExporterError(
          'no-calibration',
          `The model ${model.name} tells anomalies by a threshold, which is found on normal samples; give options.calibration or options.normal = { samples }`,
        );
      }
      const slope = logitScale * model.input.quantization.scale;
      const reconstruction = makeLogitScale({ slope, intercept: 0 }, [-128, 127], 'the reconstruction');
      const { quantile } = output;
      return {
        task,
        reconstruction,
        quantile,
        threshold: thresholdOf(model, reconstruction, normal.samples, quantile),
      };
    }
    default:
      throw unknownValue('task', task);
  }
}

type RegressionValue = Extract<OutputSpec, { task: 'regression' }>['values'][number];

function regressionValue({ name, unit, decimals, mean, deviation, low, high }: RegressionValue, logitScale: number) {
  const factor = 10 ** decimals;
  const scale: LogitScale = makeLogitScale(
    { slope: logitScale * deviation * factor, intercept: mean * factor },
    [Math.floor(low * factor), Math.ceil(high * factor)],
    name,
  );
  return { name, ...(unit !== undefined && { unit }), decimals, ...scale };
}

/** The least score that at least the share `quantile` of the samples does not exceed. */
function thresholdOf(
  model: QuantizedModel,
  reconstruction: LogitScale,
  samples: ArrayLike<number>,
  quantile: number,
): number {
  const features = elementCount(model.input.shape);
  const network = new ReferenceModel(model);
  const all = Float64Array.from(samples);
  const scores = Float64Array.from({ length: all.length / features }, (_, i) => {
    const input = quantizeInput(model, all.subarray(i * features, (i + 1) * features));
    return anomalyScore({ reconstruction }, input, network.infer(input, 1));
  }).sort();
  return scores[Math.max(0, Math.ceil(quantile * scores.length) - 1)]!;
}
