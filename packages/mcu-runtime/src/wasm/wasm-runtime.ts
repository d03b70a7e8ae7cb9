// The C runtime as a WebAssembly instance: compiles the embedded module, lends out its memory, runs images.
import { RuntimeError } from '../errors.js';
import { RUNTIME_WASM_BASE64 } from '../generated/runtime-wasm.js';
import type { ModelImage } from '../lowering/layout-model.js';
import { IMAGE_FORMAT } from '../lowering/records.js';
import { requireRun } from '../run-status.js';

/** Samples are copied into the instance's memory in batches of at most so many, and of about so many bytes. */
const MAX_BATCH = 256;
const BATCH_BYTES = 1 << 20;
export const PAGE_BYTES = 65_536;
const ALIGNMENT = 16;

/** The exports of c/wasm/bnm_wasm.c. */
export interface RuntimeExports {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  readonly __heap_base: { readonly value: number };
  /** Absent in modules older than this check. */
  image_format?(): number;
  run(
    image: number,
    input: number,
    inputs: number,
    count: number,
    ram: number,
    logits: number,
    outputs: number,
  ): number;
  quantize_raw(
    type: number,
    values: number,
    features: number,
    run: number,
    count: number,
    table: number,
    decimals: number,
    input: number,
  ): void;
  scale_logits(logits: number, count: number, scales: number, values: number, answers: number): void;
  anomaly_scores(input: number, logits: number, inputs: number, count: number, scale: number, scores: number): void;
  label_masks(logits: number, outputs: number, count: number, masks: number): void;
}

/** The part of the WebAssembly API that is used here: the language's own library declares none, and this file runs in browsers and Node. */
interface WebAssemblyApi {
  compile(bytes: Uint8Array): Promise<WasmModule>;
  instantiate(module: WasmModule, imports: object): Promise<{ readonly exports: unknown }>;
}

/** A compiled WebAssembly.Module; it serves any number of instances. */
export interface WasmModule {
  readonly [Symbol.toStringTag]?: string;
}

function webAssembly(): WebAssemblyApi {
  return (globalThis as unknown as { readonly WebAssembly: WebAssemblyApi }).WebAssembly;
}

/** Compiles the embedded runtime. */
export async function compileRuntime(): Promise<WasmModule> {
  return webAssembly().compile(Uint8Array.from(atob(RUNTIME_WASM_BASE64), (byte) => byte.charCodeAt(0)));
}

/** An instance with memory of its own. @throws RuntimeError `stale-runtime` where the module walks images of another format than this package writes */
export async function instantiateRuntime(module: WasmModule): Promise<RuntimeExports> {
  const instance = await webAssembly().instantiate(module, {});
  const exports = instance.exports as RuntimeExports;
  requireImageFormat(exports.image_format?.());
  return exports;
}

function requireImageFormat(found: number | undefined): void {
  if (found !== undefined && found >>> 0 === IMAGE_FORMAT) return;
  const hex = (format: number) => `0x${(format >>> 0).toString(16).padStart(8, '0')}`;
  throw new RuntimeError(
    'stale-runtime',
    `The WebAssembly runtime walks images of format ${found === undefined ? 'unknown' : hex(found)}, ${hex(IMAGE_FORMAT)} is wanted: it was built from other sources. Run \`npm run build\` in the repository, or install @bitnetmcu/mcu-runtime again.`,
  );
}

/** What `make` gives, which takes so many bytes. @throws RuntimeError `out-of-memory` where the runtime refuses them */
function withMemory<T>(what: string, bytes: number, remedy: string, make: () => T): T {
  try {
    return make();
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new RuntimeError(
      'out-of-memory',
      `${what}: ${bytes} bytes of memory are wanted, more than this process can have; ${remedy}.`,
      { cause },
    );
  }
}

/** One image in the memory of one WebAssembly instance. */
export class WasmImage {
  readonly inputs: number;
  readonly outputs: number;
  private exports: RuntimeExports | undefined;
  private readonly batch: number;
  private readonly image: number;
  private readonly input: number;
  private readonly ram: number;
  private readonly logits: number;

  private constructor(exports: RuntimeExports, { image, ramBytes, inputs, outputs }: ModelImage) {
    this.exports = exports;
    this.inputs = inputs;
    this.outputs = outputs;
    this.batch = Math.max(1, Math.min(MAX_BATCH, Math.floor(BATCH_BYTES / Math.max(inputs, outputs * 4))));
    let top: number = exports.__heap_base.value;
    const reserve = (bytes: number) => {
      const address = Math.ceil(top / ALIGNMENT) * ALIGNMENT;
      top = address + bytes;
      return address;
    };
    this.image = reserve(image.length);
    this.input = reserve(inputs * this.batch);
    this.ram = reserve(ramBytes);
    this.logits = reserve(outputs * this.batch * 4);
    const missing = Math.ceil((top - exports.memory.buffer.byteLength) / PAGE_BYTES);
    const grow = () => exports.memory.grow(missing);
    if (missing > 0) withMemory('The model with its buffers', top, 'use a smaller model', grow);
    new Uint8Array(exports.memory.buffer, this.image, image.length).set(image);
  }

  /** @throws RuntimeError `stale-runtime` where the module walks images of another format than this package writes */
  static async create(module: WasmModule, image: ModelImage): Promise<WasmImage> {
    return new WasmImage(await instantiateRuntime(module), image);
  }

  /**
   * @returns `count·outputs` logits
   * @throws RuntimeError `invalid-input` where the length is not count·inputs, `closed` after close(), `out-of-memory`,
   * `unknown-op`, `unknown-kernel` or `kernel-not-built-in` for an image that this runtime cannot run
   */
  infer(inputs: Int8Array, count: number): Int32Array {
    const { memory, run } = this.requireOpen();
    if (!Number.isInteger(count) || count < 0 || inputs.length !== count * this.inputs) {
      throw new RuntimeError(
        'invalid-input',
        `${inputs.length} input values found for ${count} samples; ${this.inputs} are wanted for each.`,
      );
    }
    const size = count * this.outputs;
    const allocate = () => new Int32Array(size);
    const logits = withMemory(`The logits of ${count} samples`, 4 * size, 'run fewer samples at once', allocate);
    const inputMemory = new Int8Array(memory.buffer, this.input, this.inputs * this.batch);
    const logitMemory = new Int32Array(memory.buffer, this.logits, this.outputs * this.batch);
    for (let first = 0; first < count; first += this.batch) {
      const batch = Math.min(this.batch, count - first);
      inputMemory.set(inputs.subarray(first * this.inputs, (first + batch) * this.inputs));
      const status = run(this.image, this.input, this.inputs, batch, this.ram, this.logits, this.outputs);
      requireRun(status, 'The WebAssembly runtime');
      logits.set(logitMemory.subarray(0, batch * this.outputs), first * this.outputs);
    }
    return logits;
  }

  /** The bytes of ram as the last sample left them. */
  readRam(offset: number, bytes: number): Uint8Array {
    return new Uint8Array(this.requireOpen().memory.buffer, this.ram + offset, bytes).slice();
  }

  /** Lets the instance's memory be collected. */
  close(): void {
    this.exports = undefined;
  }

  /** @throws RuntimeError `closed` */
  requireOpen(): RuntimeExports {
    if (this.exports) return this.exports;
    throw new RuntimeError('closed', 'The model was closed; load it again.');
  }
}
