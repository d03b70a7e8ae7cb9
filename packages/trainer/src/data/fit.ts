// Brings samples to the input shape of a network: antialiased resizing of images, nothing else.
import type { Shape } from '@bitnetmcu/models';
import type { Samples } from '../engine/engine.js';
import { TrainerError } from '../errors.js';
import { featureCount } from './dataset.js';
import { resizeImages } from './resize.js';

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
 */
export function fitInput(data: Shape, input: Shape): InputFit {
  if (featureCount(data) === featureCount(input) && (input.length === 1 || data.join() === input.join())) {
    return { kind: 'same' };
  }
  if (data.length === 3) {
    const [channels, height, width] = data;
    const side = Math.sqrt(featureCount(input) / channels);
    const to = input.length === 3 ? ([input[1], input[2]] as const) : ([side, side] as const);
    if (Number.isInteger(to[0]) && (input.length === 1 || input[0] === channels)) {
      return { kind: 'resize', from: [height, width], to, channels };
    }
  }
  throw new TrainerError(
    'invalid-argument',
    `Samples of shape ${data.join('×')} do not fit the network's input ${input.join('×')}. Images can be resized, but not to another number of channels or to a size that is no square.`,
  );
}

/** The samples in the network's input shape; not copied where they already are. */
export function fitSamples(samples: Samples, fit: InputFit): Samples {
  switch (fit.kind) {
    case 'same':
      return samples;
    case 'resize':
      return { ...samples, bytes: resizeImages(samples.bytes, fit.from, fit.to) };
    default:
      return fit satisfies never;
  }
}
