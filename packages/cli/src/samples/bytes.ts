// Numbers as the bytes of a model that has no raw input: by the range that its training gave.
import type { DataSpec } from '@bitnetmcu/trainer/internal';

/** The values that become 0 and 255. */
export function rangeOf(data: DataSpec | undefined): readonly [number, number] {
  const range = (data as { readonly range?: readonly [number, number] } | undefined)?.range;
  return range ?? [0, 255];
}

/** One number as a byte, rounded and clipped, and whether it was outside. */
export function byteOf(value: number, [low, high]: readonly [number, number]): { value: number; isOutside: boolean } {
  const scaled = ((value - low) / (high - low)) * 255;
  return { value: Math.min(255, Math.max(0, Math.round(scaled))), isOutside: scaled < -1e-9 || scaled > 255 + 1e-9 };
}
