// What a graph does to its logits before it gives them out: nothing, a softmax or a sigmoid, which the integer network leaves out.
import { ExporterError } from '../../errors.js';
import type { OnnxGraph } from '../ir/graph.js';
import { endOfNetwork } from './map-nodes.js';
import { type SpecializedGraph, specialize } from './specialize.js';

const ACTIVATIONS = { Softmax: 'softmax', LogSoftmax: 'logSoftmax', Sigmoid: 'sigmoid' } as const;

export type OutputActivation = (typeof ACTIVATIONS)[keyof typeof ACTIVATIONS];

export interface NetworkEnd {
  /** The value that carries the logits. */
  readonly logits: string;
  /** What is applied to them; undefined: the output is the logits. */
  readonly activation: OutputActivation | undefined;
}

/** The end of a specialized graph. */
export function networkEnd(specialized: SpecializedGraph): NetworkEnd {
  const logits = endOfNetwork(specialized);
  const producers = new Map(specialized.nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const)));
  let activation: OutputActivation | undefined;
  for (let name = specialized.graph.outputs[0]!.name; name !== logits; ) {
    const node = producers.get(name)!;
    // The one nearest to the logits decides what they are.
    if (Object.hasOwn(ACTIVATIONS, node.operator)) activation = ACTIVATIONS[node.operator as keyof typeof ACTIVATIONS];
    name = node.inputs[0]!;
  }
  return { logits, activation };
}

/**
 * The end of any graph, for a float evaluation; the output itself where the graph cannot be specialized.
 * @param sampleShape of one sample, where the file leaves dimensions open
 */
export function endOfGraph(graph: OnnxGraph, sampleShape: readonly number[]): NetworkEnd {
  try {
    const declared = graph.inputs[0]?.shape?.slice(1);
    const isFixed = declared?.every((dimension) => typeof dimension === 'number') ?? false;
    return networkEnd(specialize(graph, isFixed ? undefined : sampleShape));
  } catch (error) {
    if (!(error instanceof ExporterError)) throw error;
    return { logits: graph.outputs[0]!.name, activation: undefined };
  }
}
