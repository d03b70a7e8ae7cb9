// Float evaluation of an ONNX graph: the reference that imports are checked against, and the engine of constant folding.
import { ExporterError } from '../../errors.js';
import { Budget, DEFAULT_LIMITS, type EvaluationLimits } from './budget.js';
import type { OnnxGraph, OnnxNode } from './graph.js';
import type { Operator } from './operator.js';
import * as operators from './ops/index.js';
import { elementsOf, formatDimensions, type Tensor } from './tensor.js';

const REGISTRY = new Map<string, Operator>(Object.entries(operators));

/** The function of a node's operator, or undefined where it is not evaluated here. */
export function operatorOf(node: Pick<OnnxNode, 'operator' | 'domain'>): Operator | undefined {
  return node.domain === '' || node.domain === 'ai.onnx' ? REGISTRY.get(node.operator) : undefined;
}

export interface EvaluateOptions {
  readonly limits?: EvaluationLimits;
  /** Called with every node's outputs in order of evaluation; what it returns takes their place. */
  readonly onNode?: (node: OnnxNode, outputs: readonly Tensor[]) => readonly Tensor[] | undefined;
}

/**
 * The outputs of a graph for given inputs, computed in float32 with float64 sums.
 * @param inputs one tensor for each of the graph's inputs, by name.
 * @throws ExporterError `onnx-input` for inputs that do not fit, `onnx-unsupported` for an operator that is not evaluated here (with
 * the node's name), `onnx-limit`, `onnx` for a graph that contradicts itself.
 */
export function evaluateOnnx(
  graph: OnnxGraph,
  inputs: Readonly<Record<string, Tensor>>,
  options: EvaluateOptions = {},
): Map<string, Tensor> {
  const budget = new Budget(options.limits ?? DEFAULT_LIMITS);
  const values = new Map<string, Tensor>(graph.initializers);
  for (const input of graph.inputs) values.set(input.name, checkedInput(input.name, input.shape, inputs[input.name]));
  const lastUse = new Map<string, number>();
  graph.nodes.forEach((node, index) => {
    for (const name of node.inputs) lastUse.set(name, index);
  });
  for (const { name } of graph.outputs) lastUse.set(name, graph.nodes.length);
  graph.nodes.forEach((node, index) => {
    const computed = evaluateNode(graph, node, values, budget);
    const outputs = options.onNode?.(node, computed) ?? computed;
    node.outputs.forEach((name, k) => {
      if (name !== '' && outputs[k]) values.set(name, outputs[k]);
    });
    for (const name of node.inputs) if (lastUse.get(name) === index) values.delete(name);
  });
  return new Map(
    graph.outputs.map(({ name }) => {
      const tensor = values.get(name);
      if (!tensor) throw new ExporterError('onnx', `Output ${name} is computed by no node; the file is damaged`);
      return [name, tensor];
    }),
  );
}

/**
 * One node's outputs.
 * @param values what is known so far, by name.
 * @throws ExporterError as `evaluateOnnx`, naming the node.
 */
export function evaluateNode(
  graph: Pick<OnnxGraph, 'opset'>,
  node: OnnxNode,
  values: ReadonlyMap<string, Tensor>,
  budget: Budget,
): Tensor[] {
  const operator = operatorOf(node);
  const who = `Node ${node.name} (${node.operator})`;
  if (!operator) {
    throw new ExporterError('onnx-unsupported', `${who}: the operator is not supported`, { layer: node.name });
  }
  const inputs = node.inputs.map((name) => {
    const tensor = values.get(name);
    if (name !== '' && !tensor) {
      throw new ExporterError(
        'onnx',
        `${who} reads ${name}, which no node, input or initializer gives; the file is damaged`,
        { layer: node.name },
      );
    }
    return tensor;
  });
  try {
    return operator({ inputs, attributes: node.attributes, opset: graph.opset, outputs: node.outputs.length, budget });
  } catch (error) {
    if (!ExporterError.isInstance(error) || error.layer !== undefined) throw error;
    throw new ExporterError(error.code, `${who}: ${error.message}`, { layer: node.name, cause: error });
  }
}

function checkedInput(
  name: string,
  shape: readonly (number | string)[] | undefined,
  tensor: Tensor | undefined,
): Tensor {
  const wanted = shape ? formatDimensions(shape) : 'any shape';
  if (!tensor) throw new ExporterError('onnx-input', `No tensor was given for the input ${name}; wanted is ${wanted}`);
  const fits =
    tensor.data.length === elementsOf(tensor.shape) &&
    (!shape ||
      (shape.length === tensor.shape.length &&
        shape.every((d, axis) => typeof d === 'string' || d === tensor.shape[axis])));
  if (!fits) {
    throw new ExporterError(
      'onnx-input',
      `The tensor for the input ${name} has the shape ${formatDimensions(tensor.shape)} and ${tensor.data.length} values; wanted is ${wanted}`,
    );
  }
  return tensor;
}
