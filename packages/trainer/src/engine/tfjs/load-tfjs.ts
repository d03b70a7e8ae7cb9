// Finds a TensorFlow.js to run on: libtensorflow where @tensorflow/tfjs-node loads, else the WebAssembly backend, else plain JavaScript.
import { createRequire } from 'node:module';
import { dirname, join, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
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
    `TensorFlow.js does not load (${reasons.join('; ')}). ${wanted === 'node' ? nodeRemedy(absent.node!) : WASM_REMEDY}`,
  );
}

const WASM_REMEDY = 'Install it beside this package: npm install @tensorflow/tfjs @tensorflow/tfjs-backend-wasm.';

/** What to do where tfjs-node does not load: it is not there, or its addon was neither downloaded nor compiled. */
export function nodeRemedy(reason: string): string {
  if (/native addon|tfjs_binding|libtensorflow/.test(reason)) {
    return 'The package is there, its native part is not: `npm rebuild @tensorflow/tfjs-node` downloads libtensorflow and compiles; where that host is not reached, docs/tfjs-node.md says how to get the library from PyPI. Layers of your own also run on @tensorflow/tfjs with @tensorflow/tfjs-backend-wasm.';
  }
  return 'npm install @tensorflow/tfjs-node beside this package, or set BITNETMCU_TFJS_NODE to a folder in whose node_modules it is. @tensorflow/tfjs with @tensorflow/tfjs-backend-wasm does the same, slower.';
}

const starters: Readonly<Record<TfjsBackend, () => Promise<TfjsRuntime>>> = {
  node: async () => {
    shimNodeUtil();
    // Level 1 leaves out libtensorflow's INFO lines, which break into the output; a level that the user has set stays.
    process.env.TF_CPP_MIN_LOG_LEVEL ??= '1';
    // Not installed where this is built, so its types are those of @tensorflow/tfjs, which it exports.
    return TfjsRuntime.start(await optionalPeer<Tf>(tfjsNodeModule()), 'node');
  },
  wasm: async () => {
    const tf = await optionalPeer<Tf>('@tensorflow/tfjs');
    const { setWasmPaths } = await optionalPeer<typeof import('@tensorflow/tfjs-backend-wasm')>(
      '@tensorflow/tfjs-backend-wasm',
    );
    // Once initialized, the backend refuses a path.
    if (tf.findBackend('wasm') === null) setWasmPaths(wasmFolder());
    return TfjsRuntime.start(tf, 'wasm');
  },
  cpu: async () => {
    const runtime = await TfjsRuntime.start(await optionalPeer<Tf>('@tensorflow/tfjs'), 'cpu');
    // Else its first tensor prints an advertisement for tfjs-node.
    Object.assign(runtime.tf.backend(), { firstUse: false });
    return runtime;
  },
};

/** tfjs-node beside this package, or in the folder that BITNETMCU_TFJS_NODE names: it takes 700 MB, and npx has no place for peers. */
function tfjsNodeModule(): string {
  const name = '@tensorflow/tfjs-node';
  const folder = process.env.BITNETMCU_TFJS_NODE;
  if (folder === undefined || folder === '') return name;
  return pathToFileURL(createRequire(join(resolve(folder), 'package.json')).resolve(name)).href;
}

/**
 * A package that need not be there. By a variable name: bundlers look for literal ones and fail without them.
 * The modules are CommonJS: what they export is their default.
 */
async function optionalPeer<Module extends object>(name: string): Promise<Module> {
  const loaded = (await import(name)) as Module & { default?: Module };
  return loaded.default ?? loaded;
}

/** The entry file of the package lies beside its .wasm files. */
function wasmFolder(): string {
  return dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm')) + sep;
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n', 1)[0]!;
}
