// Post-training quantization with static scales: float layers one after another become integers, each chosen so that what it gives on
// calibration samples, computed in integers up to there, comes nearest to the float network.
import {
  proveAccumulatorBounds,
  type QuantizedModel,
  type QuantizedNode,
  validateQuantizedModel,
} from '@bitnetmcu/models';
import { AccumulatorOverflow } from '@bitnetmcu/models/internal';
import { ExporterError } from '../../errors.js';
import { type FloatNetwork, isFloatWeighted } from '../../float/float-network.js';
import { forwardNetwork } from '../../float/forward-network.js';
import { requireKnownLayers } from '../../float/layer-codes.js';
import { preprocessingOf } from '../../float/preprocessing.js';
import { readStaticRanges } from '../../float/static-ranges.js';
import { UnsupportedGraphError } from '../../float/unsupported.js';
import type { QuantizeFloatOptions } from '../options.js';
import type { Quantized } from '../report.js';
import { appendScaleFreeTail } from '../scale-free/float-network.js';
import { type CalibrationSamples, calibrationSamples } from './calibration-samples.js';
import { equalize } from './equalize.js';
import { IntegerBuilder } from './integer-builder.js';
import { logitError } from './logit-error.js';
import { splitTail, tailObstacle } from './scale-free-tail.js';

/**
 * Quantizes a float network with static power-of-two scale ratios, int32 biases and requantization by shifts.
 * Accumulators that could leave int32 get coarser steps, which the layer's report says.
 * @throws UnsupportedGraphError for dynamic norms; ExporterError `no-calibration`, `invalid-calibration`; `accumulator-overflow` (also of ModelError) where no step helps.
 */
export function quantizeStatic(network: FloatNetwork, options: QuantizeFloatOptions = {}): Quantized {
  requireStatic(network);
  requireKnownLayers(network, options);
  const samples = calibrationSamples(network, options);
  const { equalization = 'auto' } = options;
  const plain = equalization === 'on' ? undefined : attempt(network, options, samples, false);
  if (plain && (equalization === 'off' || !samples)) return plain;
  const equalized = attempt(equalize(network), options, samples, true);
  return !plain || equalized.report.logitError! < plain.report.logitError! ? equalized : plain;
}

function attempt(
  network: FloatNetwork,
  options: QuantizeFloatOptions,
  samples: CalibrationSamples | undefined,
  equalized: boolean,
): Quantized {
  const { body, tail } = splitTail(network);
  const ranged = readStaticRanges(body);
  const count = samples?.count ?? 0;
  const activations = samples ? forwardNetwork(ranged.network, samples.values, count) : undefined;
  for (const [name, values] of activations ?? []) requireFinite(name, values);
  const calibrated = { network: ranged.network, options, activations, count };
  const coarser = new Map<string, number>();
  for (;;) {
    const builder = new IntegerBuilder(calibrated, ranged, coarser);
    const { nodes, layers, inputScale, logitScale, nodeOf } = builder.build();
    if (tail.length > 0) appendScaleFreeTail(tail, nodeOf, nodes, options);
    const model: QuantizedModel = {
      name: options.name ?? network.name,
      input: {
        shape: network.inputShape,
        preprocessing: preprocessingOf(network, options.preprocessing),
        quantization: { kind: 'static', scale: 1 / inputScale },
      },
      nodes,
      labels: options.labels ?? [],
      provenance: options.provenance ?? {},
    };
    validateQuantizedModel(model);
    const overflow = overflowOf(model);
    if (overflow) {
      coarsen(coarser, overflow, nodes, new Set(body.layers.filter(isFloatWeighted).map(({ name }) => name)));
      continue;
    }
    const warnings = layers.flatMap((layer) => layer.warnings.map((warning) => `${layer.layer}: ${warning}`));
    const unit = tail.length > 0 ? undefined : logitScale;
    const report = {
      activations: 'static',
      ...{ layers, inputScale, equalized, warnings },
      ...(unit !== undefined && { logitScale: unit }),
    } as const;
    if (!samples) return { model, report };
    const last = network.layers.at(-1)!.name;
    const outputs = tail.length > 0 ? forwardNetwork(network, samples.values, count) : activations!;
    // A layer of static quantization at the end has gone; what it read is what the network gives.
    const wanted = outputs.get(last) ?? outputs.get(ranged.network.layers.at(-1)!.name)!;
    const error = logitError(model, samples.raw, wanted, logitScale);
    return { model, report: { ...report, logitError: error } };
  }
}

function overflowOf(model: QuantizedModel): AccumulatorOverflow | undefined {
  try {
    proveAccumulatorBounds(model);
    return undefined;
  } catch (error) {
    if (error instanceof AccumulatorOverflow) return error;
    throw error;
  }
}

/** Steps beyond it leave nothing of any weight. */
const COARSEST = 40;

/**
 * Makes the accumulators coarser that overflow, or that lead to the node which does.
 * @throws AccumulatorOverflow where no layer with a scale of its own does.
 */
function coarsen(
  coarser: Map<string, number>,
  overflow: AccumulatorOverflow,
  nodes: readonly QuantizedNode[],
  layers: ReadonlySet<string>,
): void {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  let name: string | undefined = overflow.node;
  while (name !== undefined && !layers.has(name)) name = byName.get(name)?.inputs[0];
  const bits = Math.max(1, Math.ceil(Math.log2(Math.abs(overflow.reaches) / 2 ** 31)));
  const total = name === undefined ? COARSEST : (coarser.get(name) ?? 0) + bits;
  if (name === undefined || total >= COARSEST) throw overflow;
  coarser.set(name, total);
}

function requireFinite(name: string, values: Float64Array): void {
  const bad = values.find((value) => !(Math.abs(value) <= LARGEST_ACTIVATION));
  if (bad === undefined) return;
  throw new ExporterError(
    'invalid-calibration',
    `${name} reaches ${bad} on the calibration samples; activations up to ${LARGEST_ACTIVATION} are wanted: check the preprocessing, else the weights are damaged`,
  );
}

/** No scale between activations beyond it and int32 is sensible. */
const LARGEST_ACTIVATION = 1e30;

function requireStatic(network: FloatNetwork): void {
  const obstacles = splitTail(network).tail.flatMap((layer) => tailObstacle(layer) ?? []);
  if (obstacles.length === 0) return;
  const dynamic = network.layers.filter(({ op }) => op === 'dynamicNorm');
  throw new UnsupportedGraphError(
    dynamic.map((layer) => ({
      name: layer.nodes[0] ?? layer.name,
      operator: 'normalization by what depends on the sample',
      reason: `${obstacles[0]!.layer} behind it ${obstacles[0]!.reason}, which needs fixed scales`,
      nearest: 'norms in front of every layer and no bias anywhere, or batch norm instead',
    })),
  );
}
