// Operators of ONNX-ML that scikit-learn's pipelines begin and end with, as ONNX's own: Scaler, LinearRegressor, LinearClassifier.
import { ExporterError } from '../../errors.js';
import type { OnnxNode } from '../ir/graph.js';
import type { Tensor } from '../ir/tensor.js';

export const ML_DOMAIN = 'ai.onnx.ml';

/** Nodes, and the constants that they read besides those of the graph. */
export interface ExpandedNodes {
  readonly nodes: readonly OnnxNode[];
  readonly constants: ReadonlyMap<string, Tensor>;
}

/**
 * Replaces those operators; others of the domain stay, and are refused by name later.
 * @throws ExporterError `onnx` for attributes that contradict each other
 */
export function expandMlOperators(nodes: readonly OnnxNode[]): ExpandedNodes {
  const constants = new Map<string, Tensor>();
  const expanded = nodes.flatMap((node) => {
    const one = node.domain === ML_DOMAIN ? EXPANSIONS[node.operator]?.(node) : undefined;
    for (const [name, tensor] of one?.constants ?? []) constants.set(name, tensor);
    return one?.nodes ?? [node];
  });
  return { nodes: expanded, constants };
}

const EXPANSIONS: Readonly<Record<string, ((node: OnnxNode) => ExpandedNodes | undefined) | undefined>> = {
  Scaler: scaler,
  LinearRegressor: (node) => linear(node, node.outputs[0]!, numbers(node, 'targets')[0] ?? 1),
  LinearClassifier: (node) => linear(node, node.outputs[1] ?? '', numbers(node, 'intercepts').length),
};

/** (x − offset)·scale. */
function scaler(node: OnnxNode): ExpandedNodes {
  const [offset, scale] = [numbers(node, 'offset'), numbers(node, 'scale')];
  const { name, inputs, outputs } = node;
  const shifted = own(name, 'shifted');
  return {
    nodes: [
      made(node, 'Sub', [inputs[0]!, own(name, 'offset')], shifted),
      made(node, 'Mul', [shifted, own(name, 'scale')], outputs[0]!),
    ],
    constants: new Map([
      [own(name, 'offset'), vector(offset.length > 0 ? offset : [0])],
      [own(name, 'scale'), vector(scale.length > 0 ? scale : [1])],
    ]),
  };
}

/** x·coefficientsᵀ + intercepts, and what follows it. @param rows outputs */
function linear(node: OnnxNode, output: string, rows: number): ExpandedNodes | undefined {
  const transform = node.attributes.get('post_transform') ?? 'NONE';
  const after = { NONE: undefined, SOFTMAX: 'Softmax', LOGISTIC: 'Sigmoid' }[transform as string];
  if (output === '' || (after === undefined && transform !== 'NONE')) return undefined;
  const [coefficients, intercepts] = [numbers(node, 'coefficients'), numbers(node, 'intercepts')];
  const columns = coefficients.length / rows;
  if (!(rows > 0) || !Number.isInteger(columns) || (intercepts.length !== rows && intercepts.length !== 0)) {
    throw new ExporterError(
      'onnx',
      `Node ${node.name} (${node.operator}) has ${coefficients.length} coefficients and ${intercepts.length} intercepts for ${rows} outputs; the file is damaged`,
    );
  }
  const [weights, biases] = [own(node.name, 'coefficients'), own(node.name, 'intercepts')];
  const logits = after === undefined ? output : own(node.name, 'logits');
  const gemm = made(node, 'Gemm', [node.inputs[0]!, weights, biases], logits, new Map([['transB', 1]]));
  return {
    nodes: after === undefined ? [gemm] : [gemm, made(node, after, [logits], output, new Map([['axis', -1]]))],
    constants: new Map([
      [weights, { type: 'float32', shape: [rows, columns], data: Float32Array.from(coefficients) }],
      [biases, vector(intercepts.length === rows ? intercepts : Array<number>(rows).fill(0))],
    ]),
  };
}

function made(
  node: OnnxNode,
  operator: string,
  inputs: readonly string[],
  output: string,
  attributes: OnnxNode['attributes'] = new Map(),
): OnnxNode {
  const { name } = node;
  return { name, operator, domain: '', inputs, outputs: [output], attributes, unreadAttributes: [] };
}

/** A value that only the expanded nodes know. */
const own = (node: string, what: string): string => `${node}/${what} of ${ML_DOMAIN}`;

function numbers({ attributes, name }: OnnxNode, key: string): readonly number[] {
  const value = attributes.get(key);
  if (value === undefined) return [];
  if (typeof value === 'number') return [value];
  if (Array.isArray(value) && value.every((one) => typeof one === 'number')) return value as number[];
  throw new ExporterError('onnx', `Node ${name} has something else than numbers as ${key}; the file is damaged`);
}

function vector(values: readonly number[]): Tensor {
  return { type: 'float32', shape: [values.length], data: Float32Array.from(values) };
}
