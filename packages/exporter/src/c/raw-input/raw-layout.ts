// How the raw values of a sample lie in C: their type, and how many of each feature follow one another.
import type { QuantizedModel } from '@bitnetmcu/models';
import {
  channelNames,
  elementCount,
  type FrontEnd,
  type RawInput,
  type RawType,
  windowOf,
} from '@bitnetmcu/models/internal';

export interface RawLayout {
  readonly raw: RawInput;
  readonly cType: string;
  readonly features: number;
  /** Values of a feature in a row. */
  readonly run: number;
  /** What programs read: the values of the network's input, or of the signal in front of its features. */
  readonly read: {
    readonly type: RawType;
    /** Of features, or of channels. */
    readonly names: readonly string[];
    /** Values of a sample, and neighbouring ones of one name. */
    readonly values: number;
    readonly run: number;
    /** Values of a time step, where these can come one at a time. */
    readonly step?: number;
  };
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
export function rawLayout({ input: { raw, shape, frontEnd } }: QuantizedModel): RawLayout | undefined {
  if (raw === undefined) return undefined;
  const size = elementCount(shape);
  const features = raw.kind === 'table' ? size : shape[0]!;
  const run = size / features;
  const isSignal = raw.kind === 'signal' && shape.length === 3 && shape[1] === 1;
  const names = raw.features.map(({ name }) => name);
  const read = frontEnd
    ? signalOf(frontEnd)
    : { type: raw.type, names, values: size, run, ...(isSignal && { step: features }) };
  const layout = { raw, cType: C_TYPES[raw.type], features, run, read };
  if (!isSignal) return layout;
  const window = shape[2]!;
  return { ...layout, stream: { window, hop: raw.hop ?? Math.max(1, window >> 1) } };
}

function signalOf(frontEnd: FrontEnd): RawLayout['read'] {
  const { channels } = frontEnd;
  const run = windowOf(frontEnd);
  return { type: 'i16', names: channelNames(frontEnd), values: channels * run, run, step: channels };
}
