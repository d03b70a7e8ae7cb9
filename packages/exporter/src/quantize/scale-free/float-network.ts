// Bias-free networks whose activations are normalized in every layer (BitLinear): their scales cancel, so that they become integers with
// the weight codes of training and without calibration.
import {
  proveAccumulatorBounds,
  type QuantizedModel,
  type QuantizedNode,
  validateQuantizedModel,
} from '@bitnetmcu/models';
import { type FloatLayer, type FloatNetwork, isFloatWeighted } from '../../float/float-network.js';
import { keptGrid, type LayerCodes, octavCodes, requireKnownLayers, weightScale } from '../../float/layer-codes.js';
import { preprocessingOf } from '../../float/preprocessing.js';
import { UnsupportedGraphError, type UnsupportedNode } from '../../float/unsupported.js';
import { unknownValue } from '../../unknown-value.js';
import type { QuantizeFloatOptions } from '../options.js';
import type { LayerReport, Quantized } from '../report.js';
import { cropNode, poolNode, WIDENED } from '../spatial-nodes.js';

/** Why a network is not scale-free: its first layer with a scale of its own, or undefined. */
export function scaleFreeObstacle(network: FloatNetwork): UnsupportedNode | undefined {
  const layers = new Map(network.layers.map((layer) => [layer.name, layer]));
  const obstacle = (layer: FloatLayer, reason: string, nearest: string): UnsupportedNode => ({
    name: layer.nodes[0] ?? layer.name,
    operator: layer.op,
    reason,
    nearest,
  });
  for (const layer of network.layers) {
    if (isFloatWeighted(layer)) {
      if (layer.bias?.some((bias) => bias !== 0)) {
        return obstacle(layer, 'it has a bias', 'layers without bias are scale-free');
      }
      if (!readsNormalized(layers, layer)) {
        return obstacle(
          layer,
          'its input is not normalized',
          'max-abs quantization or RMS norm in front of every layer is scale-free',
        );
      }
    } else if (
      layer.op === 'add' ||
      layer.op === 'activation' ||
      layer.op === 'staticQuantization' ||
      (layer.op === 'relu' && layer.limit < Number.POSITIVE_INFINITY)
    ) {
      return obstacle(layer, 'its result depends on the scale of its input', 'calibrated static scales express it');
    }
  }
  return undefined;
}

function readsNormalized(layers: ReadonlyMap<string, FloatLayer>, layer: FloatLayer): boolean {
  const source = layers.get(layer.inputs[0]!);
  if (source === undefined) return true;
  if (source.op === 'dynamicNorm') return true;
  return (
    (source.op === 'flatten' || source.op === 'maxPool2d' || source.op === 'crop') && readsNormalized(layers, source)
  );
}

interface IntegerTensor {
  readonly node: string;
  readonly type: 'int8' | 'int32';
  /** Whether the float network's values are max(0, x) of the node's. */
  readonly pendingRelu: boolean;
  readonly rectified: boolean;
}

/**
 * Reduces a scale-free network to integers. Weights on a grid keep their codes.
 * @throws UnsupportedGraphError for a network that is not scale-free, or normalizes values of both signs between layers; ModelError
 * `accumulator-overflow`.
 */
export function quantizeScaleFree(network: FloatNetwork, options: QuantizeFloatOptions = {}): Quantized {
  const obstacle = scaleFreeObstacle(network);
  if (obstacle) throw new UnsupportedGraphError([obstacle]);
  requireKnownLayers(network, options);
  const nodes: QuantizedNode[] = [];
  const codes = new Map<string, LayerCodes>();
  const tensors = new Map<string, IntegerTensor>([
    ['input', { node: 'input', type: 'int8', pendingRelu: false, rectified: false }],
  ]);
  for (const layer of network.layers) {
    const [input, other] = layer.inputs.map((name) => tensors.get(name));
    tensors.set(layer.name, appendLayer(layer, input!, other, nodes, codes, options));
  }
  appendLogits(network.layers.at(-1)!.name, tensors.get(network.layers.at(-1)!.name)!, nodes);
  const model: QuantizedModel = {
    name: options.name ?? network.name,
    input: {
      shape: network.inputShape,
      preprocessing: preprocessingOf(network, options.preprocessing),
      quantization: { kind: 'dynamic' },
    },
    nodes,
    labels: options.labels ?? [],
    provenance: options.provenance ?? {},
  };
  validateQuantizedModel(model);
  proveAccumulatorBounds(model);
  const layers = network.layers.filter(isFloatWeighted).map((layer): LayerReport => {
    const found = codes.get(layer.name)!;
    return {
      layer: layer.name,
      op: layer.op,
      nodes: layer.nodes,
      format: found.format,
      gridDetected: found.exact,
      weightScale: weightScale(found),
      warnings: [],
    };
  });
  return { model, report: { activations: 'scale-free', layers, warnings: narrowedActivations(network) } };
}

function narrowedActivations(network: FloatNetwork): string[] {
  const float = network.layers.filter((layer) => layer.op === 'dynamicNorm' && !layer.quantized);
  return float.map(({ name }) => `${name} gives float activations in the graph, int8 activations here`);
}

