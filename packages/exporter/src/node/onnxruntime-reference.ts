// ONNX Runtime as the float reference of a comparison, where onnxruntime-node is installed.
import { ExporterError } from '../errors.js';
import type { FloatReference } from '../onnx/import/compare.js';
import { graphInput } from '../onnx/import/graph-input.js';
import { endsInArgMax } from '../onnx/import/network-end.js';
import type { OnnxGraph } from '../onnx/ir/graph.js';

/**
 * Loads a model into ONNX Runtime.
 * @param model path or bytes of the file; `graph` the same, as read by readOnnx.
 * @param sampleShape of the network that was imported from the graph.
 * @throws ExporterError `onnx` where onnxruntime-node is missing or refuses the model, or the graph gives classes.
 */
export async function onnxRuntimeReference(
  model: string | Uint8Array,
  graph: OnnxGraph,
  sampleShape: readonly number[],
): Promise<FloatReference> {
  if (endsInArgMax(graph)) {
    throw new ExporterError('onnx', 'the graph ends in ArgMax, so that ONNX Runtime gives classes and no logits');
  }
  const ort = await import('onnxruntime-node').catch((cause: unknown) => {
    throw new ExporterError('onnx', 'onnxruntime-node is not installed; run npm install onnxruntime-node', { cause });
  });
  // Optimizations fuse dequantized weights inexactly: the graph as it stands is the reference.
  const session = await ort.InferenceSession.create(model as string, {
    graphOptimizationLevel: 'disabled',
    logSeverityLevel: 3,
  }).catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ExporterError('onnx', `ONNX Runtime cannot load the model: ${reason}`, { cause });
  });
  const input = graphInput(graph, sampleShape);
  return {
    name: 'onnxruntime',
    batch: input.batch,
    logits: async (samples, count) => {
      const { type, data, shape } = input.tensor(samples, count);
      const tensor = new ort.Tensor(type as 'float32', data as Float32Array, shape);
      const outputs = await session.run({ [input.name]: tensor });
      return outputs[graph.outputs[0]!.name]!.data as Float32Array;
    },
  };
}
