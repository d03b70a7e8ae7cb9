// Functions of one number that graphs write in several operators (x·sigmoid(x), GELU by Erf, HardSwish by HardSigmoid), or that ONNX has and
// this project has no name for: found where every element of a value depends on the same element of one other value alone. Integer inference looks
// any of them up in a table.
import { ACTIVATION_NAMES, type ActivationName, activationOf } from '@bitnetmcu/models/internal';
import { Budget, UNLIMITED } from '../ir/budget.js';
import { evaluateNode, operatorOf } from '../ir/evaluate.js';
import type { OnnxNode } from '../ir/graph.js';
import type { SpecializedGraph } from './specialize.js';

/** Operators that no layer has, each a function of one number. */
const CURVES: ReadonlySet<string> = new Set(
  'Sigmoid Tanh Erf HardSigmoid Elu Selu Softplus Mish PRelu Exp Log Sqrt Reciprocal'.split(' '),
);
/** Operators that such functions are made of besides. */
const ELEMENTWISE: ReadonlySet<string> = new Set([
  ...CURVES,
  ...'Relu LeakyRelu HardSwish Gelu Clip Max Min Add Sub Mul Div Pow Neg Abs'.split(' '),
]);

/** `to` is a function of `from`, element by element. */
export interface ScalarFunction {
  readonly from: string;
  readonly nodes: readonly OnnxNode[];
  /** Its name in the registry of activations, which the trainer knows; undefined of any other. */
  readonly name: ActivationName | undefined;
  readonly apply: (values: Float64Array) => Float64Array;
}

interface Part {
  readonly from: string;
  readonly nodes: readonly OnnxNode[];
}

/**
 * The functions that have an operator of their own nowhere, by the name of the value that they end in: the last one that reads nothing else.
 * @param output where the network ends
 */
export function findScalarFunctions(specialized: SpecializedGraph, output: string): Map<string, ScalarFunction> {
  const parts = new Map<string, Part>();
  for (const node of specialized.nodes) {
    const part = partOf(specialized, node, parts);
    if (part) parts.set(node.outputs[0]!, part);
  }
  const readers = new Map<string, OnnxNode[]>();
  for (const node of specialized.nodes) {
    for (const name of node.inputs) readers.set(name, [...(readers.get(name) ?? []), node]);
  }
  const found = new Map<string, ScalarFunction>();
  for (const [to, { from, nodes }] of parts) {
    const isCurve = nodes.some(({ operator }) => CURVES.has(operator));
    // What goes on as a function of the same value is part of that one.
    const goesOn = (readers.get(to) ?? []).every((node) => parts.get(node.outputs[0]!)?.from === from);
    if (!isCurve || (goesOn && to !== output)) continue;
    const apply = (values: Float64Array) => evaluated(specialized, nodes, from, to, values);
    found.set(to, { from, nodes, name: registeredName(apply), apply });
  }
  return found;
}

/** What a node makes of one value and constants of one number; undefined where it is no such function. */
function partOf(specialized: SpecializedGraph, node: OnnxNode, parts: ReadonlyMap<string, Part>): Part | undefined {
  const { constants, shapes, failed } = specialized;
  if (node.domain !== '' || !ELEMENTWISE.has(node.operator) || failed.has(node) || node.outputs.length !== 1)
    return undefined;
  const given = node.inputs.filter((name) => name !== '');
  const variable = given.filter((name) => !constants.has(name));
  if (variable.length === 0 || given.some((name) => constants.has(name) && constants.get(name)!.data.length !== 1)) {
    return undefined;
  }
  const sources = new Set(variable.map((name) => parts.get(name)?.from ?? name));
  const shared = commonSource(variable, parts, sources);
  const shape = shapes.get(node.outputs[0]!);
  if (shared === undefined || !shape || shape.join() !== shapes.get(shared)?.join()) return undefined;
  const nodes = new Set(variable.flatMap((name) => (name === shared ? [] : [...parts.get(name)!.nodes])));
  return { from: shared, nodes: [...nodes, node] };
}

/** The value that all of them are functions of. */
function commonSource(
  variable: readonly string[],
  parts: ReadonlyMap<string, Part>,
  sources: ReadonlySet<string>,
): string | undefined {
  if (sources.size !== 1) return undefined;
  const [source] = sources;
  return variable.every((name) => name === source || parts.get(name)?.from === source) ? source : undefined;
}

function evaluated(
  { constants, graph }: SpecializedGraph,
  nodes: readonly OnnxNode[],
  from: string,
  to: string,
  data: Float64Array,
): Float64Array {
  // As the graph computes: its constants are float32.
  const values = new Map(constants).set(from, { type: 'float32', shape: [data.length], data: Float32Array.from(data) });
  const budget = new Budget(UNLIMITED);
  for (const node of nodes) values.set(node.outputs[0]!, evaluateNode(graph, node, values, budget)[0]!);
  return Float64Array.from(values.get(to)!.data);
}

const PROBES = Float64Array.from({ length: 161 }, (_, i) => i / 10 - 8);
/** Constants of a graph are float32. */
const TOLERANCE = 1e-5;

function registeredName(apply: ScalarFunction['apply']): ActivationName | undefined {
  const found = apply(PROBES);
  return ACTIVATION_NAMES.find((name) => {
    const { onnx } = activationOf(name);
    const operator = onnx && operatorOf({ operator: onnx.operator, domain: '' });
    if (!operator) return false;
    const x = { type: 'float32', shape: [PROBES.length], data: Float32Array.from(PROBES) } as const;
    const attributes = new Map(Object.entries(onnx.attributes));
    const [wanted] = operator({ inputs: [x], attributes, opset: 20, outputs: 1, budget: new Budget(UNLIMITED) });
    return found.every((value, i) => Math.abs(value - wanted!.data[i]!) < TOLERANCE);
  });
}
