// What the integer network makes of labelled samples, computed by the C runtime as WebAssembly.
import { WasmBackend } from '@bitnetmcu/mcu-runtime';
import { classOf, type QuantizedModel, quantizeInput } from '@bitnetmcu/models';
import { elementCount } from '@bitnetmcu/models/internal';
import type { Samples } from '@bitnetmcu/trainer';

export interface Predictions {
  readonly outputs: number;
  /** Of one sample after another. */
  readonly logits: Int32Array;
  /** Class number of each sample. */
  readonly classes: Uint16Array;
}

/** Samples inferred between two turns of the event loop. */
const BATCH = 256;

/** @param samples uint8 in the model's input shape */
export async function predict(
  model: QuantizedModel,
  { bytes, count }: Pick<Samples, 'bytes' | 'count'>,
): Promise<Predictions> {
  const loaded = await new WasmBackend().load(model);
  try {
    const { outputs } = loaded;
    const inputs = elementCount(model.input.shape);
    const logits = new Int32Array(count * outputs);
    for (let from = 0; from < count; from += BATCH) {
      const some = Math.min(BATCH, count - from);
      const quantized = quantizeInput(model, bytes.subarray(from * inputs, (from + some) * inputs));
      logits.set(await loaded.infer(quantized, some), from * outputs);
      await new Promise((resolve) => setImmediate(resolve));
    }
    const classes = Uint16Array.from({ length: count }, (_, i) => classOf(logits, i * outputs, outputs));
    return { outputs, logits, classes };
  } finally {
    loaded.close();
  }
}
