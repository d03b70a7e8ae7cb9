// Brings samples to the input shape of a network: antialiased resizing of images, nothing else.

import type { Shape } from '@bitnetmcu/models';
import { elementCount, formatShape } from '@bitnetmcu/models/internal';
import { unknownValue } from '../arguments.js';
import type { Samples } from '../engine/engine.js';
import type { EngineKernels } from '../engine/kernels.js';
import { TrainerError } from '../errors.js';
import { resizedBytes, resizeImages } from './resize.js';

/** How samples of one shape become a network's input. */
export type InputFit =
  | { readonly kind: 'same' }
  | {
      readonly kind: 'resize';
      readonly from: readonly [number, number];
      readonly to: readonly [number, number];
      readonly channels: number;
    };

/**
 * Finds the fit. A network input [features] takes images whose size it holds, or resizes them to the square of that many pixels.
 * @throws TrainerError `invalid-argument` if no fit exists, saying which shapes there are.
 *
 * @example
 * ```ts
 * import { fitInput, fitSamples, loadDataset } from '@bitnetmcu/trainer';
 *
 * const { test, shape } = await loadDataset({ kind: 'mnist' });
 * const fit = fitInput(shape, [1, 16, 16]);
 * const fitted = fitSamples(test, fit);
 * ```
 */
export function fitInput(data: Shape, input: Shape): InputFit {
  const oneIsFlat = isFlat(input) || isFlat(data);
  if (elementCount(data) === elementCount(input) && (oneIsFlat || data.join() === input.join())) {
    return { kind: 'same' };
  }
  if (data.length === 3) {
    const [channels, height, width] = data;
    const side = Math.sqrt(elementCount(input) / channels);
    const to = input.length === 3 ? ([input[1], input[2]] as const) : ([side, side] as const);
    if (Number.isInteger(to[0]) && (input.length === 1 || input[0] === channels)) {
      return { kind: 'resize', from: [height, width], to, channels };
    }
  }
  throw new TrainerError(
    'invalid-argument',
    `Samples of shape ${formatShape(data)} do not fit the network's input ${formatShape(input)}. Images can be resized, but not to another number of channels or to a size that is no square.`,
  );
}

/** A vector, or a signal of one channel: one row or one column. */
function isFlat(shape: Shape): boolean {
  return shape.length === 1 || (shape[0] === 1 && (shape[1] === 1 || shape[2] === 1));
}

/**
 * The samples in the network's input shape; not copied where they already are.
 * @param kernels resize faster, to the same bytes, where given
 *
 * @example
 * ```ts
 * import { fitInput, fitSamples, loadDataset } from '@bitnetmcu/trainer';
 *
 * const { test, shape } = await loadDataset({ kind: 'mnist' });
 * const fitted = fitSamples(test, fitInput(shape, [1, 16, 16])); // 28×28 → 16×16
 * ```
 */
export function fitSamples(samples: Samples, fit: InputFit, kernels?: EngineKernels): Samples {
  switch (fit.kind) {
    case 'same':
      return samples;
    case 'resize': {
      if (!kernels) return { ...samples, bytes: resizeImages(samples.bytes, fit.from, fit.to) };
      const { channels, from, to } = fit;
      const bytes = resizedBytes(samples.count * channels, to[0], to[1]);
      kernels.resizeBatch({
        source: { bytes: samples.bytes, channels, height: from[0], width: from[1] },
        count: samples.count,
        destination: { bytes, channels, height: to[0], width: to[1] },
      });
      return { ...samples, bytes };
    }
    default:
      throw unknownValue('fit', fit);
  }
}
