// A model in the WebAssembly build of the C runtime: inference, and every node's output of one sample.
import {
  type InferenceBackend,
  type LoadedModel,
  proveAccumulatorBounds,
  type QuantizedModel,
  type TracedTensor,
} from '@bitnetmcu/models';
import { type Decision, elementCount, INPUT } from '@bitnetmcu/models/internal';
import { RuntimeError } from '../errors.js';
import { getLayout, type LayoutName } from '../layout/layouts.js';
import { layoutModel, layoutModelForTrace, type TensorLocation } from '../lowering/layout-model.js';
import { ELEMENT_BYTES } from '../lowering/step.js';
import { WasmOutput } from './wasm-output.js';
import { WasmRawInput } from './wasm-raw-input.js';
import { compileRuntime, WasmImage, type WasmModule } from './wasm-runtime.js';

export interface WasmModelOptions {
  /** How the weights are laid out, and so which kernels run; all give the same bits. Default: `unpacked`, the fastest here. */
  readonly layout?: LayoutName;
}

/**
 * Loads a model into the WebAssembly build of the C runtime.
 * @throws ModelError what `validateQuantizedModel` and `proveAccumulatorBounds` throw
 * @throws RuntimeError `model-too-large`, `unknown-layout` for a layout of microcontroller kernels, `stale-runtime`
 *
 * @example
 * ```ts
 * import { loadWasmModel } from '@bitnetmcu/mcu-runtime';
 *
 * const loaded = await loadWasmModel(model);
 * const logits = loaded.infer(inputs, 1);
 * ```
 */
export async function loadWasmModel(model: QuantizedModel, options: WasmModelOptions = {}): Promise<WasmModel> {
  return WasmModel.load(await compileRuntime(), model, options);
}

/**
 * The WebAssembly implementation of integer inference.
 *
 * @example
 * ```ts
 * import { WasmBackend } from '@bitnetmcu/mcu-runtime';
 * import { quantizeInput } from '@bitnetmcu/models';
 *
 * const loaded = await new WasmBackend().load(model);
 * const logits = await loaded.infer(quantizeInput(model, pixels), 1);
 * ```
 */
export class WasmBackend implements InferenceBackend {
  readonly name: string;
  private module: Promise<WasmModule> | undefined;

  constructor(private readonly options: WasmModelOptions = {}) {
    this.name = options.layout === undefined ? 'wasm' : `wasm:${options.layout}`;
  }

  /** @throws like loadWasmModel */
  async load(model: QuantizedModel): Promise<WasmModel> {
    this.module ??= compileRuntime();
    return WasmModel.load(await this.module, model, this.options);
  }
}

/** Every node's output stays in this image's memory after a run. */
interface Tracer {
  readonly tensors: readonly TensorLocation[];
  readonly image: WasmImage;
}

/** A model in a WebAssembly instance of its own. Made by loadWasmModel and WasmBackend. */
export class WasmModel implements LoadedModel {
  /** Made at the first trace. */
  private tracer: Promise<Tracer> | undefined;

  private constructor(
    private readonly module: WasmModule,
    private readonly model: QuantizedModel,
    private readonly image: WasmImage,
    private readonly raw: WasmRawInput | undefined,
    private readonly output: WasmOutput,
  ) {}

  static async load(
    module: WasmModule,
    model: QuantizedModel,
    { layout = 'unpacked' }: WasmModelOptions,
  ): Promise<WasmModel> {
    proveAccumulatorBounds(model);
    const { readBy } = getLayout(layout);
    if (readBy === 'fast' || readBy === 'avr') {
      throw new RuntimeError(
        'unknown-layout',
        `Layout "${layout}" is for the kernels of microcontrollers, which this WebAssembly runtime does not have; use "plain" or "unpacked".`,
      );
    }
    const { raw, shape } = model.input;
    return new WasmModel(
      module,
      model,
      await WasmImage.create(module, layoutModel(model, layout)),
      raw && (await WasmRawInput.create(module, raw, shape)),
      await WasmOutput.create(module, model.output),
    );
  }

  /** int8 values of one sample. */
  get inputs(): number {
    return this.image.inputs;
  }

  get outputs(): number {
    return this.image.outputs;
  }

  /**
   * Logits of `count` int8 samples laid out one after another: `count·outputs`.
   * @throws RuntimeError `invalid-input` where the length is not count·inputs, `closed` after close()
   */
  infer(inputs: Int8Array, count: number): Int32Array {
    return this.image.infer(inputs, count);
  }

  /**
   * What one sample's logits say in the model's task (class, values, score or labels), by the C functions of the device.
   * @param input the int8 sample, which the score of an anomaly looks at
   * @throws RuntimeError `closed`
   */
  decide(input: Int8Array, logits: Int32Array): Decision {
    this.image.requireOpen();
    return this.output.decide(input, logits);
  }

  /**
   * The int8 input of raw samples laid out one after another, by the C functions of the device: the bits of `quantizeRaw`.
   * @param samples values of the model's raw type: integers, of f32 numbers in their units (what is no number counts as 0)
   * @throws RuntimeError `invalid-input` where the model has no raw values, where the length is not a multiple of `inputs`, or where a
   * value does not fit the type; `closed`
   */
  quantizeRaw(samples: ArrayLike<number>): Int8Array {
    this.image.requireOpen();
    if (this.raw) return this.raw.quantize(samples);
    throw new RuntimeError(
      'invalid-input',
      `${this.model.name} says nothing of raw values: its samples are bytes, which quantizeInput makes int8 of.`,
    );
  }

  /**
   * The input and every node's output for one int8 sample, in node order: accumulators of linear layers and convolutions,
   * activations of the others. Runs the plain kernels, one node at a time.
   * @throws RuntimeError as `infer`
   */
  async trace(input: Int8Array): Promise<TracedTensor[]> {
    this.tracer ??= this.createTracer();
    const { tensors, image } = await this.tracer;
    this.image.requireOpen();
    const logits = image.infer(input, 1);
    const read = ({ place, offset, element, shape }: TensorLocation): Int8Array | Int32Array => {
      if (place === 'input') return input.slice();
      if (place === 'logits') return logits.slice();
      const { buffer } = image.readRam(offset, elementCount(shape) * ELEMENT_BYTES[element]);
      return element === 'int8' ? new Int8Array(buffer) : new Int32Array(buffer);
    };
    return [
      { name: INPUT, op: 'input', shape: this.model.input.shape, values: input.slice() },
      ...tensors.map((tensor) => ({
        name: tensor.node,
        op: tensor.op,
        shape: tensor.shape,
        values: read(tensor),
      })),
    ];
  }

  private async createTracer(): Promise<Tracer> {
    const layout = layoutModelForTrace(this.model);
    return { tensors: layout.tensors, image: await WasmImage.create(this.module, layout) };
  }

  close(): void {
    this.image.close();
    this.tracer = undefined;
  }
}
