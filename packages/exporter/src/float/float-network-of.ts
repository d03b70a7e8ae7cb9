// TrainedNetwork → FloatNetwork: a fine-tuned network goes the way of an imported one, with the weights that training saw.
import { inferShapes, type LayerOf, type ResolvedLayer, type Shape, type TrainedNetwork } from '@bitnetmcu/models';
import {
  activationOf,
  applyActivation,
  elementCount,
  validateTrainedNetwork,
  weightDimensions,
} from '@bitnetmcu/models/internal';
import { ExporterError } from '../errors.js';
import { unknownValue } from '../unknown-value.js';
import type { FloatActivation, FloatDynamicNorm, FloatLayer, FloatNetwork, FloatRelu } from './float-network.js';
import { trainedWeights } from './trained-weights.js';

/**
 * @throws ExporterError `unsupported-graph` for layers without a static form (layer and batch norm, custom layers); ModelError for wrong parameters.
 */
export function floatNetworkOf(trained: TrainedNetwork): FloatNetwork {
  validateTrainedNetwork(trained);
  const sources = new Map<string, string>();
  const layers: FloatLayer[] = [];
  for (const resolved of inferShapes(trained.spec)) {
    const inputs = resolved.inputs.map((name) => sources.get(name) ?? name);
    const normed = normInFront(resolved, inputs);
    if (normed) layers.push(normed);
    const layer = floatLayer(trained, resolved, normed ? [normed.name] : inputs);
    if (layer) layers.push(layer);
    else sources.set(resolved.layer.name, inputs[0]!);
  }
  return {
    name: trained.spec.name,
    inputShape: trained.spec.input.shape,
    inputFactor: 1,
    inputOffset: 0,
    layers,
    producer: trained.provenance.tool ?? '',
  };
}

/** The norm of a linear layer's input, as a layer of its own. */
function normInFront({ layer, inputShapes }: ResolvedLayer, inputs: string[]): FloatDynamicNorm | undefined {
  if (layer.type !== 'linear' || layer.norm === 'none') return undefined;
  if (layer.norm === 'layer' || layer.norm === 'batch') {
    throw noStaticForm(layer.name, `its input norm (${layer.norm})`);
  }
  const base = { name: `${layer.name}.norm`, inputs, shape: inputShapes[0]!, nodes: [layer.name] };
  return { ...base, op: 'dynamicNorm', norm: layer.norm, quantized: layer.activationQuantizer !== 'none' };
}

/** undefined: the layer does nothing in inference. */
function floatLayer(
  trained: TrainedNetwork,
  { layer, inputShapes, outputShape }: ResolvedLayer,
  inputs: string[],
): FloatLayer | undefined {
  const base = { name: layer.name, inputs, shape: outputShape, nodes: [layer.name] };
  const input = inputShapes[0]!;
  switch (layer.type) {
    case 'linear': {
      const { weight, bias } = parametersOf(trained, { layer, inputShapes, outputShape, inputs });
      return { ...base, op: 'linear', inFeatures: elementCount(input), outFeatures: layer.outputs, weight, bias };
    }
    case 'conv2d': {
      const { weight, bias } = parametersOf(trained, { layer, inputShapes, outputShape, inputs });
      return {
        ...base,
        op: 'conv2d',
        inShape: maps(input),
        outChannels: layer.channels,
        kernel: layer.kernel,
        stride: layer.stride,
        padding: layer.padding,
        groups: weightDimensions(layer, input).groups,
        weight,
        bias,
      };
    }
    case 'activation':
      return { ...base, ...activation(layer) };
    case 'topRelu':
      return { ...base, op: 'topRelu' };
    case 'topGroups':
      return { ...base, op: 'topGroups', keep: layer.keep };
    case 'maxPool2d':
    case 'avgPool2d': {
      const { size, stride = size, padding } = layer;
      const countIncludePad = layer.type === 'avgPool2d' && layer.countIncludePad;
      return { ...base, op: layer.type, inShape: maps(input), size, stride, padding, countIncludePad };
    }
    case 'crop':
      return { ...base, op: 'crop', inShape: maps(input), top: layer.top, left: layer.left };
    case 'flatten':
      return { ...base, op: 'flatten' };
    case 'add':
      return { ...base, op: 'add', scale: trained.parameters[`${layer.name}.scale`]?.[0] };
    case 'dropout':
      return undefined;
    case 'custom':
      throw noStaticForm(layer.name, `a layer of type ${layer.type}`);
    default:
      throw unknownValue('layer', layer);
  }
}

/** A rectifier, or a function to look up. @throws ExporterError `unsupported-graph` for a function of another integer form. */
function activation(
  layer: LayerOf<'activation'>,
): Pick<FloatRelu, 'op' | 'limit'> | Pick<FloatActivation, 'op' | 'function' | 'apply'> {
  const { integerForm } = activationOf(layer.function);
  switch (integerForm) {
    case 'rectifier':
      return { op: 'relu', limit: Number.POSITIVE_INFINITY };
    case 'table': {
      const { function: name } = layer;
      return { op: 'activation', function: name, apply: (values) => values.map((x) => applyActivation(name, x)) };
    }
    default:
      throw noStaticForm(layer.name, `the activation function ${layer.function} (${integerForm satisfies never})`);
  }
}

/** Weights as fake quantization saw them, which lie on their format's grid; float for the format `None`. */
function parametersOf(
  trained: TrainedNetwork,
  { layer, inputShapes }: ResolvedLayer,
): { weight: Float32Array; bias: Float32Array | undefined } {
  if (layer.type !== 'linear' && layer.type !== 'conv2d') throw new Error('only weighted layers have parameters');
  const bias = layer.bias ? trained.parameters[`${layer.name}.bias`] : undefined;
  const { outputs } = weightDimensions(layer, inputShapes[0]!);
  const quantized = trainedWeights(trained, layer, outputs, 'as-trained');
  return { weight: quantized?.dequantized ?? unmasked(trained, layer.name), bias };
}

function unmasked({ parameters }: TrainedNetwork, layer: string): Float32Array {
  const mask = parameters[`${layer}.mask`];
  const weight = parameters[`${layer}.weight`]!;
  return mask === undefined ? weight : weight.map((value, i) => (mask[i] === 0 ? 0 : value));
}

function maps(shape: Shape): readonly [number, number, number] {
  return shape as readonly [number, number, number];
}

function noStaticForm(layer: string, what: string): ExporterError {
  return new ExporterError(
    'unsupported-graph',
    `Layer ${layer}: ${what} has no form with static scales, which this network's biases and sums need; leave it out and train again`,
    { layer },
  );
}
