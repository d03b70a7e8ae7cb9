// ONNX Runtime as the float reference of a comparison, where onnxruntime-node is installed.
import { readFile } from 'node:fs/promises';
import { ExporterError } from '../errors.js';
import type { FloatReference } from '../onnx/import/compare.js';
import { endOfGraph } from '../onnx/import/network-end.js';
import { withOutput } from '../onnx/import/with-output.js';
import type { OnnxGraph } from '../onnx/ir/graph.js';

/**
 * Loads a model into ONNX Runtime. A softmax or sigmoid at its end is left out: the model's bytes get the logits as one more output.
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
  const { logits: end, activation } = endOfGraph(graph, sampleShape);
  const isOutput = end === graph.outputs[0]!.name;
  const source = isOutput ? model : withOutput(typeof model === 'string' ? await readFile(model) : model, end);
  // Optimizations fuse dequantized weights inexactly: the graph as it stands is the reference.
  const session = await ort.InferenceSession.create(source as string, {
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
    activation,
    logits: async (samples, count) => {
      const outputs = await session.run({ [input.name]: new ort.Tensor('float32', samples, [count, ...shape]) });
      return outputs[end]!.data as Float32Array;
    },
  };
}
