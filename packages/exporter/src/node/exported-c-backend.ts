// The exported C file, compiled by the host's compiler, as one more implementation of integer inference.
import { createHash } from 'node:crypto';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { compileHostProgram, runProgram } from '@bitnetmcu/mcu-runtime/internal/node';
import type { CompileOptions } from '@bitnetmcu/mcu-runtime/node';
import type { InferenceBackend, LoadedModel, QuantizedModel } from '@bitnetmcu/models';
import { touchCacheEntry, trimCache, writeFileAtomic } from '@bitnetmcu/models/internal/node';
import { type CExport, exportC } from '../c/export-c.js';
import type { ExportTargetName } from '../c/export-targets.js';
import type { ExportSizes } from '../c/head-comment.js';
import { ExporterError } from '../errors.js';
import { MODEL_FOLDER } from './build-files.js';
import { exportFolder } from './write-export.js';

export interface ExportedCOptions extends CompileOptions {
  /** Further compiler flags, for example of sanitizers. */
  readonly flags?: readonly string[];
  /** Export for the fast kernels of this target; their C runs here. Default: the plain kernels. */
  readonly target?: ExportTargetName;
}

/** Sources are written anew whenever they are wanted: little of them need be kept. */
const SOURCES_LIMITS = { maxBytes: 64 * 2 ** 20, inUse: 3_600_000 };

/** A compiled program and the number of a model in it. */
interface Compiled {
  readonly program: Promise<string>;
  readonly number: number;
}

/**
 * Exports each model as C, compiles it and runs it over standard input and output. The C has nothing of the model's text in it:
 * whatever stands in a model file, no word of it reaches the compiler.
 *
 * @example
 * ```ts
 * import { ExportedCBackend } from '@bitnetmcu/exporter/node';
 *
 * const loaded = await new ExportedCBackend().load(model); // exports to C and compiles it
 * const logits = await loaded.infer(inputs, 1);
 * ```
 */
export class ExportedCBackend implements InferenceBackend {
  readonly name: string;
  readonly #options: ExportedCOptions;
  /** By the text of the exported C. */
  readonly #compiled = new Map<string, Compiled>();

  constructor(options: ExportedCOptions = {}) {
    this.#options = options;
    this.name = options.target === undefined ? 'exported-c' : `exported-c:${options.target}`;
  }

  /**
   * Compiles several models into one program, which is much quicker than one each; `load` finds them there.
   * @throws as `load`
   */
  async compile(models: readonly QuantizedModel[]): Promise<void> {
    const program = this.#build(models);
    const keys = models.map((model) => keyOf(this.#export(model)));
    keys.forEach((key, number) => {
      this.#compiled.set(key, { program, number });
    });
    try {
      await program;
    } catch (error) {
      // A later load tries again: the compiler may have been installed meanwhile.
      for (const key of keys) this.#compiled.delete(key);
      throw error;
    }
  }

  /**
   * @throws what `exportC` throws
   * @throws RuntimeError `compiler-missing`, `compiler-failed`
   */
  async load(model: QuantizedModel): Promise<LoadedModel> {
    const source = this.#export(model);
    const key = keyOf(source);
    if (!this.#compiled.has(key)) await this.compile([model]);
    const { program, number } = this.#compiled.get(key)!;
    return new ExportedCModel(source.sizes, await program, number);
  }

  #export(model: QuantizedModel, name = 'model'): CExport {
    const { target } = this.#options;
    return exportC(model, { name, text: false, softFloat: true, ...(target === undefined ? {} : { target }) });
  }

  async #build(models: readonly QuantizedModel[]): Promise<string> {
    const exports = models.map((model, number) => this.#export(model, `model_${number}`));
    const files = exportFolder(exports, true);
    const hash = createHash('sha256');
    for (const { path, content } of files) hash.update(`${path}\0${content}\0`);
    // The folder is named by its content: the compiler's cache then finds the program again.
    const cache = this.#options.cache ?? join(tmpdir(), `bitnetmcu-${userInfo().username}`);
    const sourcesCache = join(cache, 'exported-c');
    const folder = join(sourcesCache, hash.digest('hex').slice(0, 32));
    touchCacheEntry(folder);
    for (const { path, content } of files) writeFileAtomic(join(folder, path), content);
    trimCache(sourcesCache, SOURCES_LIMITS);
    const sources = files.map(({ path }) => join(folder, path)).filter((path) => path.endsWith('.c'));
    return await compileHostProgram(
      { sources, include: [join(folder, MODEL_FOLDER)], flags: this.#options.flags ?? [] },
      this.#options,
    );
  }
}

/** Models whose exported C is the same share a program. */
function keyOf({ files }: CExport): string {
  return files.map(({ content }) => content).join('\0');
}

class ExportedCModel implements LoadedModel {
  readonly outputs: number;
  readonly #inputs: number;
  readonly #program: string;
  readonly #number: number;
  #closed = false;

  constructor({ inputs, outputs }: ExportSizes, program: string, number: number) {
    this.outputs = outputs;
    this.#inputs = inputs;
    this.#program = program;
    this.#number = number;
  }

  async infer(inputs: Int8Array, count: number): Promise<Int32Array> {
    if (this.#closed) throw new ExporterError('harness', 'The model was closed; load it again');
    if (!Number.isInteger(count) || count < 0 || inputs.length !== count * this.#inputs) {
      throw new ExporterError(
        'verify-input',
        `${inputs.length} input values found for ${count} samples; ${this.#inputs} are wanted for each`,
      );
    }
    const bytes = new Uint8Array(inputs.buffer, inputs.byteOffset, inputs.length);
    const reply = await runProgram(this.#program, bytes, ['--binary', `${this.#number}`]);
    if (reply.length !== count * this.outputs * 4) {
      throw new ExporterError(
        'harness',
        `${this.#program} gave ${reply.length} bytes of logits; ${count * this.outputs * 4} are wanted`,
      );
    }
    // Copied, so that the int32 values are aligned and alone in their memory.
    return new Int32Array(Uint8Array.from(reply).buffer);
  }

  close(): void {
    this.#closed = true;
  }
}
