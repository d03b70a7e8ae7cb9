// ONNX Runtime as the float reference of a comparison, where onnxruntime-node is installed.
import { ExporterError } from '../errors.js';
import type { FloatReference } from '../onnx/import/compare.js';
import type { OnnxGraph } from '../onnx/ir/graph.js';

/**
 * Loads a model into ONNX Runtime.
 * @param model path or bytes of the file; `graph` the same, as read by readOnnx.
 * @throws ExporterError `onnx` where onnxruntime-node is missing or refuses the model.
 */
export async function onnxRuntimeReference(
  model: string | Uint8Array,
  graph: OnnxGraph,
  sampleShape: readonly number[],
): Promise<FloatReference> {
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
  const input = graph.inputs[0]!;
  const fixed = input.shape?.[0];
  const declared = input.shape?.slice(1);
  const shape = declared?.every((dimension) => typeof dimension === 'number') ? (declared as number[]) : sampleShape;
  return {
    name: 'onnxruntime',
    batch: typeof fixed === 'number' ? fixed : undefined,
    logits: async (samples, count) => {
      const outputs = await session.run({ [input.name]: new ort.Tensor('float32', samples, [count, ...shape]) });
      return outputs[graph.outputs[0]!.name]!.data as Float32Array;
    },
  };
}
