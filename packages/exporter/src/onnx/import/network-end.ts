// The end of a graph: what only rescales the logits or names the largest is left out, because the class is the same without it.
import { ExporterError } from '../../errors.js';
import type { OutputActivation } from '../../float/float-reference.js';
import { UnsupportedGraphError } from '../../float/unsupported.js';
import type { OnnxGraph, OnnxNode } from '../ir/graph.js';
import { openSampleShape } from './input-layout.js';
import type { Mapper } from './mapper.js';
import { type SpecializedGraph, specialize } from './specialize.js';

/** Functions that leave the class as it is, at a network's end. */
const MONOTONE: ReadonlySet<string> = new Set([
  'Softmax',
  'LogSoftmax',
  'Sigmoid',
  'DequantizeLinear',
  'QuantizeLinear',
]);
/** What may stand behind an ArgMax or a softmax without changing which logit is which. */
const TRANSPARENT: ReadonlySet<string> = new Set('Cast Flatten Identity Reshape Squeeze Unsqueeze'.split(' '));

const ACTIVATIONS = {
  Softmax: 'softmax',
  LogSoftmax: 'logSoftmax',
  Sigmoid: 'sigmoid',
} as const satisfies Record<string, OutputActivation>;

export interface NetworkEnd {
  /** The value that carries the logits. */
  readonly output: string;
  /** What is applied to them; undefined: the output is the logits. */
  readonly activation: OutputActivation | undefined;
  /** What was left out that changes what the graph gives, for the user. */
  readonly notes: readonly string[];
}

/** Walks back from the output over functions of the logits. */
export function endOfNetwork(specialized: SpecializedGraph): NetworkEnd {
  const producers = new Map(specialized.nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const)));
  const notes: string[] = [];
  let output = specialized.graph.outputs[0]!.name;
  let activation: OutputActivation | undefined;
  for (;;) {
    const end = skipped(specialized, producers, output);
    if (!end) return { output, activation, notes };
    // The one nearest to the logits decides what they are.
    if (Object.hasOwn(ACTIVATIONS, end.operator)) activation = ACTIVATIONS[end.operator as keyof typeof ACTIVATIONS];
    if (end.operator === 'ArgMax') {
      notes.push(`${end.name} (ArgMax) is left out: the network gives the logits, and the class is the first largest`);
    }
    output = end.inputs[0]!;
  }
}

/**
 * The end of any graph, for a float evaluation; the output itself where the graph cannot be specialized.
 * @param sampleShape of one sample of the network, where the file leaves dimensions open
 */
export function endOfGraph(graph: OnnxGraph, sampleShape: readonly number[]): NetworkEnd {
  try {
    return endOfNetwork(specialize(graph, openSampleShape(graph, sampleShape)));
  } catch (error) {
    if (!(error instanceof ExporterError)) throw error;
    return { output: graph.outputs[0]!.name, activation: undefined, notes: [] };
  }
}

/** The graph up to a value that it computes. */
export function upTo(graph: OnnxGraph, output: string): OnnxGraph {
  if (output === graph.outputs[0]!.name) return graph;
  return { ...graph, outputs: [{ name: output, type: 'float32', shape: undefined }] };
}

/** The node that gives a value, or one before it that only reshapes, where it is such a function. */
function skipped(
  specialized: SpecializedGraph,
  producers: ReadonlyMap<string, OnnxNode>,
  output: string,
): OnnxNode | undefined {
  let node = producers.get(output);
  while (node && TRANSPARENT.has(node.operator)) node = producers.get(node.inputs[0]!);
  if (node?.domain !== '') return undefined;
  const shape = specialized.shapes.get(node.inputs[0]!);
  if (!shape || shape[0] !== specialized.batch) return undefined;
  // One dimension of a sample holds the classes.
  const wide = [...shape.keys()].slice(1).filter((axis) => shape[axis]! > 1);
  if (wide.length > 1) return undefined;
  const axis = (fallback: number) => {
    const given = (node.attributes.get('axis') as number | undefined) ?? fallback;
    return given < 0 ? given + shape.length : given;
  };
  const overClasses = (fallback: number) => wide.length === 0 || axis(fallback) === wide[0];
  if (node.operator === 'ArgMax') return overClasses(0) ? node : undefined;
  if (node.operator === 'Softmax' || node.operator === 'LogSoftmax') {
    // Before opset 13 all axes from the given one on are one.
    const isFlat = specialized.graph.opset < 13 && axis(1) >= 1 && (wide.length === 0 || axis(1) <= wide[0]!);
    return isFlat || overClasses(-1) ? node : undefined;
  }
  return MONOTONE.has(node.operator) ? node : undefined;
}

/**
 * The layer that gives the logits, flattened where the graph flattens them.
 * @throws UnsupportedGraphError where there is none, or where the graph gives its values in another order.
 */
export function lastLayer(mapper: Mapper, output: string): string {
  const last = mapper.value(output);
  const sample = mapper.sampleOf(output);
  const refuse = (reason: string, nearest: string) =>
    new UnsupportedGraphError([{ name: output, operator: 'output', reason, nearest }]);
  if (!last || last.layer === 'input') {
    throw refuse('no layer computes it', 'a network with one layer or more is supported');
  }
  if (!sample) {
    const found = mapper.specialized.shapes.get(output)?.join('×') ?? 'unknown';
    throw refuse(
      `it has the shape ${found}`,
      'keep the batch in front: [batch, features], [batch, channels, length] or [batch, channels, height, width]',
    );
  }
  if (last.order !== undefined || last.zeros !== undefined) {
    throw refuse(
      'its values are those of the last layer in another order or with zeros around them',
      'a network that ends in a linear layer, in a pool or in maps with channels first is supported',
    );
  }
  const [producer] = mapper.specialized.nodes.filter(({ outputs }) => outputs.includes(output));
  return sample.length === 1 && producer ? mapper.vectorOf(last.layer, producer) : last.layer;
}
