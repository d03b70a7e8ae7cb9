// What a model's provenance says that commands act on. Files of before have it inside `config`.
import { z } from 'zod';
import type { OnnxOrigin, Provenance } from './quantized-model.js';
import { onnxOriginSchema } from './quantized-model-schema.js';

/** How the data set is loaded that a network was trained on; undefined where its provenance does not say. */
export function recordedData({ data, config }: Provenance): Readonly<Record<string, unknown>> | undefined {
  if (data !== undefined) return data;
  const before = z.object({ data: z.record(z.string(), z.unknown()) }).safeParse(config);
  return before.success ? before.data.data : undefined;
}

/** What an import noted of the graph that a network came from; undefined where it came from none. */
export function recordedOnnx({ onnx, config }: Provenance): OnnxOrigin | undefined {
  if (onnx !== undefined) return onnx;
  const before = z.object({ onnx: onnxOriginSchema }).safeParse(config);
  return before.success ? (before.data.onnx as OnnxOrigin) : undefined;
}
