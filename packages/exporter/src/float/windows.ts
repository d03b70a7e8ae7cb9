// Windows of convolutions and pools: how positions of the output lie over the input along each axis.

/** One spatial axis. */
export interface WindowAxis {
  readonly input: number;
  readonly output: number;
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  /** Padding before and after. */
  readonly before: number;
  readonly after: number;
}

/** Vertical and horizontal axis; a 1-D signal has a vertical axis of one. */
export type Windows = readonly [WindowAxis, WindowAxis];

/** Windows over maps [channels, height, width] with the same padding before and after, and no dilation. */
export function symmetricWindows(
  [, height, width]: readonly [number, number, number],
  kernel: readonly [number, number],
  stride: readonly [number, number],
  padding: readonly [number, number],
): Windows {
  const axis = (input: number, a: 0 | 1): WindowAxis => {
    const room = input + 2 * padding[a] - kernel[a];
    const output = Math.floor(room / stride[a]) + 1;
    return { input, output, kernel: kernel[a], stride: stride[a], dilation: 1, before: padding[a], after: padding[a] };
  };
  return [axis(height, 0), axis(width, 1)];
}
