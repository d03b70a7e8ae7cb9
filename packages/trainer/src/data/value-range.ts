// Numbers of any range as the uint8 values that samples are made of.
import { TrainerError } from '../errors.js';

/** The values that become 0 and 255. Absent: values must be whole numbers from 0 to 255 already. */
export type ValueRange = readonly [low: number, high: number] | undefined;

/**
 * Maps linearly, rounds and clips.
 * @throws TrainerError `invalid-data` for values that are not finite or, without a range, not 0 … 255.
 */
export function toBytes(values: ArrayLike<number>, range: ValueRange, source: string): Uint8Array {
  if (!range && values instanceof Uint8Array) return values;
  const [low, high] = range ?? [0, 255];
  const bytes = new Uint8Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!Number.isFinite(value) || (!range && (value < 0 || value > 255 || !Number.isInteger(value)))) {
      throw new TrainerError(
        'invalid-data',
        `${source}: value ${i} is ${value}; expected ${range ? 'a finite number' : 'a whole number from 0 to 255. Give `range` as the values that become 0 and 255'}.`,
      );
    }
    bytes[i] = Math.min(255, Math.max(0, Math.round(((value - low) / (high - low)) * 255)));
  }
  return bytes;
}

/** Class numbers. @throws TrainerError `invalid-data` unless all are whole numbers from 0 to 65 534. */
export function toClassNumbers(values: ArrayLike<number>, source: string): Uint16Array {
  const numbers = new Uint16Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!Number.isInteger(value) || value < 0 || value > 65_534) {
      throw new TrainerError('invalid-data', `${source}: label ${i} is ${value}; expected a class number from 0 on.`);
    }
    numbers[i] = value;
  }
  return numbers;
}
