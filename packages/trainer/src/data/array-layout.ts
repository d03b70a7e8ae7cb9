// In which order the dimensions of image arrays stand: channels first (PyTorch) or last (NumPy, Keras).
import { TrainerError } from '../errors.js';

/** count × channels × height × width, or count × height × width × channels. */
export type ArrayLayout = 'nchw' | 'nhwc';

/** Numbers of channels that pictures have: grey, colour, colour with alpha. */
const isChannels = (size: number): boolean => size === 1 || size === 3 || size === 4;

/**
 * The layout of samples of three dimensions, where only one reading makes sense.
 * @param wanted decides; absent: found out
 * @throws TrainerError `invalid-data` where both readings make sense, or none.
 */
export function arrayLayout(
  [first, second, third]: readonly [number, number, number],
  wanted: ArrayLayout | undefined,
  source: string,
): ArrayLayout {
  if (wanted !== undefined) return wanted;
  if (isChannels(first) && !isChannels(third)) return 'nchw';
  if (isChannels(third) && !isChannels(first)) return 'nhwc';
  throw new TrainerError(
    'invalid-data',
    `${source}: samples of ${first}×${second}×${third} may be channels first (${first} of ${second}×${third} pixels) or channels last (${third} of ${first}×${second}). Say which with --data-layout (key \`layout\`): nchw for first, as PyTorch has them, or nhwc for last.`,
  );
}
