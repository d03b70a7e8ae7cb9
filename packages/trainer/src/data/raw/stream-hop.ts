// How far apart the windows are that a device answers, where time steps come one after another: as far as those of training.
import type { Shape } from '@bitnetmcu/models';
import type { FrontEnd, RawInput } from '@bitnetmcu/models/internal';
import type { ModelInput } from '../read-like.js';

const MAX_HOP = 65_535;

interface SignalInput {
  readonly raw: RawInput;
  /** [channels, 1, window], the window in time steps, or in frames of features. */
  readonly shape: Shape;
  readonly frontEnd?: FrontEnd | undefined;
}

/**
 * The input with the hop of its windows, in time steps or, of features, in whole frames; without it where it is half a window, which devices take by
 * themselves, and where the samples are read for a model, which has its own.
 * @param hop time steps
 */
export function withHop<Input extends SignalInput>(input: Input, hop: number, like: ModelInput | undefined): Input {
  const { raw, shape, frontEnd } = input;
  if (raw.kind !== 'signal' || like?.raw !== undefined) return input;
  const own = Math.min(MAX_HOP, Math.max(1, Math.round(hop / (frontEnd?.hop ?? 1))));
  return own === Math.max(1, shape.at(-1)! >> 1) ? input : { ...input, raw: { ...raw, hop: own } };
}
