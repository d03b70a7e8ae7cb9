// The float evaluation of a graph by this package, as something to compare an integer network with.
import type { FloatReference } from '../../float/float-reference.js';
import { evaluateOnnx } from '../ir/evaluate.js';
import type { OnnxGraph } from '../ir/graph.js';
import { graphInput } from './graph-input.js';
import { endOfGraph, upTo } from './network-end.js';

/**
 * A graph's logits; where the graph ends in an ArgMax, up to there.
 * @param sampleShape of the network that was imported from the graph
 *
 * @example
 * ```ts
 * import { onnxReference, readOnnx } from '@bitnetmcu/exporter';
 *
 * const reference = onnxReference(await readOnnx(bytes), [1, 28, 28]); // the graph itself, in float
 * ```
 */
export function onnxReference(graph: OnnxGraph, sampleShape: readonly number[]): FloatReference {
  const input = graphInput(graph, sampleShape);
  const { output: end, activation } = endOfGraph(graph, sampleShape);
  const upToLogits = upTo(graph, end);
  return {
    name: 'onnx (float)',
    batch: input.batch,
    activation,
    logits: (samples, count) => evaluateOnnx(upToLogits, { [input.name]: input.tensor(samples, count) }).get(end)!.data,
  };
}
