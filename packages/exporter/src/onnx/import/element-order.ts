// Values that are a layer's numbers in another order or under other dimensions: what Transpose, Reshape, Slice and their kind make.
import { Budget } from '../ir/budget.js';
import { evaluateNode } from '../ir/evaluate.js';
import type { OnnxNode } from '../ir/graph.js';
import { elementsOf, type Tensor } from '../ir/tensor.js';
import { IMPORT_LIMITS, type SpecializedGraph } from './specialize.js';

/** Which element of a layer each element of a value is, of one sample, both row-major; undefined: the same one. */
export type ElementOrder = Int32Array | undefined;

/** Operators that move elements and compute nothing. */
export const MOVES: ReadonlySet<string> = new Set(
  'Cast Dropout Expand Flatten Identity Reshape Slice Squeeze Transpose Unsqueeze'.split(' '),
);
/** Those of them that never change the order. */
const KEEP_ORDER: ReadonlySet<string> = new Set('Cast Dropout Flatten Identity Reshape Squeeze Unsqueeze'.split(' '));

/**
 * The order of a node's output, given that of its input, by letting the node move element numbers.
 * @param elements of the layer, of one sample.
 * @returns undefined where values would go from one sample to another or be repeated.
 */
export function movedOrder(
  specialized: SpecializedGraph,
  node: OnnxNode,
  order: ElementOrder,
  elements: number,
): { readonly order: ElementOrder } | undefined {
  const { batch, shapes, constants, graph } = specialized;
  const [source, target] = [node.inputs[0]!, node.outputs[0]!];
  const [from, to] = [shapes.get(source), shapes.get(target)];
  if (!from || !to || to.length === 0 || (batch > 1 && to[0] !== batch)) return undefined;
  if (KEEP_ORDER.has(node.operator)) return elementsOf(from) === elementsOf(to) ? { order } : undefined;
  const values = elementsOf(from) / batch;
  const numbers = new Int32Array(batch * values);
  for (let sample = 0; sample < batch; sample++) {
    for (let i = 0; i < values; i++) numbers[sample * values + i] = sample * elements + (order ? order[i]! : i);
  }
  const inputs = new Map<string, Tensor>([[source, { type: 'int32', shape: from, data: numbers }]]);
  for (const name of node.inputs.slice(1)) {
    const constant = constants.get(name);
    if (constant) inputs.set(name, constant);
    else if (name !== '') return undefined;
  }
  const [moved] = evaluateNode(graph, node, inputs, new Budget(IMPORT_LIMITS));
  return perSample(moved!.data as Int32Array, batch, elements);
}

/** The first sample's order, where all samples have the same and nothing is repeated. */
function perSample(numbers: Int32Array, batch: number, elements: number): { readonly order: ElementOrder } | undefined {
  const values = numbers.length / batch;
  if (values > elements) return undefined;
  const order = numbers.slice(0, values);
  for (let sample = 0; sample < batch; sample++) {
    for (let i = 0; i < values; i++) {
      if (numbers[sample * values + i] !== sample * elements + order[i]! || order[i]! >= elements) return undefined;
    }
  }
  const same = values === elements && order.every((element, i) => element === i);
  return { order: same ? undefined : order };
}

export function sameOrder(a: ElementOrder, b: ElementOrder): boolean {
  if (a === b) return true;
  return a !== undefined && b !== undefined && a.length === b.length && a.every((element, i) => element === b[i]);
}

/** Where each element of the layer is in the value: the order turned round. */
export function invertedOrder(order: Int32Array): Int32Array {
  const inverted = new Int32Array(order.length);
  order.forEach((element, i) => {
    inverted[element] = i;
  });
  return inverted;
}
