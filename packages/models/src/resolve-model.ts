// Graph and shapes of a QuantizedModel, and its validation: what passes here, every implementation can run.
import { ModelError } from './errors.js';
import { requireFrontEnd } from './front-end/index.js';
import { resolveGraph } from './graph.js';
import { requireKeptSamples } from './kept-samples.js';
import { MAX_ACTIVATIONS } from './limits.js';
import { isWeightedNode, opOf, type QuantizedNode, type WeightedNode } from './ops/index.js';
import type { NodeSite } from './ops/op-definition.js';
import { checkWeights, type WeightMatrix } from './ops/weights.js';
import { requireLabels, requireOutput } from './output/index.js';
import type { QuantizedModel } from './quantized-model.js';
import { quantizedModelSchema } from './quantized-model-schema.js';
import { requireRawInput } from './raw-input/index.js';
import { parseWithSchema } from './schema-issues.js';
import { elementCount, type Shape, type TensorType } from './tensor-shape.js';

/** A node with the shapes and types around it. */
export type ResolvedNode = NodeSite<QuantizedNode>;

/** Weight matrix of a node: a row for each output (channel), canonical order within it. It looks at the node's sizes only. */
export function weightMatrix(node: Omit<WeightedNode, 'weights'>): WeightMatrix {
  return opOf(node as WeightedNode).matrix!(node as WeightedNode);
}

/**
 * Checks everything that can be checked without running bounds: numbers in range, names and topological order, shapes,
 * weight, shift and bias sizes, codes that the format has, labels. Overflow is checked by `proveAccumulatorBounds`.
 * @throws ModelError naming the node: `invalid-model`, `duplicate-name`, `unknown-input`, `unused-node`, `input-count`,
 * `shape-mismatch`, `invalid-weights`, `invalid-labels`, `unknown-operation` or `model-too-large`.
 *
 * @example
 * ```ts
 * import { validateQuantizedModel } from '@bitnetmcu/models';
 *
 * for (const { node, outputShape } of validateQuantizedModel(model)) console.log(node.name, outputShape);
 * ```
 */
export function validateQuantizedModel(model: QuantizedModel): ResolvedNode[] {
  parseWithSchema(quantizedModelSchema, model, 'quantized model', 'invalid-model');
  requireRawInput(model.input, model.input.quantization);
  requireFrontEnd(model.input);
  const resolved = resolveModel(model);
  for (const { node } of resolved)
    if (isWeightedNode(node)) checkWeights(whoOf(node), weightMatrix(node), node.weights);
  const last = resolved.at(-1)!;
  if (last.outputType !== 'int32') {
    throw new ModelError(
      'invalid-model',
      `The last node '${last.node.name}' (${last.node.op}) gives int8 activations, int32 logits wanted: end with its accumulators, which rank the classes better.`,
    );
  }
  const outputs = elementCount(last.outputShape);
  requireOutput(model.output, { inputs: elementCount(model.input.shape), outputs });
  if (model.output && model.output.task !== 'multiLabel' && model.input.quantization.kind !== 'static') {
    throw new ModelError(
      'invalid-output',
      `A model for ${model.output.task} scales every sample by itself, so that its logits have no unit: static scales wanted (calibration samples).`,
    );
  }
  requireLabels('model', model, outputs);
  requireKeptSamples(model.samples, model, outputs);
  return resolved;
}

/**
 * Graph and shapes only: nodes in order with what they read.
 * @throws ModelError as `validateQuantizedModel` where graph or shapes are wrong.
 */
export function resolveModel(model: Pick<QuantizedModel, 'input' | 'nodes'>): ResolvedNode[] {
  resolveGraph('node', model.nodes);
  const tensors = new Map<string, { shape: Shape; type: TensorType }>([
    ['input', { shape: model.input.shape, type: 'int8' }],
  ]);
  let total = elementCount(model.input.shape);
  return model.nodes.map((node) => {
    const op = opOf(node);
    const wanted = op.inputs;
    if (node.inputs.length !== wanted) {
      throw new ModelError(
        'input-count',
        `${whoOf(node)} reads ${node.inputs.length} tensors (${node.inputs.join(', ')}), ${wanted} wanted.`,
      );
    }
    const inputs = node.inputs.map((name) => tensors.get(name)!);
    if (op.readsInt8 !== undefined && inputs[0]!.type !== 'int8') {
      throw new ModelError(
        'invalid-model',
        `${whoOf(node)} reads the int32 activations of '${node.inputs[0]}', int8 wanted${op.readsInt8}.`,
      );
    }
    const inputShapes = inputs.map((input) => input.shape);
    const outputShape = op.shape(node, inputShapes, whoOf(node));
    const outputType = op.type(node, inputs[0]!.type);
    total += elementCount(outputShape);
    if (total > MAX_ACTIVATIONS) {
      throw new ModelError(
        'model-too-large',
        `The activations up to node '${node.name}' have ${total} elements, at most ${MAX_ACTIVATIONS} wanted: use a smaller input or fewer channels.`,
      );
    }
    tensors.set(node.name, { shape: outputShape, type: outputType });
    return { node, inputShapes, outputShape, outputType };
  });
}

/** A node in messages. */
function whoOf({ name, op }: QuantizedNode): string {
  return `Node '${name}' (${op})`;
}
