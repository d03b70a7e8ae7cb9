// The embedded WebAssembly module and its instances.
import { TrainerError } from '../errors.js';
import { opsVersion } from './plan/program.js';

/** The part of the WebAssembly API that is used here: TypeScript's ES library declares none, and this runs in browsers and Node. */
interface WebAssemblyApi {
  compile(bytes: Uint8Array): Promise<EngineModule>;
  readonly Instance: new (module: EngineModule) => { readonly exports: unknown };
}

/** A compiled WebAssembly.Module; it serves any number of instances. */
export interface EngineModule {
  readonly [Symbol.toStringTag]: string;
}

interface WasmMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

function webAssembly(): WebAssemblyApi {
  return (globalThis as unknown as { readonly WebAssembly: WebAssemblyApi }).WebAssembly;
}

export const PAGE_BYTES = 65_536;

/** What native/wasm.c exports; the jobs are addresses of C structs that are filled in before a call. */
export interface EngineExports {
  readonly memory: WasmMemory;
  opsVersion(): number;
  heap(): number;
  job(): number;
  run(): void;
  augmentJob(): number;
  augment(): void;
  resizeJob(): number;
  resize(): void;
}

let compiled: Promise<EngineModule> | undefined;

/** Compiles the embedded module, once a process. @throws TrainerError `engine-unavailable` where WebAssembly or its SIMD is missing. */
export async function compileEngineModule(): Promise<EngineModule> {
  compiled ??= import('../generated/engine-wasm.js').then(({ ENGINE_WASM_BASE64 }) =>
    webAssembly().compile(Uint8Array.from(atob(ENGINE_WASM_BASE64), (character) => character.charCodeAt(0))),
  );
  try {
    return await compiled;
  } catch (error) {
    compiled = undefined;
    throw new TrainerError(
      'engine-unavailable',
      `The WebAssembly engine does not load: ${error instanceof Error ? error.message : error}. It needs WebAssembly with SIMD (Node 16.4, browsers of 2021).`,
      { cause: error },
    );
  }
}

/** A new instance with memory for `bytes` beyond its own data; `base` is the first free byte, on a cache line. */
export function instantiateEngine(module: EngineModule, bytes: number): { exports: EngineExports; base: number } {
  const exports = new (webAssembly().Instance)(module).exports as EngineExports;
  if (exports.opsVersion() >>> 0 !== opsVersion()) {
    throw new TrainerError(
      'engine-unavailable',
      'The WebAssembly engine was built from other sources: build the package again.',
    );
  }
  const base = alignedTo(exports.heap(), 64);
  const missing = base + bytes - exports.memory.buffer.byteLength;
  if (missing > 0) exports.memory.grow(Math.ceil(missing / PAGE_BYTES));
  return { exports, base };
}

export function alignedTo(offset: number, alignment: number): number {
  return Math.ceil(offset / alignment) * alignment;
}
