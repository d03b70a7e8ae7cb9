// Post-training quantization with static scales: float layers one after another become integers, each chosen so that what it gives on
// calibration samples, computed in integers up to there, comes nearest to the float network.
import type { QuantizedModel } from '@bitnetmcu/models';
import { validateQuantizedModel } from '@bitnetmcu/models';
import { ExporterError } from '../../../errors.js';
import type { FloatNetwork } from '../float-network.js';
import { forwardNetwork } from '../forward-network.js';
import { requireKnownLayers } from '../layer-codes.js';
import { importProvenance, preprocessingOf } from '../preprocessing.js';
import { appendScaleFreeTail } from '../scale-free.js';
import { OnnxUnsupportedError } from '../unsupported.js';
import { calibrationSamples } from './calibration-samples.js';
import { equalize } from './equalize.js';
import { IntegerBuilder } from './integer-builder.js';
import type { StaticLayerReport, StaticOptions } from './options.js';
import { splitTail, tailObstacle } from './scale-free-tail.js';
import { readStaticRanges } from './static-ranges.js';

export interface StaticResult {
  readonly model: QuantizedModel;
  readonly layers: readonly StaticLayerReport[];
  /** int8 value of an input of 1. */
  readonly inputScale: number;
  /** Root mean squared error of the logits over the calibration samples, relative to their deviation; undefined without samples. */
  readonly logitError: number | undefined;
  readonly equalized: boolean;
}

/**
 * Quantizes a float network with static power-of-two scale ratios, int32 biases and requantization by shifts.
 * @throws OnnxUnsupportedError for dynamic norms; ExporterError `onnx-calibration` where samples are needed or do not fit.
 */
export function quantizeStatic(network: FloatNetwork, options: StaticOptions = {}): StaticResult {
  requireStatic(network);
  requireKnownLayers(network, options);
  const samples = calibrationSamples(network, options);
  const { equalization = 'auto' } = options;
  const plain = equalization === 'on' ? undefined : attempt(network, options, samples, false);
  if (plain && (equalization === 'off' || !samples)) return plain;
  const equalized = attempt(equalize(network), options, samples, true);
  return !plain || equalized.logitError! < plain.logitError! ? equalized : plain;
}

function attempt(
  network: FloatNetwork,
  options: StaticOptions,
  samples: Float64Array | undefined,
  equalized: boolean,
): StaticResult {
  const { body, tail } = splitTail(network);
  const ranged = readStaticRanges(body);
  const count = samples ? samples.length / features(network) : 0;
  const activations = samples ? forwardNetwork(ranged.network, samples, count) : undefined;
  for (const [name, values] of activations ?? []) requireFinite(name, values);
  const builder = new IntegerBuilder(ranged, options, activations, count);
  const { nodes, layers, inputScale, logitError, nodeOf } = builder.build();
  if (tail.length > 0) appendScaleFreeTail(tail, nodeOf, nodes, options);
  const model: QuantizedModel = {
    name: options.name ?? network.name,
    input: {
      shape: network.inputShape,
      preprocessing: preprocessingOf(network, options.preprocessing),
      quantization: { kind: 'static', scale: inputScale },
    },
    nodes,
    labels: options.labels ?? [],
    provenance: importProvenance(network, options.preprocessing, options.provenance),
  };
  validateQuantizedModel(model);
  return { model, layers, inputScale, logitError, equalized };
}

function requireFinite(name: string, values: Float64Array): void {
  const bad = values.find((value) => !(Math.abs(value) <= LARGEST_ACTIVATION));
  if (bad === undefined) return;
  throw new ExporterError(
    'onnx-calibration',
    `${name} reaches ${bad} on the calibration samples; activations up to ${LARGEST_ACTIVATION} are wanted: check the preprocessing, else the weights are damaged`,
  );
}

/** No scale between activations beyond it and int32 is sensible. */
const LARGEST_ACTIVATION = 1e30;

function features(network: FloatNetwork): number {
  return (network.inputShape as readonly number[]).reduce((a, b) => a * b, 1);
}

function requireStatic(network: FloatNetwork): void {
  const obstacles = splitTail(network).tail.flatMap((layer) => tailObstacle(layer) ?? []);
  if (obstacles.length === 0) return;
  const dynamic = network.layers.filter(({ op }) => op === 'dynamicNorm');
  throw new OnnxUnsupportedError(
    dynamic.map((layer) => ({
      name: layer.nodes[0] ?? layer.name,
      operator: 'normalization by what depends on the sample',
      reason: `${obstacles[0]!.layer} behind it ${obstacles[0]!.reason}, which needs fixed scales`,
      nearest: 'norms in front of every layer and no bias anywhere, or batch norm instead',
    })),
  );
}
