// The C runtime compiled by the host's compiler, as one more implementation of integer inference.
import { join } from 'node:path';
import {
  type InferenceBackend,
  type LoadedModel,
  proveAccumulatorBounds,
  type QuantizedModel,
} from '@bitnetmcu/models';
import { RuntimeError } from '../errors.js';
import { type LayoutName, layouts } from '../layout/layouts.js';
import { type GuardedImage, layoutGuardedModel, layoutModel, type ModelImage } from '../lowering/layout-model.js';
import { requireRun } from '../run-status.js';
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
  /** Whether memory that nobody may touch lies behind every buffer and table; an address sanitizer among the flags watches it. */
  readonly guarded?: boolean;
}

/** A model and the samples to run through it. */
export interface CHostJob {
  readonly model: QuantizedModel;
  /** `count` int8 samples, one after another. */
  readonly inputs: Int8Array;
  readonly count: number;
}

/**
 * Runs models in a small program that contains the C runtime; it is compiled at the first load and cached.
 *
 * @example
 * ```ts
 * import { CHostBackend } from '@bitnetmcu/mcu-runtime/node';
 *
 * const loaded = await new CHostBackend().load(model); // compiles the C runtime with the host's compiler
 * const logits = await loaded.infer(inputs, 1);
 * ```
 */
export class CHostBackend implements InferenceBackend {
  readonly name = 'c-host';
  private program: Promise<string> | undefined;

  constructor(private readonly options: CHostOptions = {}) {}

  /**
   * @throws ModelError what `validateQuantizedModel` and `proveAccumulatorBounds` throw
   * @throws RuntimeError `compiler-missing`, `compiler-failed`, `model-too-large`
   */
  async load(model: QuantizedModel): Promise<LoadedModel> {
    const image = this.image(model);
    return new CHostModel(await this.compiled(), image);
  }

  /**
   * Runs many models in one process, which is much quicker than one each.
   * @returns the logits of each
   * @throws as `load` and the loaded model's `infer`
   */
  async inferAll(jobs: readonly CHostJob[]): Promise<Int32Array[]> {
    const requests = jobs.map(({ model, inputs, count }) => ({ image: this.image(model), inputs, count }));
    return await runImages(await this.compiled(), requests);
  }

  private image(model: QuantizedModel): ModelImage | GuardedImage {
    proveAccumulatorBounds(model);
    const { guarded = false, layout } = this.options;
    return guarded ? layoutGuardedModel(model, layout) : layoutModel(model, layout);
  }

  private compiled(): Promise<string> {
    this.program ??= this.compile();
    return this.program;
  }

  private compile(): Promise<string> {
    const { layout = 'plain', flags = [] } = this.options;
    const { readBy } = layouts[layout];
    if (readBy === 'avr') {
      throw new RuntimeError(
        'unknown-layout',
        `Layout "${layout}" is for kernels in AVR assembly, which this machine does not run; simulate the model on an AVR part, or use another layout.`,
      );
    }
    const variant = readBy === 'every' ? this.options.variant : readBy;
    const { root, include, definitions, files } = runtimeSources(variant);
    const sources = [join(root, 'harness', 'bnm_harness.c'), ...files];
    const defined = definitions.map((name) => `-D${name}`);
    return compileHostProgram({ sources, include, flags: [...defined, ...flags] }, this.options);
  }
}

/** What one request to c/harness/bnm_harness.c is about. */
interface Request {
  readonly image: ModelImage | GuardedImage;
  readonly inputs: Int8Array;
  readonly count: number;
}

/** The logits of each request, from one run of the program. */
async function runImages(program: string, requests: readonly Request[]): Promise<Int32Array[]> {
  const parts = requests.flatMap(({ image: laidOut, inputs, count }) => {
    const { image, inputs: sampleSize } = laidOut;
    if (!Number.isInteger(count) || count < 0 || inputs.length !== count * sampleSize) {
      throw new RuntimeError(
        'invalid-input',
        `${inputs.length} input values found for ${count} samples; ${sampleSize} are wanted for each.`,
      );
    }
    const { imageGuards, ramGuards } = 'ramGuards' in laidOut ? laidOut : { imageGuards: [], ramGuards: [] };
    const guards = [...imageGuards, ...ramGuards].flatMap(({ start, end }) => [start, end]);
    return [
      littleEndian([image.length, count, imageGuards.length, ramGuards.length]),
      image,
      littleEndian(guards),
      new Uint8Array(inputs.buffer, inputs.byteOffset, inputs.length),
    ];
  });
  const reply = await runProgram(program, Buffer.concat(parts));
  return readReply(program, reply, requests);
}

/** Each sample's status and logits. @throws RuntimeError of the first status that is not 0 */
function readReply(program: string, reply: Uint8Array, requests: readonly Request[]): Int32Array[] {
  const view = new DataView(reply.buffer, reply.byteOffset, reply.byteLength);
  let at = 0;
  const next = () => {
    if (at + 4 > reply.length) {
      throw new RuntimeError(
        'harness-failed',
        `${program} ended after ${reply.length} bytes of its reply; more are wanted.`,
      );
    }
    at += 4;
    return view.getInt32(at - 4, true);
  };
  const logits = requests.map(({ image: { outputs }, count }) => {
    const values = new Int32Array(count * outputs);
    for (let sample = 0; sample < count; sample++) {
      requireRun(next(), 'The C runtime');
      for (let o = 0; o < outputs; o++) values[sample * outputs + o] = next();
    }
    return values;
  });
  if (at !== reply.length) {
    throw new RuntimeError('harness-failed', `${program} gave ${reply.length} bytes; ${at} are wanted.`);
  }
  return logits;
}

function littleEndian(numbers: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(4 * numbers.length));
  numbers.forEach((number, i) => {
    view.setUint32(4 * i, number, true);
  });
  return new Uint8Array(view.buffer);
}

class CHostModel implements LoadedModel {
  private closed = false;

  constructor(
    private readonly program: string,
    private readonly image: ModelImage | GuardedImage,
  ) {}

  get outputs(): number {
    return this.image.outputs;
  }

  async infer(inputs: Int8Array, count: number): Promise<Int32Array> {
    if (this.closed) throw new RuntimeError('closed', 'The model was closed; load it again.');
    const [logits] = await runImages(this.program, [{ image: this.image, inputs, count }]);
    return logits!;
  }

  close(): void {
    this.closed = true;
  }
}
