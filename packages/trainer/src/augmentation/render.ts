// Renders the augmented copies of one epoch with the engine's image kernels, in chunks that stay in cache.
import { runSteps, type Steps } from '../data/slices.js';
import type { EngineKernels, ImageStack } from '../engine/kernels.js';
import { deformationRandom, drawDisplacement, drawMatrix, MATRIX_SIZE } from './draw.js';
import type { AugmentationSpec } from './spec.js';

/** Everything that decides the augmented images of a run. */
export interface RenderPlan {
  readonly spec: AugmentationSpec;
  readonly seed: number;
  /** The training images at their own size; deformation happens there. */
  readonly source: ImageStack;
  /** Their numbers in `source`; absent: 0, 1, 2, … */
  readonly numbers?: Uint32Array | undefined;
  readonly count: number;
  /** Size of the results: deformed images are resized to it. */
  readonly height: number;
  readonly width: number;
}

/** Images deformed before they are resized: 256 of 28×28 are 200 kB. */
const CHUNK = 256;

/**
 * Makes a function that writes the `spec.copies` augmented copies of an epoch, one copy after another, to
 * `destination` (copies·count·channels·height·width bytes).
 */
export function makeRenderer(
  kernels: EngineKernels,
  plan: RenderPlan,
): (epoch: number, destination: Uint8Array) => void {
  const steps = makeSteppedRenderer(kernels, plan);
  return (epoch, destination) => runSteps(steps(epoch, destination));
}

/** As `makeRenderer`, in steps. */
export function makeSteppedRenderer(
  kernels: EngineKernels,
  { spec, seed, source, numbers, count, height, width }: RenderPlan,
): (epoch: number, destination: Uint8Array) => Steps<void> {
  const { channels } = source;
  const resizes = height !== source.height || width !== source.width;
  const indices = new Uint32Array(CHUNK);
  const matrices = new Float32Array(CHUNK * MATRIX_SIZE);
  const gridSize = spec.elastic ? spec.elastic.grid ** 2 * 2 : 0;
  const grid = new Float32Array(CHUNK * gridSize);
  const deformed = new Uint8Array(resizes ? CHUNK * channels * source.height * source.width : 0);
  const resultSize = channels * height * width;

  const draw = (epoch: number, copy: number, from: number, to: number) => {
    for (let image = from; image < to; image++) {
      const k = image - from;
      const random = deformationRandom(seed, epoch, copy, image);
      indices[k] = numbers ? numbers[image]! : image;
      drawMatrix(spec, [source.height, source.width], random, matrices, k * MATRIX_SIZE);
      if (spec.elastic) drawDisplacement(spec.elastic, random, grid, k * gridSize);
    }
  };

  return function* (epoch, destination) {
    for (let copy = 0; copy < spec.copies; copy++) {
      for (let from = 0; from < count; from += CHUNK) {
        const to = Math.min(count, from + CHUNK);
        draw(epoch, copy, from, to);
        const begin = (copy * count + from) * resultSize;
        const results = destination.subarray(begin, begin + (to - from) * resultSize);
        const result: ImageStack = { bytes: results, channels, height, width };
        const undersized: ImageStack = { bytes: deformed, channels, height: source.height, width: source.width };
        kernels.augmentBatch({
          source,
          indices: indices.subarray(0, to - from),
          count: to - from,
          matrices,
          ...(spec.elastic && { displacement: { grid, rows: spec.elastic.grid, columns: spec.elastic.grid } }),
          destination: resizes ? undersized : result,
        });
        if (resizes) kernels.resizeBatch({ source: undersized, count: to - from, destination: result });
        yield;
      }
    }
  };
}
