// The one call: an ONNX graph becomes an integer network, by the way that fits it, with a report of what was done to each layer.
import type { QuantizedModel, TrainedNetwork } from '@bitnetmcu/models';
import type { FormatName } from '@bitnetmcu/quant';
import { type FloatNetwork, isFloatWeighted } from '../float/float-network.js';
import { type TrainedNetworkOptions, toTrainedNetwork } from '../float/to-trained-network.js';
import { importFloatNetwork } from '../onnx/import/import-graph.js';
import type { OnnxGraph } from '../onnx/ir/graph.js';
import { quantizeScaleFree, scaleFreeObstacle } from './scale-free/scale-free.js';
import type { StaticOptions } from './static/options.js';
import { quantizeStatic } from './static/quantize-static.js';

export interface ImportOptions extends StaticOptions {
  /** Shape of one sample, where the file leaves dimensions besides the batch symbolic. */
  readonly inputShape?: readonly number[];
  /** `scale-free` for BitLinear-like networks, `static` for all others; default: what fits. */
  readonly activations?: 'scale-free' | 'static';
  /** How scale-free networks normalize: `maxAbsNorm` (default) as the graph does, `shiftNorm` by powers of two, which is faster. */
  readonly normalization?: 'maxAbsNorm' | 'shiftNorm';
}

/** What became of one layer with weights. */
export interface ImportedLayerReport {
  readonly layer: string;
  readonly op: 'linear' | 'conv2d';
  /** ONNX nodes that it stands for. */
  readonly nodes: readonly string[];
  readonly format: FormatName;
  /** Whether the weights lay on this format's levels already and kept their codes. */
  readonly gridDetected: boolean;
  /** Weight of the level 1 of an output without shift. */
  readonly step: number;
  /** Static scales: what the integer 1 of the input stands for. */
  readonly inputScale?: number;
  /** Static scales: what the integer 1 of the accumulators stands for. */
  readonly accumulatorScale?: number;
  readonly warnings: readonly string[];
}

export interface ImportReport {
  readonly producer: string;
  readonly opset: number;
  readonly activations: 'scale-free' | 'static';
  readonly layers: readonly ImportedLayerReport[];
  /** Static scales: int8 value of an input of 1, relative error of the finished network's logits on the calibration samples, whether channels were equalized. */
  readonly inputScale?: number;
  readonly logitError?: number;
  readonly equalized?: boolean;
  readonly warnings: readonly string[];
}

export interface ImportResult {
  readonly model: QuantizedModel;
  readonly report: ImportReport;
}

/**
 * Quantizes an ONNX graph. Networks whose every layer normalizes its input and that have no bias (BitLinear) keep their codes and need no
 * calibration; all others get static power-of-two scales from calibration samples.
 * @throws OnnxUnsupportedError listing every node without an integer form; ExporterError `onnx-calibration`, `onnx-input`, `onnx-limit`,
 * `accumulator-overflow`.
 */
export function quantizeOnnx(graph: OnnxGraph, options: ImportOptions = {}): ImportResult {
  const network = importFloatNetwork(graph, graphOptions(options));
  const activations = options.activations ?? (isScaleFree(network) ? 'scale-free' : 'static');
  const base = { producer: graph.producer, opset: graph.opset, activations };
  if (activations === 'scale-free') {
    const { model, codes } = quantizeScaleFree(network, options);
    const layers = network.layers.filter(isFloatWeighted).map((layer): ImportedLayerReport => {
      const { format, step, exact } = codes.get(layer.name)!;
      return { layer: layer.name, op: layer.op, nodes: layer.nodes, format, gridDetected: exact, step, warnings: [] };
    });
    return { model, report: { ...base, layers, warnings: [...(network.notes ?? []), ...scaleFreeWarnings(network)] } };
  }
  const { model, layers, inputScale, logitError, equalized } = quantizeStatic(network, options);
  const nodes = new Map(network.layers.map((layer) => [layer.name, layer.nodes]));
  return {
    model,
    report: {
      ...base,
      layers: layers.map((layer) => ({ ...layer, nodes: nodes.get(layer.layer) ?? [] })),
      inputScale,
      equalized,
      ...(logitError === undefined ? {} : { logitError }),
      warnings: [
        ...(network.notes ?? []),
        ...layers.flatMap(({ layer, warnings }) => warnings.map((warning) => `${layer}: ${warning}`)),
      ],
    },
  };
}

/**
 * An ONNX graph as the trainer fine-tunes it.
 * @throws OnnxUnsupportedError listing what a NetworkSpec cannot express.
 */
export function importTrainedNetwork(
  graph: OnnxGraph,
  options: TrainedNetworkOptions & { readonly inputShape?: readonly number[] } = {},
): TrainedNetwork {
  return toTrainedNetwork(importFloatNetwork(graph, graphOptions(options)), options);
}

function isScaleFree(network: FloatNetwork): boolean {
  return network.layers.some(({ op }) => op === 'dynamicNorm') && scaleFreeObstacle(network) === undefined;
}

function scaleFreeWarnings(network: FloatNetwork): string[] {
  const float = network.layers.filter((layer) => layer.op === 'dynamicNorm' && !layer.quantized);
  return float.map(({ name }) => `${name} gives float activations in the graph, int8 activations here`);
}

function graphOptions(options: { readonly name?: string; readonly inputShape?: readonly number[] }) {
  const { name, inputShape } = options;
  return { ...(name === undefined ? {} : { name }), ...(inputShape === undefined ? {} : { inputShape }) };
}
