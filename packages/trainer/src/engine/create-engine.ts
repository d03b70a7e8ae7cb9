// Chooses and makes the engine: the addon where it loads, else WebAssembly.
import { unknownValue } from '../arguments.js';
import { TrainerError } from '../errors.js';
import { CompiledNetwork } from './compiled-network.js';
import type { ComputeBackend } from './compute-backend.js';
import type { Engine } from './engine.js';
import { parseEngineOptions } from './engine-options.js';
import { createNativeBackend } from './native-backend.js';
import { createWasmBackend } from './wasm-backend.js';

export interface EngineOptions {
  /**
   * `auto` (default) takes the addon where it loads, else WebAssembly. `reproducible` too, but an addon without fused multiply-adds: one seed
   * then gives the same bits on every machine, with the addon or without. `tfjs` takes whatever TensorFlow.js is installed: for layers of one's
   * own see createTfjsEngine.
   */
  readonly kind?: 'auto' | 'native' | 'wasm' | 'reproducible' | 'tfjs' | undefined;
  /** Threads of the addon, 1 to 64; it uses them where they pay; results do not depend on them. Default: 2 where the machine has as many cores. */
  readonly threads?: number | undefined;
  /** Forces one instruction set of the addon: `avx512`, `avx2`, `baseline`. */
  readonly simd?: string | undefined;
}

/** An engine that runs compiled plans. */
export interface CompiledEngine extends Engine {
  /** Why `auto` or `reproducible` did not take the addon; absent where it did or was not asked. */
  readonly fallbackReason?: string;
}

/**
 * Makes the engine that trains networks: the addon where it loads, else WebAssembly.
 * @throws TrainerError `engine-unavailable` with the reason where the kind asked for (with `auto` and `reproducible`: none) does not load;
 * `invalid-argument` for kinds and options that there are not, and for threads or an instruction set of an engine that has none.
 *
 * @example
 * ```ts
 * import { buildPreset } from '@bitnetmcu/models';
 * import { createEngine } from '@bitnetmcu/trainer';
 *
 * const engine = await createEngine();
 * const compiled = engine.compile(buildPreset('fc-1k'));
 * console.log(engine.info.kind, compiled.batchSize); // for example native 128
 * ```
 */
export async function createEngine(options: EngineOptions = {}): Promise<CompiledEngine> {
  const { kind, threads, simd } = parseEngineOptions(options);
  switch (kind) {
    case 'native':
      return engineOn(await createNativeBackend({ threads, simd }));
    case 'wasm':
      return engineOn(await createWasmBackend());
    case 'auto':
    case 'reproducible':
      try {
        const arithmetic = kind === 'reproducible' ? 'separate' : undefined;
        return engineOn(await createNativeBackend({ threads, simd, arithmetic }));
      } catch (error) {
        if (!TrainerError.isInstance(error) || simd !== undefined) throw error;
        return { ...engineOn(await createWasmBackend()), fallbackReason: error.message };
      }
    case 'tfjs': {
      const { createTfjsEngine } = await import('./tfjs/create-tfjs-engine.js');
      const { absent, ...engine } = await createTfjsEngine();
      const reasons = Object.entries(absent).map(([backend, reason]) => `${backend}: ${reason}`);
      return reasons.length === 0 ? engine : { ...engine, fallbackReason: reasons.join('; ') };
    }
    default:
      throw unknownValue('engine', kind);
  }
}

function engineOn(backend: ComputeBackend): CompiledEngine {
  return { info: backend.info, compile: (spec, options) => new CompiledNetwork(backend, spec, options) };
}
