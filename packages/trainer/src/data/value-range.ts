// Numbers of any range as the uint8 values that samples are made of, with a count of what did not fit.
import { TrainerError } from '../errors.js';
import { worstFirst } from './worst-first.js';

/** The values that become 0 and 255. Absent: values must be whole numbers from 0 to 255 already. */
export type ValueRange = readonly [low: number, high: number] | undefined;

/** Whole numbers up to this, without a range, use so few of the 256 values that they were meant otherwise. */
const SUSPICIOUSLY_SMALL = 63;

/** Maps values linearly to 0 … 255, rounds and clips them, and remembers what it saw. */
export class ByteScale {
  readonly #low: number;
  readonly #width: number;
  readonly #outside: Uint32Array;
  /** The bytes of the whole numbers 0 … 255; -1 where they are outside the range. */
  readonly #bytesOfWhole: Int16Array;
  #values = 0;
  #smallest = Number.POSITIVE_INFINITY;
  #largest = Number.NEGATIVE_INFINITY;
  #offender: string | undefined;

  /** @param features values of a sample; what falls outside the range is counted for each of them */
  constructor(
    readonly range: ValueRange,
    features: number,
  ) {
    const [low, high] = range ?? [0, 255];
    this.#low = low;
    this.#width = high - low;
    this.#outside = new Uint32Array(features);
    this.#bytesOfWhole = Int16Array.from({ length: 256 }, (_, value) =>
      this.#isOutside(this.#scaled(value)) ? -1 : Math.round(this.#scaled(value)),
    );
  }

  #scaled(value: number): number {
    return ((value - this.#low) / this.#width) * 255;
  }

  /** The ends themselves may miss 0 and 255 by a rounding error. */
  #isOutside(scaled: number): boolean {
    return scaled < -1e-9 || scaled > 255 + 1e-9;
  }

  /** As `convert`, faster, for a whole number from 0 to 255; -1, and nothing remembered, if it is outside the range. */
  convertWhole(value: number): number {
    const byte = this.#bytesOfWhole[value]!;
    if (byte < 0) return -1;
    if (value < this.#smallest) this.#smallest = value;
    if (value > this.#largest) this.#largest = value;
    this.#values++;
    return byte;
  }

  /**
   * One value as a byte. Without a range, a value that is no byte is remembered, and `check` throws.
   * @param value finite
   * @param place where it stands, for the message
   */
  convert(value: number, feature: number, place: () => string): number {
    if (value < this.#smallest) this.#smallest = value;
    if (value > this.#largest) this.#largest = value;
    this.#values++;
    if (this.range === undefined) {
      if (value >= 0 && value <= 255 && Number.isInteger(value)) return value;
      this.#offender ??= `${place()} is ${value}`;
      return 0;
    }
    const scaled = this.#scaled(value);
    if (this.#isOutside(scaled)) this.#outside[feature]!++;
    return Math.min(255, Math.max(0, Math.round(scaled)));
  }

  /** @throws TrainerError `invalid-data` if a value needs a range and none was given; it says which range the values have. */
  check(source: string): void {
    if (this.#offender === undefined) return;
    throw new TrainerError(
      'invalid-data',
      `${source}: ${this.#offender}; a whole number from 0 to 255 is expected. Give --data-range (key \`range\`), the two values that become 0 and 255: the values here go from ${rounded(this.#smallest)} to ${rounded(this.#largest)}.`,
    );
  }

  /** What users should know: values that were clipped and whose they are, or a range hardly used. @param titles name of each feature */
  notes(source: string, title: (feature: number) => string): string[] {
    const worst = worstFirst(this.#outside, this.#values / this.#outside.length, title);
    if (worst) {
      const outside = this.#outside.reduce((sum, count) => sum + count, 0);
      return [
        `${source}: ${outside} of ${this.#values} values lie outside --data-range ${this.range!.join(',')} and were clipped (${worst.named}${worst.more}); they go from ${rounded(this.#smallest)} to ${rounded(this.#largest)}.`,
      ];
    }
    if (this.range === undefined && this.#largest <= SUSPICIOUSLY_SMALL && this.#values > 0) {
      return [
        `${source}: the values go from ${this.#smallest} to ${this.#largest} only, of 0 to 255; --data-range ${this.#smallest},${this.#largest === this.#smallest ? this.#smallest + 1 : this.#largest} would use all of it.`,
      ];
    }
    return [];
  }
}

const rounded = (value: number): string => String(Number(value.toPrecision(6)));

/**
 * Maps linearly, rounds and clips.
 * @param features values of a sample
 * @throws TrainerError `invalid-data` for values that are not finite or, without a range, not 0 … 255.
 */
export function toBytes(values: ArrayLike<number>, scale: ByteScale, features: number, source: string): Uint8Array {
  if (!scale.range && values instanceof Uint8Array) return values;
  const bytes = new Uint8Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    const place = () => `value ${i % features} of sample ${Math.floor(i / features)}`;
    if (!Number.isFinite(value)) {
      throw new TrainerError('invalid-data', `${source}: ${place()} is ${value}; a finite number is expected.`);
    }
    bytes[i] = scale.convert(value, i % features, place);
  }
  scale.check(source);
  return bytes;
}

/** Class numbers. @throws TrainerError `invalid-data` unless all are whole numbers from 0 to 65 534. */
export function toClassNumbers(values: ArrayLike<number>, source: string): Uint16Array {
  const numbers = new Uint16Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!Number.isInteger(value) || value < 0 || value > 65_534) {
      const regression = Number.isFinite(value) && !Number.isInteger(value);
      throw new TrainerError(
        'invalid-data',
        `${source}: label ${i} is ${value}; expected a class number from 0 on.${regression ? ' If the labels are numbers to be predicted, say --task regression (key `task`).' : ''}`,
      );
    }
    numbers[i] = value;
  }
  return numbers;
}
