// Raw samples to int8 by the C runtime's functions, in a WebAssembly instance of their own.
import type { Shape } from '@bitnetmcu/models';
import { elementCount, RAW_TYPE_RANGES, type RawInput, type RawType } from '@bitnetmcu/models/internal';
import { RuntimeError } from '../errors.js';
import { instantiateRuntime, PAGE_BYTES, type RuntimeExports, type WasmModule } from './wasm-runtime.js';

/** The numbers of bnm_row.h, and the arrays that hold the values in memory. */
const TYPES = {
  u8: { number: 0, array: Uint8Array },
  i16: { number: 1, array: Int16Array },
  i32: { number: 2, array: Int32Array },
  f32: { number: 3, array: Float32Array },
} as const satisfies Readonly<Record<RawType, unknown>>;

/** sizeof(bnm_raw_feature), and its member `curve` for the logarithm. */
const FEATURE_BYTES = 16;
const LOG2 = 0x80;

/** Samples of about so many values are copied into the instance at once. */
const BATCH_VALUES = 1 << 16;

export class WasmRawInput {
  readonly #exports: RuntimeExports;
  readonly #raw: RawInput;
  readonly #inputs: number;
  readonly #batch: number;
  readonly #table: number;
  readonly #decimals: number;
  readonly #input: number;
  readonly #values: number;

  private constructor(exports: RuntimeExports, raw: RawInput, shape: Shape) {
    this.#exports = exports;
    this.#raw = raw;
    this.#inputs = elementCount(shape);
    this.#batch = Math.max(1, Math.floor(BATCH_VALUES / this.#inputs));
    const count = raw.features.length;
    this.#table = Math.ceil(exports.__heap_base.value / FEATURE_BYTES) * FEATURE_BYTES;
    this.#values = this.#table + FEATURE_BYTES * count;
    this.#input = this.#values + 4 * this.#batch * this.#inputs;
    this.#decimals = this.#input + this.#batch * this.#inputs;
    const missing = Math.ceil((this.#decimals + count - exports.memory.buffer.byteLength) / PAGE_BYTES);
    if (missing > 0) exports.memory.grow(missing);
    this.#writeTable();
  }

  static async create(module: WasmModule, raw: RawInput, shape: Shape): Promise<WasmRawInput> {
    return new WasmRawInput(await instantiateRuntime(module), raw, shape);
  }

  #writeTable(): void {
    const view = new DataView(this.#exports.memory.buffer);
    this.#raw.features.forEach(({ low, high, bias, multiplier, curve, preShift, shift, decimals }, i) => {
      const at = this.#table + FEATURE_BYTES * i;
      [low, high, bias].forEach((value, k) => {
        view.setInt32(at + 4 * k, value, true);
      });
      view.setUint16(at + 12, multiplier, true);
      view.setUint8(at + 14, preShift | (curve === 'log2' ? LOG2 : 0));
      view.setUint8(at + 15, shift);
      view.setUint8(this.#decimals + i, decimals);
    });
  }

  /** @throws RuntimeError `invalid-input` for a length that is no multiple of a sample's, or what the C type cannot hold */
  quantize(samples: ArrayLike<number>): Int8Array {
    const { type, features } = this.#raw;
    const { number, array } = TYPES[type];
    const inputs = this.#inputs;
    if (samples.length % inputs !== 0) {
      throw new RuntimeError('invalid-input', `${samples.length} raw values found, ${inputs} for each sample wanted.`);
    }
    requireType(samples, type);
    const { memory } = this.#exports;
    const quantized = new Int8Array(samples.length);
    const step = this.#batch * inputs;
    for (let first = 0; first < samples.length; first += step) {
      const length = Math.min(step, samples.length - first);
      const values = new array(memory.buffer, this.#values, length);
      for (let i = 0; i < length; i++) values[i] = samples[first + i]!;
      const run = inputs / features.length;
      const count = length / inputs;
      this.#exports.quantize_raw(
        number,
        this.#values,
        features.length,
        run,
        count,
        this.#table,
        this.#decimals,
        this.#input,
      );
      quantized.set(new Int8Array(memory.buffer, this.#input, length), first);
    }
    return quantized;
  }
}

function requireType(samples: ArrayLike<number>, type: RawType): void {
  if (type === 'f32') return;
  const [low, high] = RAW_TYPE_RANGES[type];
  for (let i = 0; i < samples.length; i++) {
    const value = samples[i]!;
    if (Number.isInteger(value) && value >= low && value <= high) continue;
    throw new RuntimeError(
      'invalid-input',
      `Raw value ${i} is ${value}; a whole number from ${low} to ${high} (${type}) is wanted: toRawIntegers makes them of values in units.`,
    );
  }
}
