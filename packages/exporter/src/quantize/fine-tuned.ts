// A fine-tuned import back to integers, the way its graph went: scale-free where layers normalize their input, static scales elsewhere.
import type { Preprocessing, QuantizedModel, TrainedNetwork } from '@bitnetmcu/models';
import { quantizeNetwork } from './scale-free/quantize-network.js';
import type { StaticOptions } from './static/options.js';
import { quantizeWithStaticScales } from './static/static-scales.js';

export interface FineTunedOptions extends Pick<StaticOptions, 'calibration' | 'inputScale' | 'ranges' | 'name'> {
  /** What stood in front of the ONNX graph, as the import was told; noted in the model for comparisons with the graph. */
  readonly preprocessing?: Preprocessing;
  /** As for quantizeOnnx. */
  readonly normalization?: 'maxAbsNorm' | 'shiftNorm';
}

/**
 * The integer network of a TrainedNetwork that `importTrainedNetwork` made, before or after training. Weights keep the codes of training.
 * @throws ExporterError `onnx-calibration`, `unsupported-graph`; ModelError for wrong parameters.
 */
export function quantizeFineTuned(trained: TrainedNetwork, options: FineTunedOptions = {}): QuantizedModel {
  const { preprocessing, normalization = 'maxAbsNorm', ...rest } = options;
  const provenance = {
    ...trained.provenance,
    ...(preprocessing && { config: { ...(trained.provenance.config as object), onnx: { preprocessing } } }),
  };
  const normalizes = trained.spec.layers.some((layer) => layer.type === 'linear' && layer.norm !== 'none');
  if (normalizes) {
    const { name, calibration } = rest;
    const given = { ...(name === undefined ? {} : { name }), ...(calibration === undefined ? {} : { calibration }) };
    return quantizeNetwork(trained, { normalization, provenance, ...given });
  }
  return quantizeWithStaticScales(trained, { ...rest, provenance });
}
