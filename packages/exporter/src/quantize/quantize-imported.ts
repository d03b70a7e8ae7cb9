// The float network of a graph → QuantizedModel, with what the graph itself does not say: what raw samples are, and what its outputs mean.
import type { QuantizedModel } from '@bitnetmcu/models';
import { RAW_PREPROCESSING, RAW_SCALE } from '@bitnetmcu/models/internal';
import { ExporterError } from '../errors.js';
import type { FloatNetwork } from '../float/float-network.js';
import { importProvenance } from '../float/preprocessing.js';
import { onRawValues } from '../float/raw-values.js';
import { modelOutput } from './model-output.js';
import type { QuantizeGraphOptions } from './options.js';
import { quantizeFloat } from './quantize-float.js';
import type { Quantized } from './report.js';

/**
 * @throws as `quantizeFloat`; ExporterError `invalid-option` where raw values, an input scale or an output do not fit the graph
 */
export function quantizeImported(
  network: FloatNetwork,
  { output, ...options }: Omit<QuantizeGraphOptions, 'name' | 'inputShape'>,
): Quantized {
  const { labels, ...unlabelled } = options;
  // Labels of other tasks are no classes: they are checked with what the outputs mean.
  const quantized = quantizeValues(network, output ? unlabelled : options);
  if (output === undefined) return quantized;
  const { model, report } = quantized;
  const given = modelOutput(output, model, report.logitScale, options);
  return { model: { ...model, ...(labels && { labels }), output: given }, report };
}

function quantizeValues(
  network: FloatNetwork,
  { raw, standardized, ...options }: Omit<QuantizeGraphOptions, 'name' | 'inputShape' | 'output'>,
): Quantized {
  if (raw === undefined) {
    if (standardized)
      throw new ExporterError('invalid-option', 'The option standardized needs raw, which says what the columns are');
    return quantizeFloat(network, options);
  }
  const { preprocessing, inputScale, provenance } = options;
  if (inputScale !== undefined) {
    throw new ExporterError(
      'invalid-option',
      `inputScale is ${inputScale}, and raw values have a scale of each column; leave it out`,
    );
  }
  const reading = { raw, standardized, ...(preprocessing && { preprocessing }) };
  const noted = importProvenance(network, preprocessing, provenance);
  const { model, report } = quantizeFloat(onRawValues(network, reading), {
    ...options,
    preprocessing: RAW_PREPROCESSING,
    inputScale: 1 / RAW_SCALE,
    provenance: { ...noted, ...(standardized && { onnx: { ...noted.onnx, standardized } }) },
    activations: 'static',
  });
  return { model: withRaw(model, raw), report };
}

function withRaw(model: QuantizedModel, raw: NonNullable<QuantizeGraphOptions['raw']>): QuantizedModel {
  return { ...model, input: { ...model.input, raw } };
}
