// The one interface behind which every implementation of the integer inference stands: TypeScript, C on the host, WebAssembly, simulators, exported C.
import type { QuantizedModel } from './quantized-model.js';

/** A model loaded into one implementation. Inputs are int8 samples in the model's input shape, flattened. */
export interface LoadedModel {
  readonly outputs: number;
  /** Logits of `count` samples laid out one after another (`inputs.length = count·inputs`): `count·outputs` int32. */
  infer(inputs: Int8Array, count: number): Int32Array | Promise<Int32Array>;
  close(): void;
}

export interface InferenceBackend {
  /** As shown in tables: `typescript`, `wasm`, `c-host`, `exported-c`, `sim:ch32v003`. */
  readonly name: string;
  load(model: QuantizedModel): Promise<LoadedModel>;
}

/** How many classes a network tells apart: one output tells two by its sign, several tell one each. */
export function classCount(outputs: number): number {
  return outputs === 1 ? 2 : outputs;
}

/**
 * The class that logits stand for: of several the index of the first largest one; of a single one (a sigmoid's) 1 where it is
 * above 0, which is a probability above ½, else 0.
 * @param outputs logits from `offset` on
 *
 * @example
 * ```ts
 * import { classOf } from '@bitnetmcu/models';
 *
 * classOf([12, -3, 40]); // 2
 * classOf([-5]); // 0: of a single logit the sign counts
 * ```
 */
export function classOf(logits: ArrayLike<number>, offset = 0, outputs = logits.length - offset): number {
  return outputs === 1 ? Number(logits[offset]! > 0) : argmax(logits, offset, outputs);
}

/**
 * Index of the first maximum. The class of logits is `classOf`: one alone has a sign, but no maximum.
 */
export function argmax(logits: ArrayLike<number>, offset = 0, length = logits.length - offset): number {
  let best = 0;
  for (let i = 1; i < length; i++) if (logits[offset + i]! > logits[offset + best]!) best = i;
  return best;
}