/**
 * Appends layers that only norms separate from the integers before them: whatever scale those have, the classes are the same.
 * @param nodeOf the int8 node of each layer before that one of `layers` reads.
 * @returns the node of the logits.
 * @throws UnsupportedGraphError where a layer normalizes values of both signs.
 */
export function appendScaleFreeTail(
  layers: readonly FloatLayer[],
  nodeOf: ReadonlyMap<string, string>,
  nodes: QuantizedNode[],
  options: QuantizeFloatOptions,
): void {
  const tensors = new Map<string, IntegerTensor>();
  const codes = new Map<string, LayerCodes>();
  const tensorOf = (name: string): IntegerTensor =>
    tensors.get(name) ?? { node: nodeOf.get(name)!, type: 'int8', pendingRelu: false, rectified: true };
  for (const layer of layers) {
    let input = tensorOf(layer.inputs[0]!);
    if (isFloatWeighted(layer) && input.type === 'int32') {
      const { name, inputs, shape } = layer;
      const norm = { op: 'dynamicNorm', name: `${name}.norm`, inputs, shape, nodes: [name] } as const;
      input = appendLayer({ ...norm, norm: 'none', quantized: true }, input, undefined, nodes, codes, options);
    }
    const other = layer.inputs[1] === undefined ? undefined : tensorOf(layer.inputs[1]);
    tensors.set(layer.name, appendLayer(layer, input, other, nodes, codes, options));
  }
  appendLogits(layers.at(-1)!.name, tensors.get(layers.at(-1)!.name)!, nodes);
}

/** What the last tensor lacks of being int32 logits: its ReLU, or the width. */
function appendLogits(name: string, last: IntegerTensor, nodes: QuantizedNode[]): void {
  const node = { name: `${name}.logits`, inputs: [last.node] };
  if (last.pendingRelu) nodes.push({ ...node, op: 'reluShift', shift: 0 });
  else if (last.type === 'int8') nodes.push({ ...node, ...WIDENED });
}

function appendLayer(
  layer: FloatLayer,
  input: IntegerTensor,
  other: IntegerTensor | undefined,
  nodes: QuantizedNode[],
  codes: Map<string, LayerCodes>,
  options: QuantizeFloatOptions,
): IntegerTensor {
  const { name } = layer;
  const base = { name, inputs: [input.node] };
  const append = (node: QuantizedNode, tensor: Partial<IntegerTensor>): IntegerTensor => {
    nodes.push(node);
    return { ...input, node: node.name, ...tensor };
  };
  const accumulators = { type: 'int32', pendingRelu: false, rectified: false } as const;
  switch (layer.op) {
    case 'linear':
    case 'conv2d': {
      const { mixed = {}, quantizer = '8bit' } = options;
      const found = keptGrid(layer, options) ?? octavCodes(layer, mixed[layer.name] ?? quantizer);
      codes.set(name, found);
      const { format, codes: values, outputShifts } = found;
      const weights = { format, codes: values, ...(outputShifts ? { outputShifts } : {}) };
      if (layer.op === 'linear') {
        const { inFeatures, outFeatures } = layer;
        return append({ ...base, op: 'linear', inFeatures, outFeatures, weights }, accumulators);
      }
      const { inShape, outChannels, kernel, stride, padding, groups } = layer;
      return append(
        { ...base, op: 'conv2d', inChannels: inShape[0], outChannels, kernel, stride, padding, groups, weights },
        accumulators,
      );
    }
    case 'relu':
      return { ...input, pendingRelu: !input.rectified };
    case 'dynamicNorm': {
      if (input.node === 'input') return input;
      if (!input.pendingRelu && !input.rectified) {
        throw new UnsupportedGraphError([
          {
            name: layer.nodes[0] ?? name,
            operator: 'max-abs quantization',
            reason: 'it normalizes values of both signs',
            nearest: 'a ReLU in front of it is supported',
          },
        ]);
      }
      const op = options.normalization ?? 'maxAbsNorm';
      return append({ ...base, op, activation: 'relu' }, { type: 'int8', pendingRelu: false, rectified: true });
    }
    case 'topRelu':
      return append({ ...base, op: 'topRelu' }, { type: 'int32', pendingRelu: false, rectified: true });
    case 'topGroups': {
      let scores = other!.node;
      if (other!.pendingRelu) {
        scores = `${name}.relu`;
        nodes.push({ name: scores, inputs: [other!.node], op: 'reluShift', shift: 0 });
      }
      return append({ name, inputs: [input.node, scores], op: 'topGroups', keep: layer.keep }, {});
    }
    case 'maxPool2d':
      return append(poolNode(layer, input.node), {});
    case 'avgPool2d': {
      let source = input;
      if (input.pendingRelu) {
        nodes.push({ name: `${name}.relu`, inputs: [input.node], op: 'reluShift', shift: 0 });
        source = { node: `${name}.relu`, type: 'int32', pendingRelu: false, rectified: true };
      }
      nodes.push(poolNode(layer, source.node));
      return { ...source, node: name };
    }
    case 'crop':
      return append(cropNode(layer, input.node), {});
    case 'flatten':
      return append({ ...base, op: 'flatten' }, {});
    case 'activation':
    case 'add':
    case 'affine':
    case 'staticQuantization':
      throw new Error(`${layer.op} is no scale-free layer`);
    default:
      throw unknownValue('layer', layer);
  }
}
