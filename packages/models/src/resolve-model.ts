// Graph and shapes of a QuantizedModel, and its validation: what passes here, every implementation can run.
import { getFormat, integerWeights } from '@bitnetmcu/quant';
import { ModelError } from './errors.js';
import { resolveGraph } from './graph.js';
import { classCount } from './inference.js';
import { MAX_ACTIVATIONS } from './limits.js';
import type { Conv2dNode, LinearNode, QuantizedModel, QuantizedNode, Shape } from './quantized-model.js';
import { quantizedModelSchema } from './quantized-model-schema.js';
import { parseWithSchema } from './schema-issues.js';
import { convolvedShape, croppedShape, pooledShape, summedShape } from './spatial-shapes.js';
import { elementCount, formatShape } from './tensor-shape.js';

/** Integer type that holds every value of a tensor by definition of its node (not by its bounds). */
export type TensorType = 'int8' | 'int32';

/** A node with the shapes and types around it. */
export interface ResolvedNode {
  readonly node: QuantizedNode;
  readonly inputShapes: readonly Shape[];
  readonly outputShape: Shape;
  readonly outputType: TensorType;
}

/** A node that has weights. */
export type WeightedNode = LinearNode | Conv2dNode;

/** Weight matrix of a node: a row for each output (channel), canonical order within it. */
export function weightMatrix(node: WeightedNode): { rows: number; columns: number } {
  if (node.op === 'linear') return { rows: node.outFeatures, columns: node.inFeatures };
  return { rows: node.outChannels, columns: (node.inChannels / node.groups) * node.kernel[0] * node.kernel[1] };
}

/** The integer weights of a node in canonical order (output-major). */
export function nodeIntegers(node: WeightedNode): Int16Array {
  return integerWeights(node.weights.format, node.weights.codes);
}

