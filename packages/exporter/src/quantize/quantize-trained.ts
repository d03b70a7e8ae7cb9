// TrainedNetwork → QuantizedModel: scale-free, or with static scales where it has biases, sums or activation functions by table, which need scales that are known beforehand.
import type { QuantizedModel, TrainedNetwork } from '@bitnetmcu/models';
import { activationOf, compactNetwork, RAW_SCALE, validateTrainedNetwork } from '@bitnetmcu/models/internal';
import { ExporterError } from '../errors.js';
import { floatNetworkOf } from '../float/float-network-of.js';
import { noteImport } from '../float/preprocessing.js';
import { requireUsedScale } from './choices.js';
import { modelOutput } from './model-output.js';
import type { QuantizeNetworkOptions } from './options.js';
import type { Quantized } from './report.js';
import { quantizeScaleFree } from './scale-free/trained-network.js';
import { quantizeStatic } from './static/quantize-static.js';
import { splitTail, tailObstacle } from './static/scale-free-tail.js';
import { requireRectifiedShifts } from './static/shift-quantizer.js';

/** The first layer that needs fixed scales, and why. */
export interface StaticScalesReason {
  readonly layer: string;
  readonly reason: string;
}

/**
 * Why `quantize` needs calibration samples for a network; undefined where it needs none.
 * A bias of zeros needs none.
 */
export function staticScalesReason({ spec, parameters }: TrainedNetwork): StaticScalesReason | undefined {
  if (spec.output && spec.output.task !== 'multiLabel') {
    return { layer: spec.layers.at(-1)!.name, reason: `gives numbers (${spec.output.task}), not classes` };
  }
  for (const layer of spec.layers) {
    if (layer.type === 'activation' && activationOf(layer.function).integerForm !== 'rectifier') {
      return { layer: layer.name, reason: `looks ${layer.function} up in a table` };
    }
    if (layer.type === 'add') return { layer: layer.name, reason: 'adds two tensors' };
    if (parameters[`${layer.name}.bias`]?.some((bias) => bias !== 0)) {
      return { layer: layer.name, reason: 'has a bias' };
    }
  }
  return undefined;
}

/**
 * Reduces a trained network to integers, with the weight codes that quantization-aware training saw.
 * @throws ExporterError `no-calibration` and what the two ways throw; ModelError where spec or parameters are wrong.
 */
export function quantizeTrained(network: TrainedNetwork, options: QuantizeNetworkOptions = {}): Quantized {
  validateTrainedNetwork(network);
  const trained = compactNetwork(network);
  const { imported, normalization = imported ? 'maxAbsNorm' : 'shiftNorm', provenance, ...rest } = options;
  const needed = staticScalesReason(trained);
  const suited = needed !== undefined || (imported && !normalizes(trained)) ? 'static' : 'scale-free';
  const settings = {
    ...rest,
    normalization,
    activations: options.activations ?? suited,
    labels: options.labels ?? trained.labels,
    provenance: { ...noteImport(trained.provenance, imported?.preprocessing), ...provenance },
  };
  requireUsedScale(options, settings.activations);
  // Labels of anomalies are no classes: they are checked with what the outputs mean.
  const bare = trained.spec.output ? { ...settings, labels: [] } : settings;
  if (settings.activations === 'static') {
    const { model, report } = withStaticScales(trained, needed, bare);
    return { model: withOutput(trained, model, report.logitScale, settings), report };
  }
  if (needed === undefined) {
    const { model, report } = quantizeScaleFree(trained, bare);
    return { model: withOutput(trained, model, undefined, settings), report };
  }
  throw new ExporterError(
    'unsupported-graph',
    `Layer ${needed.layer} ${needed.reason}, which scale-free activations cannot express; leave out "activations", or train without it`,
    { layer: needed.layer },
  );
}

function withOutput(
  { spec }: TrainedNetwork,
  model: QuantizedModel,
  logitScale: number | undefined,
  options: QuantizeNetworkOptions,
): QuantizedModel {
  if (!spec.output) return model;
  const { labels = [] } = options;
  return { ...model, labels, output: modelOutput(spec.output, model, logitScale, options) };
}

/** Whether any layer makes its input independent of scales, as graphs with such layers do in front of every one. */
function normalizes({ spec }: TrainedNetwork): boolean {
  return spec.layers.some((layer) => layer.type === 'linear' && layer.norm !== 'none');
}

/**
 * Scales of activations are powers of two apart, chosen on the samples; biases are int32 on the accumulators' scale. The summands of an
 * `add` are brought to one scale by shifts, and by the multiplier of the addition where their scales are no power of two apart. Layers behind a layer with a norm are scale-free, as everywhere.
 */
function withStaticScales(
  trained: TrainedNetwork,
  needed: StaticScalesReason | undefined,
  options: QuantizeNetworkOptions,
): Quantized {
  if (options.calibration === undefined && options.inputScale === undefined && needed !== undefined) {
    throw new ExporterError(
      'no-calibration',
      `Layer ${needed.layer} ${needed.reason}, which takes scales that calibration finds; give options.calibration = { samples } with a few hundred training samples`,
      { layer: needed.layer },
    );
  }
  requireRectifiedShifts(trained.spec);
  const network = floatNetworkOf(trained);
  for (const layer of splitTail(network).tail) {
    const obstacle = tailObstacle(layer);
    if (obstacle) {
      throw new ExporterError(
        'unsupported-graph',
        `Layer ${obstacle.layer} ${obstacle.reason} behind a norm that leaves every sample a scale of its own; set "norm": "none" or "rms" in it and in the linear layers before it, and train again`,
        { layer: obstacle.layer },
      );
    }
  }
  const { preprocessing, raw, frontEnd } = trained.spec.input;
  const quantized = quantizeStatic(network, { ...options, ...(raw && { inputScale: 1 / RAW_SCALE }), preprocessing });
  const { report } = quantized;
  const input = { ...quantized.model.input, ...(raw && { raw }), ...(frontEnd && { frontEnd }) };
  const model = { ...quantized.model, input };
  return { model, report: { ...report, layers: report.layers.map((layer) => ({ ...layer, nodes: [] })) } };
}
