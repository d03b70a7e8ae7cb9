// The TensorFlow.js engine: any NetworkSpec, and layers of the user's own, on whatever TensorFlow.js the machine has.
import { availableParallelism } from 'node:os';
import { z } from 'zod';
import { parseArgument } from '../../arguments.js';
import type { Engine } from '../engine.js';
import type { CustomLayers } from './layers/custom.js';
import { loadTfjs } from './load-tfjs.js';
import { TFJS_BACKENDS, type TfjsBackend } from './runtime.js';
import { TfjsNetwork } from './tfjs-network.js';

export interface TfjsEngineOptions {
  /** `auto` (default) takes @tensorflow/tfjs-node where it loads, else the WebAssembly backend, else plain JavaScript. */
  readonly backend?: 'auto' | TfjsBackend | undefined;
  /** Layers for `{ "type": "custom", "kind": … }`, by kind. */
  readonly layers?: CustomLayers | undefined;
}

export interface TfjsEngine extends Engine {
  /** Why each backend before the one that runs is absent; `info.simd` names the one that runs. */
  readonly absent: Readonly<Partial<Record<TfjsBackend, string>>>;
}

const optionsSchema = z.strictObject({
  backend: z.enum(['auto', ...TFJS_BACKENDS]).optional(),
  layers: z
    .record(
      z.string(),
      z.custom((value) => typeof value === 'function', 'a function wanted'),
    )
    .optional(),
});

/**
 * An engine on TensorFlow.js: the same networks with the same parameters and gradients, slower, and with layers of one's own.
 * @throws TrainerError `engine-unavailable` with the reasons where no TensorFlow.js (or not the backend asked for) loads;
 * `invalid-argument` for backends and options that there are not, and for a layer that is no function.
 *
 * @example
 * ```ts
 * import { createTfjsEngine } from '@bitnetmcu/trainer/tfjs';
 *
 * const engine = await createTfjsEngine({
 *   layers: { twice: (x, _layer, { tf }) => tf.mul(x, 2) },
 * });
 * ```
 */
export async function createTfjsEngine(options: TfjsEngineOptions = {}): Promise<TfjsEngine> {
  parseArgument(optionsSchema, options, 'There is no TensorFlow.js engine of these options');
  const { backend = 'auto', layers = {} } = options;
  const { runtime, absent } = await loadTfjs(backend);
  return {
    // libtensorflow starts as many threads as there are cores; the other backends run in this one.
    info: { kind: 'tfjs', simd: runtime.backend, threads: runtime.backend === 'node' ? availableParallelism() : 1 },
    absent,
    compile: (spec, options = {}) => new TfjsNetwork(runtime, spec, options, layers),
  };
}
