// ONNX Runtime as the float reference of a comparison, where onnxruntime-node is installed.
import { readFile } from 'node:fs/promises';
import { ExporterError } from '../errors.js';
import type { FloatReference } from '../float/float-reference.js';
import { graphInput } from '../onnx/import/graph-input.js';
import { endOfGraph } from '../onnx/import/network-end.js';
import { withOutput } from '../onnx/import/with-output.js';
import type { OnnxGraph } from '../onnx/ir/graph.js';

/**
 * Loads a model into ONNX Runtime. A softmax, sigmoid or ArgMax at its end is left out: the model's bytes get the logits as one more output.
 * @param model path or bytes of the file; `graph` the same, as read by readOnnx.
 * @param sampleShape of the network that was imported from the graph.
 * @throws ExporterError `onnx` where onnxruntime-node is missing, refuses the model, or takes or gives other numbers than float32.
 */
export async function onnxRuntimeReference(
  model: string | Uint8Array,
  graph: OnnxGraph,
  sampleShape: readonly number[],
): Promise<FloatReference> {
  const ort = await import('onnxruntime-node').catch((cause: unknown) => {
    throw new ExporterError('onnx', 'onnxruntime-node is not installed; run npm install onnxruntime-node', { cause });
  });
  const { output: end, activation } = endOfGraph(graph, sampleShape);
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
  const input = graphInput(graph, sampleShape);
  const run = async (samples: Float32Array, count: number): Promise<Float32Array> => {
    const { type, data, shape } = input.tensor(samples, count);
    const tensor = new ort.Tensor(type as 'float32', data as Float32Array, shape);
    const given = (await session.run({ [input.name]: tensor }))[end]!;
    if (given.type !== 'float32') throw new ExporterError('onnx', `ONNX Runtime gives ${given.type}, float32 is read`);
    return given.data as Float32Array;
  };
  // What a session takes and gives is known when it has run: of float16 graphs neither is float32.
  const count = input.batch ?? 1;
  await run(new Float32Array(count * sampleShape.reduce((all, size) => all * size, 1)), count).catch(
    (cause: unknown) => {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new ExporterError('onnx', `ONNX Runtime cannot run the model: ${reason}`, { cause });
    },
  );
  return {
    name: 'onnxruntime',
    batch: input.batch,
    activation,
    logits: run,
  };
}
