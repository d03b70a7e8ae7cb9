// The image kernels of the addon.
import {
  augmentScratchWords,
  augmentSizes,
  requireAugmentRequest,
  requireResizeRequest,
  TapsCache,
} from './image-requests.js';
import type { AugmentRequest, EngineKernels, ResizeRequest } from './kernels.js';
import { type Addon, loadAddon } from './native-addon.js';
import { chooseVariant } from './native-backend.js';

/** @throws TrainerError `engine-unavailable` */
export async function createNativeKernels(simd: string | undefined): Promise<EngineKernels> {
  const addon = await loadAddon();
  const { name, index } = chooseVariant(addon, simd);
  return new NativeKernels(addon, index, name);
}

class NativeKernels implements EngineKernels {
  readonly kind = 'native';
  readonly #taps = new TapsCache();
  #words = new Uint32Array(0);

  constructor(
    private readonly addon: Addon,
    private readonly variant: number,
    readonly simd: string,
  ) {}

  augmentBatch(request: AugmentRequest): void {
    requireAugmentRequest(request);
    const { source, indices, count, matrices, displacement, destination } = request;
    const scratch = this.#scratch(augmentScratchWords(request));
    const sizes = Int32Array.from(augmentSizes(request, count));
    this.addon.augment(
      this.variant,
      source.bytes,
      indices,
      matrices,
      displacement?.grid,
      destination.bytes,
      scratch,
      sizes,
    );
  }

  resizeBatch(request: ResizeRequest): void {
    requireResizeRequest(request);
    const { source, destination, count } = request;
    const across = this.#taps.get(source.width, destination.width);
    const down = this.#taps.get(source.height, destination.height);
    const scratch = new Uint8Array(this.#scratch(Math.ceil((source.height * destination.width) / 4)).buffer);
    const sizes = Int32Array.of(
      ...[count * source.channels, source.height, source.width, destination.height, destination.width],
      ...[across.taps, down.taps],
    );
    this.addon.resize(
      this.variant,
      source.bytes,
      destination.bytes,
      across.coefficients,
      across.starts,
      down.coefficients,
      down.starts,
      scratch,
      sizes,
    );
  }

  #scratch(words: number): Uint32Array {
    if (this.#words.length < words) this.#words = new Uint32Array(words);
    return this.#words;
  }
}