/**
 * Checks everything that can be checked without running bounds: numbers in range, names and topological order, shapes,
 * weight, shift and bias sizes, codes that the format has, labels. Overflow is checked by `proveAccumulatorBounds`.
 * @throws ModelError naming the node: `invalid-model`, `duplicate-name`, `unknown-input`, `unused-node`, `input-count`,
 * `shape-mismatch`, `invalid-weights`, `invalid-labels` or `model-too-large`.
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
  const resolved = resolveModel(model);
  for (const { node } of resolved) if (node.op === 'linear' || node.op === 'conv2d') checkWeights(node);
  const last = resolved.at(-1)!;
  if (last.outputType !== 'int32') {
    throw new ModelError(
      'invalid-model',
      `The last node '${last.node.name}' (${last.node.op}) gives int8 activations, int32 logits wanted: end with its accumulators, which rank the classes better.`,
    );
  }
  const outputs = elementCount(last.outputShape);
  if (model.labels.length !== 0 && model.labels.length !== outputs && model.labels.length !== classCount(outputs)) {
    throw new ModelError(
      'invalid-labels',
      `The model has ${model.labels.length} labels and ${outputs} outputs: give a label for each of its ${classCount(outputs)} classes${outputs === 1 ? ' (a single output tells two by its sign)' : ''}, or none.`,
    );
  }
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
    const wanted = node.op === 'add' ? 2 : 1;
    if (node.inputs.length !== wanted) {
      throw new ModelError(
        'input-count',
        `Node '${node.name}' (${node.op}) reads ${node.inputs.length} tensors (${node.inputs.join(', ')}), ${wanted} wanted.`,
      );
    }
    const inputs = node.inputs.map((name) => tensors.get(name)!);
    if (node.op === 'linear' && inputs[0]!.type !== 'int8') {
      throw new ModelError(
        'invalid-model',
        `Node '${node.name}' (linear) reads the int32 activations of '${node.inputs[0]}', int8 wanted: put a shiftNorm, a maxAbsNorm or a requantize to int8 between.`,
      );
    }
    if (node.op === 'lookup' && inputs[0]!.type !== 'int8') {
      throw new ModelError(
        'invalid-model',
        `Node '${node.name}' (lookup) reads the int32 activations of '${node.inputs[0]}', int8 wanted, an entry of its table each: put a requantize to int8 between.`,
      );
    }
    const inputShapes = inputs.map((input) => input.shape);
    const outputShape = nodeShape(node, inputShapes);
    const outputType = nodeType(node, inputs[0]!.type);
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

function nodeShape(node: QuantizedNode, inputs: readonly Shape[]): Shape {
  const who = `Node '${node.name}' (${node.op})`;
  const input = inputs[0]!;
  switch (node.op) {
    case 'linear':
      if (elementCount(input) !== node.inFeatures) {
        throw new ModelError(
          'shape-mismatch',
          `${who} has inFeatures ${node.inFeatures}, but '${node.inputs[0]}' has ${elementCount(input)} elements (${formatShape(input)}).`,
        );
      }
      return [node.outFeatures];
    case 'conv2d':
      if (input.length === 3 && input[0] !== node.inChannels) {
        throw new ModelError(
          'shape-mismatch',
          `${who} has inChannels ${node.inChannels}, but '${node.inputs[0]}' has ${input[0]} channels (${formatShape(input)}).`,
        );
      }
      if (node.inChannels % node.groups !== 0 || node.outChannels % node.groups !== 0) {
        throw new ModelError(
          'shape-mismatch',
          `${who} maps ${node.inChannels} to ${node.outChannels} channels in ${node.groups} groups: groups that divide both wanted.`,
        );
      }
      return convolvedShape(who, input, node);
    case 'maxPool2d':
    case 'avgPool2d':
      return pooledShape(who, input, node, node.op);
    case 'crop':
      return croppedShape(who, input, node);
    case 'flatten':
      return [elementCount(input)];
    case 'requantize':
      if (node.min > node.max) {
        throw new ModelError(
          'invalid-model',
          `${who} clips to ${node.min} … ${node.max}: min no larger than max wanted.`,
        );
      }
      return input;
    case 'shiftNorm':
    case 'maxAbsNorm':
    case 'reluShift':
    case 'lookup':
      return input;
    case 'add':
      return summedShape(who, inputs);
    default:
      return node satisfies never;
  }
}

function nodeType(node: QuantizedNode, input: TensorType): TensorType {
  switch (node.op) {
    case 'linear':
    case 'conv2d':
    case 'add':
    case 'reluShift':
      return 'int32';
    case 'shiftNorm':
    case 'maxAbsNorm':
    case 'lookup':
      return 'int8';
    case 'requantize':
      return node.min >= -128 && node.max <= 127 ? 'int8' : 'int32';
    case 'maxPool2d':
    case 'avgPool2d':
    case 'crop':
    case 'flatten':
      return input;
    default:
      return node satisfies never;
  }
}

function checkWeights(node: WeightedNode): void {
  const who = `Node '${node.name}' (${node.op})`;
  const { rows, columns } = weightMatrix(node);
  const { format, codes, outputShifts, bias } = node.weights;
  if (codes.length !== rows * columns) {
    throw new ModelError(
      'invalid-weights',
      `${who} has ${codes.length} weight codes, ${rows * columns} wanted (${rows} outputs of ${columns}). Make the model again, or correct the shape of the node or of its input.`,
    );
  }
  const levels = getFormat(format).integers.length;
  const bad = codes.findIndex((code) => code >= levels);
  if (bad !== -1) {
    throw new ModelError(
      'invalid-weights',
      `${who} has the code ${codes[bad]} at weight ${bad}, but ${format} has codes 0 … ${levels - 1}.`,
    );
  }
  if (outputShifts !== undefined) {
    if (outputShifts.length !== rows) {
      throw new ModelError(
        'invalid-weights',
        `${who} has ${outputShifts.length} output shifts, ${rows} wanted: one for each output.`,
      );
    }
    const large = outputShifts.find((shift) => shift > 15);
    if (large !== undefined)
      throw new ModelError('invalid-weights', `${who} has an output shift of ${large}, 0 … 15 wanted.`);
  }
  if (bias !== undefined && bias.length !== rows) {
    throw new ModelError('invalid-weights', `${who} has ${bias.length} biases, ${rows} wanted: one for each output.`);
  }
}
