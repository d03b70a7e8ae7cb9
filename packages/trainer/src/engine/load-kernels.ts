// Chooses and makes the image kernels: the addon's where it loads, else WebAssembly's.
import { unknownValue } from '../arguments.js';
import { TrainerError } from '../errors.js';
import { parseKernelOptions } from './engine-options.js';
import type { EngineKernels, KernelOptions } from './kernels.js';
import { createNativeKernels } from './native-kernels.js';
import { createWasmKernels } from './wasm-kernels.js';

/**
 * The engine's kernels for images: augmentation and resizing.
 * @throws TrainerError `engine-unavailable` with the reason where the kind asked for (with `auto`: none) does not load;
 * `invalid-argument` for kinds and options that there are not, and for an instruction set of WebAssembly.
 *
 * @example
 * ```ts
 * import { fitInput, fitSamples, loadDataset, loadKernels } from '@bitnetmcu/trainer';
 *
 * const kernels = await loadKernels();
 * const { test, shape } = await loadDataset({ kind: 'mnist' });
 * const fitted = fitSamples(test, fitInput(shape, [1, 16, 16]), kernels);
 * ```
 */
export async function loadKernels(options: KernelOptions = {}): Promise<EngineKernels> {
  const { kind, simd } = parseKernelOptions(options);
  switch (kind) {
    case 'native':
      return createNativeKernels(simd);
    case 'wasm':
      return createWasmKernels();
    case 'auto':
    case 'reproducible':
      try {
        return await createNativeKernels(simd);
      } catch (error) {
        if (!TrainerError.isInstance(error) || simd !== undefined) throw error;
        return createWasmKernels();
      }
    default:
      throw unknownValue('engine', kind);
  }
}
