// Shape inference over a NetworkSpec: who reads whom, and the shape of every tensor, with errors that name the layer.
import { ModelError } from './errors.js';
import { resolveGraph } from './graph.js';
import { definitionOf } from './layers/index.js';
import type { WeightDimensions } from './layers/layer-definition.js';
import { MAX_ACTIVATIONS, MAX_WEIGHTS } from './limits.js';
import type { Layer, NetworkSpec } from './network-spec.js';
import type { Quantizer } from './quantizer-schema.js';
import { elementCount, type Shape } from './tensor-shape.js';

/** A layer with its inputs' names resolved and its shapes. */
export interface ResolvedLayer {
  readonly layer: Layer;
  /** Names of the layers read, or `input`. */
  readonly inputs: readonly string[];
  readonly inputShapes: readonly Shape[];
  readonly outputShape: Shape;
}

/** A layer that has weights. */
export type WeightedLayer = Extract<Layer, { weights: Quantizer }>;

export function isWeighted(layer: Layer): layer is WeightedLayer {
  return definitionOf(layer).weights !== undefined;
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
    const definition = definitionOf(layer);
    const who = `Layer '${layer.name}' (${layer.type})`;
    const wanted = definition.inputs;
    if (inputs.length !== wanted) {
      throw new ModelError(
        'input-count',
        `${who} reads ${inputs.length} tensors, ${wanted} wanted: ${inputs.join(', ')}.`,
      );
    }
    const inputShapes = inputs.map((name) => shapes.get(name)!);
    const outputShape = definition.shape(layer, inputShapes, who);
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
export function weightDimensions(layer: WeightedLayer, inputShape: Shape): WeightDimensions {
  return definitionOf(layer).weights!(layer, inputShape);
}

function requireSmall(layer: Layer, what: string, count: number, limit: number): void {
  if (count <= limit) return;
  throw new ModelError(
    'model-too-large',
    `The network up to layer '${layer.name}' has ${count} ${what}, at most ${limit} wanted: use a smaller input, fewer outputs or channels.`,
  );
}
