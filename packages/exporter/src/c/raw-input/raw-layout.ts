// How the raw values of a sample lie in C: their type, and how many of each feature follow one another.
import type { QuantizedModel } from '@bitnetmcu/models';
import { elementCount, type RawInput, type RawType } from '@bitnetmcu/models/internal';

export interface RawLayout {
  readonly raw: RawInput;
  readonly cType: string;
  readonly features: number;
  /** Values of a feature in a row. */
  readonly run: number;
  /** Of signals [channels, 1, window], which can come a time step at a time. */
  readonly stream?: { readonly window: number; readonly hop: number };
}

const C_TYPES: Readonly<Record<RawType, string>> = {
  u8: 'uint8_t',
  i16: 'int16_t',
  i32: 'int32_t',
  f32: 'float',
};

/** Undefined of models that say nothing of raw values. */
export function rawLayout({ input: { raw, shape } }: QuantizedModel): RawLayout | undefined {
  if (raw === undefined) return undefined;
  const size = elementCount(shape);
  const features = raw.kind === 'table' ? size : shape[0]!;
  const layout = { raw, cType: C_TYPES[raw.type], features, run: size / features };
  if (raw.kind !== 'signal' || shape.length !== 3 || shape[1] !== 1) return layout;
  const window = shape[2]!;
  return { ...layout, stream: { window, hop: raw.hop ?? Math.max(1, window >> 1) } };
}
