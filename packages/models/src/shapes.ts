// Shape inference over a NetworkSpec: who reads whom, and the shape of every tensor, with errors that name the layer.
import { ModelError } from './errors.js';
import { resolveGraph } from './graph.js';
import { MAX_ACTIVATIONS, MAX_WEIGHTS } from './limits.js';
import type { Layer, LayerOf, NetworkSpec } from './network-spec.js';
import type { Shape } from './quantized-model.js';
import { convolvedShape, croppedShape, pooledShape, summedShape } from './spatial-shapes.js';
import { elementCount, formatShape } from './tensor-shape.js';

/** A layer with its inputs' names resolved and its shapes. */
export interface ResolvedLayer {
  readonly layer: Layer;
  /** Names of the layers read, or `input`. */
  readonly inputs: readonly string[];
  readonly inputShapes: readonly Shape[];
  readonly outputShape: Shape;
}

/** A layer that has weights. */
export type WeightedLayer = LayerOf<'linear'> | LayerOf<'conv2d'>;

export function isWeighted(layer: Layer): layer is WeightedLayer {
  return layer.type === 'linear' || layer.type === 'conv2d';
}

/**
 * The layers in order with the shape of every tensor. Layers read only earlier ones.
 * @throws ModelError `duplicate-name`, `unknown-input`, `unused-node`, `input-count`, `shape-mismatch` or `model-too-large`, naming the layer.
 *
 * @example
 * ```ts
 * import { buildPreset, inferShapes } from '@bitnetmcu/models';
 *
 * for (const { layer, outputShape } of inferShapes(buildPreset('cnn-16'))) console.log(layer.name, outputShape);
 * ```
 */
export function inferShapes(spec: NetworkSpec): ResolvedLayer[] {
  const inputNames = resolveGraph(
    'layer',
    spec.layers.map((layer, i) => ({
      name: layer.name,
      inputs: layer.inputs ?? [spec.layers[i - 1]?.name ?? 'input'],
    })),
  );
  const shapes = new Map<string, Shape>([['input', spec.input.shape]]);
  let elements = elementCount(spec.input.shape);
  let weights = 0;
  return spec.layers.map((layer, i) => {
    const inputs = inputNames[i]!;
    const wanted = layer.type === 'add' ? 2 : 1;
    if (inputs.length !== wanted) {
      throw new ModelError(
        'input-count',
        `Layer '${layer.name}' (${layer.type}) reads ${inputs.length} tensors, ${wanted} wanted: ${inputs.join(', ')}.`,
      );
    }
    const inputShapes = inputs.map((name) => shapes.get(name)!);
    const outputShape = layerShape(layer, inputShapes);
    elements += elementCount(outputShape);
    if (isWeighted(layer)) {
      const { outputs, perOutput } = weightDimensions(layer, inputShapes[0]!);
      weights += outputs * perOutput;
    }
    requireSmall(layer, 'activations', elements, MAX_ACTIVATIONS);
    requireSmall(layer, 'weights', weights, MAX_WEIGHTS);
    shapes.set(layer.name, outputShape);
    return { layer, inputs, inputShapes, outputShape };
  });
}

/** Number of logits: the elements of the last layer's output. */
export function outputCount(layers: readonly ResolvedLayer[]): number {
  return elementCount(layers.at(-1)!.outputShape);
}

/** Weights of a layer as a matrix: one row for each output (channel), `perOutput` weights a row. */
export function weightDimensions(
  layer: WeightedLayer,
  inputShape: Shape,
): { outputs: number; perOutput: number; groups: number } {
  if (layer.type === 'linear') return { outputs: layer.outputs, perOutput: elementCount(inputShape), groups: 1 };
  const inChannels = inputShape[0];
  const groups = layer.groups === 'depthwise' ? inChannels : layer.groups;
  return { outputs: layer.channels, perOutput: (inChannels / groups) * layer.kernel[0] * layer.kernel[1], groups };
}

function requireSmall(layer: Layer, what: string, count: number, limit: number): void {
  if (count <= limit) return;
  throw new ModelError(
    'model-too-large',
    `The network up to layer '${layer.name}' has ${count} ${what}, at most ${limit} wanted: use a smaller input, fewer outputs or channels.`,
  );
}

function layerShape(layer: Layer, inputs: readonly Shape[]): Shape {
  const who = `Layer '${layer.name}' (${layer.type})`;
  const input = inputs[0]!;
  switch (layer.type) {
    case 'linear':
      return [layer.outputs];
    case 'conv2d': {
      const { kernel, stride, padding, channels } = layer;
      if (input.length === 3) {
        const groups = layer.groups === 'depthwise' ? input[0] : layer.groups;
        if (input[0] % groups !== 0 || channels % groups !== 0) {
          const wanted =
            layer.groups === 'depthwise' ? `a multiple of ${input[0]} output channels` : 'groups that divide both';
          throw new ModelError(
            'shape-mismatch',
            `${who} maps ${input[0]} to ${channels} channels in ${groups} groups; ${wanted} wanted.`,
          );
        }
      }
      return convolvedShape(who, input, { outChannels: channels, kernel, stride, padding });
    }
    case 'maxPool2d':
    case 'avgPool2d':
      return pooledShape(who, input, { ...layer, stride: layer.stride ?? layer.size }, layer.type);
    case 'crop':
      return croppedShape(who, input, layer);
    case 'flatten':
      if (input.length !== 3) {
        throw new ModelError(
          'shape-mismatch',
          `${who} reads ${formatShape(input)}, [channels, height, width] wanted: leave the layer out.`,
        );
      }
      return [elementCount(input)];
    case 'add':
      return summedShape(who, inputs);
    case 'activation':
    case 'dropout':
      return input;
    case 'custom':
      return layer.outputShape;
    default:
      return layer satisfies never;
  }
}
