// A specialized ONNX graph → FloatNetwork: one mapping an operator, and the list of nodes that have none.
import { ExporterError } from '../../errors.js';
import { type FloatNetwork, isFloatWeighted } from '../../float/float-network.js';
import { foldAffines } from '../../float/fold-affine.js';
import { UnsupportedGraphError } from '../../float/unsupported.js';
import type { OnnxNode } from '../ir/graph.js';
import { type DynamicNorm, findDynamicNorms } from './dynamic-norms.js';
import { Mapper, type Refusal } from './mapper.js';
import { endOfNetwork, lastLayer } from './network-end.js';
import { ANY_NEAREST, MAPPINGS, NEAREST, READ_INTEGERS } from './operators.js';
import { findScalarFunctions, type ScalarFunction } from './scalar-functions.js';
import type { SpecializedGraph } from './specialize.js';

/**
 * Maps a graph to layers; norms are folded or recognized, a softmax at the end is dropped.
 * @throws UnsupportedGraphError listing every node without an integer form.
 */
export function mapToFloatNetwork(specialized: SpecializedGraph, name: string): FloatNetwork {
  const mapper = new Mapper(specialized);
  const norms = findDynamicNorms(specialized);
  const { output, notes } = endOfNetwork(specialized);
  const functions = findScalarFunctions(specialized, output);
  const needed = neededNodes(specialized, new Map<string, { readonly from: string }>([...functions, ...norms]), output);
  for (const node of specialized.nodes) {
    if (needed.has(node)) {
      const refusal = mapNode(mapper, node, norms, functions);
      if (refusal) mapper.refuse(node, refusal);
    }
  }
  if (mapper.unsupported.length > 0) throw new UnsupportedGraphError(mapper.unsupported);
  const last = lastLayer(mapper, output);
  const network = foldAffines({
    name,
    inputShape: mapper.input.shape,
    inputFactor: 1,
    inputOffset: 0,
    layers: mapper.layers.slice(0, mapper.layers.findIndex((layer) => layer.name === last) + 1),
    notes,
    producer: specialized.graph.producer,
  });
  requireFiniteWeights(network);
  return network;
}

/** Weights that are no numbers come from diverged training or a damaged file; nothing behind here would survive them. */
function requireFiniteWeights(network: FloatNetwork): void {
  const broken = network.layers.filter(
    (layer) =>
      isFloatWeighted(layer) &&
      ![...layer.weight, ...(layer.bias ?? [])].every((value) => Math.abs(value) <= LARGEST_WEIGHT),
  );
  const { inputFactor, inputOffset } = network;
  const steps = network.layers.filter(
    (layer) =>
      layer.op === 'staticQuantization' &&
      !(layer.step > 0 && Number.isFinite(layer.step) && Number.isFinite(layer.high - layer.low)),
  );
  const unusable = [...broken, ...steps].map((layer) => ({
    name: layer.nodes[0] ?? layer.name,
    operator: layer.op,
    reason: 'its weights or scales are no usable numbers (NaN, infinite, beyond 1e30 or a scale of 0)',
    nearest: 'finite weights are supported: the training diverged or the file is damaged',
  }));
  if (unusable.length > 0) throw new UnsupportedGraphError(unusable);
  if (!(inputFactor > 0 && Number.isFinite(inputFactor) && Number.isFinite(inputOffset))) {
    throw new ExporterError(
      'onnx',
      `The graph scales its input by ${inputFactor} and adds ${inputOffset}; finite numbers are wanted: the file is damaged`,
    );
  }
}

/** Beyond it products of layers leave float64 soon. */
const LARGEST_WEIGHT = 1e30;

function mapNode(
  mapper: Mapper,
  node: OnnxNode,
  norms: ReadonlyMap<string, DynamicNorm>,
  functions: ReadonlyMap<string, ScalarFunction>,
): Refusal | undefined {
  const norm = norms.get(node.outputs[0]!);
  if (norm) {
    const input = mapper.value(norm.from);
    if (!input) return undefined;
    const layer = { op: 'dynamicNorm', norm: norm.norm, quantized: norm.quantized } as const;
    return mapper.appendElementwise('norm', node, input, layer);
  }
  const scalar = functions.get(node.outputs[0]!);
  const source = scalar && mapper.value(scalar.from);
  if (scalar && source === undefined) return undefined;
  if (scalar && source && source.quantized === undefined && source.zeros === undefined) {
    const layer = { op: 'activation', function: scalar.name, apply: scalar.apply } as const;
    return mapper.appendElementwise('activation', node, source, layer);
  }
  const mapping = Object.hasOwn(MAPPINGS, node.operator) ? MAPPINGS[node.operator] : undefined;
  const failure = mapper.specialized.failed.get(node);
  if (!mapping || node.domain !== '') {
    const domain = node.domain === '' ? '' : ` of the domain ${node.domain}`;
    return {
      reason: `the operator${domain} has no integer form here`,
      nearest: NEAREST[node.operator] ?? ANY_NEAREST,
    };
  }
  if (failure) return { reason: failure, nearest: NEAREST[node.operator] ?? ANY_NEAREST };
  const integers = node.inputs.some((name) => mapper.value(name)?.quantized !== undefined);
  if (integers && !READ_INTEGERS.has(node.operator)) {
    return {
      reason: 'it reads the integers of a QuantizeLinear',
      nearest: 'pairs of QuantizeLinear and DequantizeLinear (QDQ) are supported',
    };
  }
  if (node.operator !== 'Conv' && node.inputs.some((name) => mapper.value(name)?.zeros !== undefined)) {
    return {
      reason: 'it reads maps with zeros around them',
      nearest: 'a Pad directly before a convolution is supported; pools have padding of their own',
    };
  }
  return mapping.map(mapper, node);
}

/** Nodes to map: those on which the output depends, without the insides of recognized norms and functions. */
function neededNodes(
  specialized: SpecializedGraph,
  parts: ReadonlyMap<string, { readonly from: string }>,
  output: string,
): Set<OnnxNode> {
  const producers = new Map(specialized.nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const)));
  const needed = new Set<OnnxNode>();
  const seen = new Set<string>();
  const pending = [output];
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    const node = producers.get(name);
    if (!node || seen.has(name)) continue;
    seen.add(name);
    needed.add(node);
    const part = parts.get(name);
    pending.push(...(part ? [part.from] : node.inputs));
  }
  return needed;
}
