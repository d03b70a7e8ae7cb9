// Samples as a graph's input tensor: in the order and of the type in which the graph reads them.
import type { OnnxGraph } from '../ir/graph.js';
import type { Tensor } from '../ir/tensor.js';
import { asGraphReads, inputLayout, openSampleShape } from './input-layout.js';

export interface GraphInput {
  readonly name: string;
  /** Samples given at once; undefined: as many as wanted. */
  readonly batch: number | undefined;
  /** The tensor of `count` preprocessed samples of the network, one after another. */
  tensor(samples: Float32Array, count: number): Tensor & { readonly data: Float32Array | Uint8Array };
}

/**
 * @param sampleShape of the network that was imported from the graph.
 * @throws ExporterError as `specialize`.
 */
export function graphInput(graph: OnnxGraph, sampleShape: readonly number[]): GraphInput {
  const { name, shape, type } = graph.inputs[0]!;
  const layout = inputLayout(graph, openSampleShape(graph, sampleShape));
  const batch = shape?.[0];
  return {
    name,
    batch: typeof batch === 'number' ? batch : undefined,
    tensor: (samples, count) => {
      const ordered = asGraphReads(samples, layout);
      const dimensions = [count, ...layout.sample];
      return type === 'uint8'
        ? { type, shape: dimensions, data: Uint8Array.from(ordered) }
        : { type: 'float32', shape: dimensions, data: ordered };
    },
  };
}
