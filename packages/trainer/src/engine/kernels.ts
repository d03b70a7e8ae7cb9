// Image kernels of the compiled engine (augmentation, resize): the same addon or WebAssembly module that trains.
// No randomness here: the caller draws the matrices and displacements.

/** A stack of uint8 images: `channels·height·width` bytes each, channel-major, one image after another. */
export interface ImageStack {
  readonly bytes: Uint8Array;
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

export interface AugmentRequest {
  readonly source: ImageStack;
  /** Image numbers in `source`, one a result; absent: 0, 1, 2, … */
  readonly indices?: Uint32Array;
  /** How many images to write. */
  readonly count: number;
  /**
   * 6 floats a result (xx, xy, x0, yx, yy, y0), output pixel centre → source pixel centre, both in pixels with the
   * first pixel's centre at 0: sourceX = xx·x + xy·y + x0, sourceY = yx·x + yy·y + y0. Beyond the image is `fill`.
   */
  readonly matrices: Float32Array;
  /**
   * Elastic deformation added to the source position: per result `rows·columns` pairs (dx, dy) in source pixels, a grid
   * whose corners lie on the output's corner pixels, interpolated bilinearly. Rows and columns are at least 2.
   */
  readonly displacement?: { readonly grid: Float32Array; readonly rows: number; readonly columns: number };
  /** Value outside the source image (0 … 255). Default 0. */
  readonly fill?: number;
  /** Result images, `count` of them are written. Sampling is bilinear, rounded half up. */
  readonly destination: ImageStack;
}

export interface ResizeRequest {
  readonly source: ImageStack;
  readonly count: number;
  /** Same channels; any size. Pillow's antialiased bilinear filter in its 8-bit fixed point (22 bits, half added, clipped). */
  readonly destination: ImageStack;
}

/**
 * Synchronous and single-threaded: run it in a worker thread to overlap it with training. Source and destination may be
 * backed by a SharedArrayBuffer. Not re-entrant.
 */
export interface EngineKernels {
  readonly kind: 'native' | 'wasm';
  readonly simd: string;
  /** @throws TrainerError `invalid-argument` when a buffer is too short, an index beyond the source, or a size is not positive. */
  augmentBatch(request: AugmentRequest): void;
  /** @throws TrainerError `invalid-argument` as augmentBatch. */
  resizeBatch(request: ResizeRequest): void;
}

export interface KernelOptions {
  /** `auto` (default) takes the addon where it loads, else WebAssembly, and so does `reproducible`: images are the same bytes everywhere. */
  readonly kind?: 'auto' | 'native' | 'wasm' | 'reproducible';
  /** Forces one instruction set of the addon: `avx512`, `avx2`, `baseline`. */
  readonly simd?: string;
}
