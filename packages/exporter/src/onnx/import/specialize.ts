// A graph specialized to one batch: shapes of all values, and constants folded, by evaluating it once.
import { ExporterError } from '../../errors.js';
import { Budget, type EvaluationLimits } from '../ir/budget.js';
import { evaluateNode, operatorOf } from '../ir/evaluate.js';
import type { OnnxGraph, OnnxNode } from '../ir/graph.js';
import { arrayOf, elementsOf, formatDimensions, type Tensor } from '../ir/tensor.js';

/** Enough for any network that a microcontroller holds; a second of work and 512 MB at most. */
export const IMPORT_LIMITS: EvaluationLimits = {
  maxTensorElements: 2 ** 24,
  maxTotalElements: 2 ** 26,
  maxOperations: 2 ** 30,
};

export interface SpecializedGraph {
  readonly graph: OnnxGraph;
  /** Samples in one evaluation: the file's batch size, or 1 where it is symbolic. */
  readonly batch: number;
  /** Nodes that depend on the sample and on which an output depends, in order. */
  readonly nodes: readonly OnnxNode[];
  /** Shapes of the values that depend on the sample. Those behind an unknown operator are missing. */
  readonly shapes: ReadonlyMap<string, readonly number[]>;
  /** Values that do not depend on the sample. */
  readonly constants: ReadonlyMap<string, Tensor>;
  /** Nodes whose operator is not evaluated here, or that failed: value is the reason. */
  readonly failed: ReadonlyMap<OnnxNode, string>;
}

/**
 * Evaluates a graph once on zeros: what does not depend on the sample is folded (shapes do not), what no output depends on is dropped.
 * @param inputShape of one sample, where the file leaves dimensions besides the batch symbolic.
 * @throws ExporterError `onnx-unsupported` (not one float or uint8 input and one output), `onnx-input`, `onnx-limit`.
 */
export function specialize(graph: OnnxGraph, inputShape?: readonly number[]): SpecializedGraph {
  const [input, ...others] = graph.inputs;
  if (!input || others.length > 0 || graph.outputs.length !== 1) {
    throw new ExporterError(
      'onnx-unsupported',
      `The model has ${graph.inputs.length} inputs and ${graph.outputs.length} outputs; one of each is supported: export the part that the device runs, or cut the graph with onnx.utils.extract_model`,
    );
  }
  if (input.type !== 'float32' && input.type !== 'uint8') {
    throw new ExporterError(
      'onnx-unsupported',
      `The input ${input.name} is ${input.type}; float32 and uint8 are supported: convert the model's input, or export it with one of these`,
    );
  }
  const shape = sampleShape(input.name, input.shape, inputShape);
  const budget = new Budget(IMPORT_LIMITS);
  const values = new Map<string, Tensor>(graph.initializers);
  const shapes = new Map<string, readonly number[]>([[input.name, shape]]);
  values.set(input.name, { type: input.type, shape, data: arrayOf(input.type, budget.allocate(shape)) });
  const variable = new Set([input.name]);
  const failed = new Map<OnnxNode, string>();
  const live = liveNodes(graph);
  for (const node of live) {
    const dependent = node.inputs.some((name) => variable.has(name));
    const varies = dependent && node.operator !== 'Shape';
    if (varies) for (const name of node.outputs) variable.add(name);
    // Behind a node without result nothing can be known, its shape neither, but nothing is wrong with the node itself.
    if (operatorOf(node) && node.inputs.some((name) => name !== '' && variable.has(name) && !values.has(name))) {
      for (const name of node.outputs) variable.add(name);
      continue;
    }
    try {
      const outputs = evaluateNode(graph, node, values, budget);
      node.outputs.forEach((name, k) => {
        const output = outputs[k];
        if (name === '' || !output) return;
        values.set(name, output);
        if (varies) shapes.set(name, output.shape);
      });
    } catch (error) {
      if (!ExporterError.isInstance(error) || error.code !== 'onnx-unsupported') throw error;
      for (const name of node.outputs) variable.add(name);
      failed.set(node, error.cause instanceof Error ? error.cause.message : 'the operator is not supported');
    }
  }
  const constants = new Map([...values].filter(([name]) => !variable.has(name)));
  const nodes = live.filter((node) => failed.has(node) || node.outputs.some((name) => variable.has(name)));
  return { graph, batch: shape[0]!, nodes, shapes, constants, failed };
}

/** Nodes on which the outputs depend, in order. */
function liveNodes(graph: OnnxGraph): OnnxNode[] {
  const wanted = new Set(graph.outputs.map(({ name }) => name));
  const live: OnnxNode[] = [];
  for (const node of [...graph.nodes].reverse()) {
    if (!node.outputs.some((name) => wanted.has(name))) continue;
    live.push(node);
    for (const name of node.inputs) wanted.add(name);
  }
  return live.reverse();
}

function sampleShape(
  name: string,
  declared: readonly (number | string)[] | undefined,
  given: readonly number[] | undefined,
): number[] {
  const symbolic = declared?.slice(1).find((dimension) => typeof dimension === 'string');
  if (given === undefined && (declared === undefined || symbolic !== undefined)) {
    throw new ExporterError(
      'onnx-input',
      `The input ${name} has the shape ${declared ? formatDimensions(declared) : '(not given)'}; give the shape of one sample as inputShape, for example [1, 28, 28]`,
    );
  }
  const sample = given ?? (declared!.slice(1) as number[]);
  const fits =
    !declared ||
    (declared.length === sample.length + 1 &&
      declared.slice(1).every((d, i) => typeof d === 'string' || d === sample[i]));
  if (!fits || sample.length === 0 || sample.length > 4 || elementsOf(sample) > 2 ** 20) {
    throw new ExporterError(
      'onnx-input',
      `The input ${name} has the shape ${formatDimensions(declared ?? ['batch', ...sample])}, a batch of samples ${formatDimensions(sample)} is expected; at most 4 dimensions and 2^20 values a sample are supported`,
    );
  }
  const batch = declared?.[0];
  return [typeof batch === 'number' ? batch : 1, ...sample];
}
