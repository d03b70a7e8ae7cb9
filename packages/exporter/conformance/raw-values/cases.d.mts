// Types of cases.mjs.
import type { QuantizedModel } from '@bitnetmcu/models';

export const MODELS: Readonly<Record<string, QuantizedModel>>;
export function rangesHeader(
  model: QuantizedModel,
  options: { readonly samples: number; readonly every: number; readonly seed: number },
): string;
export function randomSamples(model: QuantizedModel, samples: number, seed: number): Float64Array;
export function expectedInput(model: QuantizedModel, values: Float64Array): Int8Array;
export function checksums(model: QuantizedModel, input: Int8Array, logits: Int32Array, every: number): string[];
export function expectedLogits(model: QuantizedModel, input: Int8Array): Int32Array;
