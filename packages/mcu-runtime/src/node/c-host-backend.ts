// The C runtime compiled by the host's compiler, as one more implementation of integer inference.
import { join } from 'node:path';
import {
  type InferenceBackend,
  type LoadedModel,
  proveAccumulatorBounds,
  type QuantizedModel,
} from '@bitnetmcu/models';
import { RuntimeError } from '../errors.js';
import { layoutModel, type ModelImage } from '../layout/layout-model.js';
import { type LayoutName, layouts } from '../layout/layouts.js';
import { type CompileOptions, compileHostProgram } from './compile-program.js';
import { runProgram } from './run-program.js';
import { type KernelVariant, runtimeSources } from './runtime-sources.js';

export interface CHostOptions extends CompileOptions {
  /** How the weights are laid out, and so which kernels run. Default: `plain`. */
  readonly layout?: LayoutName;
  /** Which implementation of the kernels is compiled. Default: `plain`, the specification, where it can read the layout. */
  readonly variant?: KernelVariant;
  /** Further compiler flags, for example of sanitizers. */
  readonly flags?: readonly string[];
}

/** Runs models in a small program that contains the C runtime; it is compiled at the first load and cached. */
export class CHostBackend implements InferenceBackend {
  readonly name = 'c-host';
  private program: Promise<string> | undefined;

  constructor(private readonly options: CHostOptions = {}) {}

  /**
   * @throws ModelError what `validateQuantizedModel` and `proveAccumulatorBounds` throw
   * @throws RuntimeError `compiler-missing`, `compiler-failed`, `model-too-large`
   */
  async load(model: QuantizedModel): Promise<LoadedModel> {
    proveAccumulatorBounds(model);
    const image = layoutModel(model, this.options.layout);
    this.program ??= this.compile();
    return new CHostModel(await this.program, image);
  }

  private compile(): Promise<string> {
    const { layout = 'plain', flags = [] } = this.options;
    const { readBy } = layouts[layout];
    const variant = readBy === 'every' ? this.options.variant : readBy;
    const { root, include, definitions, files } = runtimeSources(variant);
    const sources = [join(root, 'harness', 'bnm_harness.c'), ...files];
    const defined = definitions.map((name) => `-D${name}`);
    return compileHostProgram({ sources, include, flags: [...defined, ...flags] }, this.options);
  }
}

class CHostModel implements LoadedModel {
  private closed = false;

  constructor(
    private readonly program: string,
    private readonly image: ModelImage,
  ) {}

  get outputs(): number {
    return this.image.outputs;
  }

  async infer(inputs: Int8Array, count: number): Promise<Int32Array> {
    if (this.closed) throw new RuntimeError('closed', 'The model was closed; load it again.');
    const { image, outputs, inputs: sampleSize } = this.image;
    if (!Number.isInteger(count) || count < 0 || inputs.length !== count * sampleSize) {
      throw new RuntimeError(
        'invalid-input',
        `${inputs.length} input values found for ${count} samples; ${sampleSize} are wanted for each.`,
      );
    }
    const request = new Uint8Array(4 + image.length + inputs.length);
    new DataView(request.buffer).setUint32(0, image.length, true);
    request.set(image, 4);
    request.set(inputs, 4 + image.length);
    const reply = await runProgram(this.program, request);
    if (reply.length !== count * outputs * 4) {
      throw new RuntimeError(
        'harness-failed',
        `${this.program} gave ${reply.length} bytes of logits; ${count * outputs * 4} are wanted.`,
      );
    }
    const view = new DataView(reply.buffer, reply.byteOffset, reply.byteLength);
    return Int32Array.from({ length: count * outputs }, (_, i) => view.getInt32(4 * i, true));
  }

  close(): void {
    this.closed = true;
  }
}
