// Finds a TensorFlow.js to run on: libtensorflow where @tensorflow/tfjs-node loads, else the WebAssembly backend, else plain JavaScript.
import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';
import { TrainerError } from '../../errors.js';
import { shimNodeUtil } from './node-util-shim.js';
import { TFJS_BACKENDS, type TfjsBackend, TfjsRuntime } from './runtime.js';
import type { Tf } from './tensors.js';

export interface LoadedTfjs {
  readonly runtime: TfjsRuntime;
  /** Why each backend that was tried before this one is absent. */
  readonly absent: Readonly<Partial<Record<TfjsBackend, string>>>;
}

/** @throws TrainerError `engine-unavailable` with the reason for every backend tried. */
export async function loadTfjs(wanted: 'auto' | TfjsBackend): Promise<LoadedTfjs> {
  const absent: Partial<Record<TfjsBackend, string>> = {};
  for (const backend of wanted === 'auto' ? TFJS_BACKENDS : [wanted]) {
    try {
      return { runtime: await starters[backend](), absent };
    } catch (error) {
      absent[backend] = firstLine(error);
    }
  }
  const reasons = Object.entries(absent).map(([backend, reason]) => `${backend}: ${reason}`);
  throw new TrainerError(
    'engine-unavailable',
    `TensorFlow.js does not load (${reasons.join('; ')}). Install it beside this package: npm install @tensorflow/tfjs @tensorflow/tfjs-backend-wasm.`,
  );
}

const starters: Readonly<Record<TfjsBackend, () => Promise<TfjsRuntime>>> = {
  node: async () => {
    shimNodeUtil();
    // Not installed where this is built, so its types are those of @tensorflow/tfjs, which it exports.
    const specifier: string = '@tensorflow/tfjs-node';
    return TfjsRuntime.start(exportsOf((await import(specifier)) as Tf), 'node');
  },
  wasm: async () => {
    const tf = exportsOf(await import('@tensorflow/tfjs'));
    const { setWasmPaths } = exportsOf(await import('@tensorflow/tfjs-backend-wasm'));
    // Once initialized, the backend refuses a path.
    if (tf.findBackend('wasm') === null) setWasmPaths(wasmFolder());
    return TfjsRuntime.start(tf, 'wasm');
  },
  cpu: async () => {
    const runtime = await TfjsRuntime.start(exportsOf(await import('@tensorflow/tfjs')), 'cpu');
    // Else its first tensor prints an advertisement for tfjs-node.
    Object.assign(runtime.tf.backend(), { firstUse: false });
    return runtime;
  },
};

/** The modules are CommonJS: what they export is their default. */
function exportsOf<Module extends object>(loaded: Module): Module {
  return (loaded as { default?: Module }).default ?? loaded;
}

/** The entry file of the package lies beside its .wasm files. */
function wasmFolder(): string {
  return dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm')) + sep;
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n', 1)[0]!;
}
