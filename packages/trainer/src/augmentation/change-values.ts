// One changed copy of a sample: of a table's row or of a window of signals. One record a kind of samples.
import type { Shape } from '@bitnetmcu/models';
import { elementCount, RAW_SCALE } from '@bitnetmcu/models/internal';
import type { Random } from '../random.js';
import type { SignalAugmentation, TableAugmentation, ValueAugmentation } from './value-spec.js';

/** The byte of a raw value's 0: the middle of its range, which is the mean of the training part. */
const MIDDLE = 128;

/** Writes a changed copy of `source` to `target`; both are bytes of one sample, channel-major. */
export type ChangeSample = (source: Uint8Array, target: Uint8Array, random: Random) => void;

const CHANGES: { readonly [K in ValueAugmentation['kind']]: (spec: never, shape: Shape) => ChangeSample } = {
  table:
    ({ noise }: TableAugmentation) =>
    (source, target, random) => {
      for (let i = 0; i < source.length; i++) target[i] = toByte(source[i]! + noise * RAW_SCALE * nextNormal(random));
    },
  signal: (spec: SignalAugmentation, shape) => {
    const channels = shape.length === 3 ? shape[0] : 1;
    const length = elementCount(shape) / channels;
    return (source, target, random) => {
      const gain = 1 + random.nextBetween(-spec.gain, spec.gain);
      const speed = 1 + random.nextBetween(-spec.stretch, spec.stretch);
      const start = random.nextBetween(-spec.shift, spec.shift) * length;
      for (let channel = 0; channel < channels; channel++) {
        const values = source.subarray(channel * length, (channel + 1) * length);
        const noise = spec.noise * deviationOf(values);
        for (let t = 0; t < length; t++) {
          const value = valueAt(values, (length - 1) / 2 + (t - (length - 1) / 2) * speed + start);
          const changed = MIDDLE + gain * (value - MIDDLE) + (noise > 0 ? noise * nextNormal(random) : 0);
          target[channel * length + t] = toByte(changed);
        }
      }
    };
  },
};

/** What an augmentation does to samples of a shape. */
export function changeOf(spec: ValueAugmentation, shape: Shape): ChangeSample {
  return CHANGES[spec.kind](spec as never, shape);
}

/** Between two moments on the straight line; before the first and behind the last one their values. */
function valueAt(values: Uint8Array, moment: number): number {
  const at = Math.min(values.length - 1, Math.max(0, moment));
  const before = Math.floor(at);
  const next = Math.min(before + 1, values.length - 1);
  return values[before]! + (at - before) * (values[next]! - values[before]!);
}

function deviationOf(values: Uint8Array): number {
  let sum = 0;
  let squares = 0;
  for (const value of values) {
    sum += value;
    squares += value * value;
  }
  return Math.sqrt(Math.max(0, squares / values.length - (sum / values.length) ** 2));
}

/** Uniform numbers that are added up; four of them come near enough to a normal distribution. */
const SUMMANDS = 4;

/** Mean 0, deviation 1, at most ±√12: the sum of four uniform numbers. Costs no logarithm. */
function nextNormal(random: Random): number {
  let sum = -SUMMANDS / 2;
  for (let k = 0; k < SUMMANDS; k++) sum += random.nextFloat();
  return sum * Math.sqrt(12 / SUMMANDS);
}

function toByte(value: number): number {
  return Math.min(255, Math.max(0, Math.round(value)));
}
