// The image kernels of the WebAssembly module: images go through its memory in portions.
import { withMemory } from '../memory.js';
import {
  augmentScratchWords,
  augmentSizes,
  imageBytes,
  requireAugmentRequest,
  requireResizeRequest,
  TapsCache,
} from './image-requests.js';
import type { AugmentRequest, EngineKernels, ResizeRequest } from './kernels.js';
import { compileEngineModule, type EngineExports, instantiateEngine, PAGE_BYTES } from './wasm-module.js';

/** Images in memory at once: about this many bytes. */
const PORTION_BYTES = 1 << 18;

/** @throws TrainerError `engine-unavailable` */
export async function createWasmKernels(): Promise<EngineKernels> {
  const module = await compileEngineModule();
  return new WasmKernels(instantiateEngine(module, 0));
}

class WasmKernels implements EngineKernels {
  readonly kind = 'wasm';
  readonly simd = 'simd128';
  readonly #taps = new TapsCache();
  readonly #exports: EngineExports;
  readonly #base: number;
  #next = 0;

  constructor({ exports, base }: { exports: EngineExports; base: number }) {
    this.#exports = exports;
    this.#base = base;
  }

  augmentBatch(request: AugmentRequest): void {
    requireAugmentRequest(request);
    const { source, indices, count, matrices, displacement, destination } = request;
    const [size, outSize] = [imageBytes(source), imageBytes(destination)];
    const gridSize = displacement ? displacement.rows * displacement.columns * 2 : 0;
    const portion = Math.max(1, Math.floor(PORTION_BYTES / (size + outSize)));
    this.#next = this.#base;
    const staged = this.#reserve(portion * size);
    const stagedMatrices = this.#reserve(portion * 24);
    const stagedGrid = this.#reserve(portion * gridSize * 4);
    const results = this.#reserve(portion * outSize);
    const scratch = this.#reserve(augmentScratchWords(request) * 4);
    const bytes = this.#memory();
    for (let from = 0; from < count; from += portion) {
      const part = Math.min(portion, count - from);
      for (let i = 0; i < part; i++) {
        const number = indices?.[from + i] ?? from + i;
        bytes.set(source.bytes.subarray(number * size, (number + 1) * size), staged + i * size);
      }
      new Float32Array(bytes.buffer, stagedMatrices, part * 6).set(matrices.subarray(from * 6, (from + part) * 6));
      if (displacement) {
        const grid = displacement.grid.subarray(from * gridSize, (from + part) * gridSize);
        new Float32Array(bytes.buffer, stagedGrid, grid.length).set(grid);
      }
      const job = this.#exports.augmentJob();
      const sizes = augmentSizes(request, part);
      const fields = [staged, 0, stagedMatrices, displacement ? stagedGrid : 0, results, scratch, ...sizes.slice(0, 8)];
      new Uint32Array(bytes.buffer, job, fields.length).set(fields);
      bytes[job + fields.length * 4] = sizes[8]!;
      this.#exports.augment();
      destination.bytes.set(bytes.subarray(results, results + part * outSize), from * outSize);
    }
  }

  resizeBatch(request: ResizeRequest): void {
    requireResizeRequest(request);
    const { source, destination } = request;
    const size = source.height * source.width;
    const outSize = destination.height * destination.width;
    const count = request.count * source.channels;
    const across = this.#taps.get(source.width, destination.width);
    const down = this.#taps.get(source.height, destination.height);
    const portion = Math.max(1, Math.floor(PORTION_BYTES / (size + outSize)));
    this.#next = this.#base;
    const tables = [across.coefficients, across.starts, down.coefficients, down.starts].map((values) => {
      const offset = this.#reserve(values.byteLength);
      new Int32Array(this.#exports.memory.buffer, offset, values.length).set(values);
      return offset;
    });
    const staged = this.#reserve(portion * size);
    const results = this.#reserve(portion * outSize);
    const scratch = this.#reserve(source.height * destination.width);
    const bytes = this.#memory();
    for (let from = 0; from < count; from += portion) {
      const part = Math.min(portion, count - from);
      bytes.set(source.bytes.subarray(from * size, (from + part) * size), staged);
      const fields = [
        staged,
        results,
        ...tables,
        scratch,
        part,
        source.height,
        source.width,
        destination.height,
        destination.width,
      ];
      fields.push(across.taps, down.taps);
      new Uint32Array(bytes.buffer, this.#exports.resizeJob(), fields.length).set(fields);
      this.#exports.resize();
      destination.bytes.set(bytes.subarray(results, results + part * outSize), from * outSize);
    }
  }

  #memory(): Uint8Array {
    return new Uint8Array(this.#exports.memory.buffer);
  }

  #reserve(bytes: number): number {
    const offset = this.#next;
    this.#next = Math.ceil((offset + bytes) / 64) * 64;
    const missing = this.#next - this.#exports.memory.buffer.byteLength;
    const grow = () => this.#exports.memory.grow(Math.ceil(missing / PAGE_BYTES));
    if (missing > 0) withMemory('Working on these images', this.#next, 'use smaller images', grow);
    return offset;
  }
}
