// What the training values of each feature are like: centre, spread, skewness, decimals.
import { runInSlices, type Steps } from '../slices.js';
import { type ValueRows, visitRows } from './value-rows.js';

/** Values of a feature that are kept for what needs them sorted. */
const SAMPLE = 1000;
/** Kept values of all features together. */
const MAX_KEPT = 2 ** 23;
/** Values further from the median than so many deviations (by the middle half of the values) do not count for mean and deviation. */
const FENCE = 12;
/** The deviation of a normal distribution whose middle half is 1 wide. */
const DEVIATION_OF_MIDDLE_HALF = 1 / 1.349;
const MAX_DECIMALS = 9;

export interface FeatureStatistics {
  /** Values that are there. */
  readonly count: number;
  readonly smallest: number;
  readonly largest: number;
  /** Of the values within the fences. */
  readonly mean: number;
  readonly deviation: number;
  /** Values outside count for neither. */
  readonly fence: readonly [low: number, high: number];
  /** Decimals that write all values, at most 9. */
  readonly decimals: number;
  /** Up to 1000 of the values, evenly spaced over the rows, ascending. */
  readonly sample: Float64Array;
}

/** Which values are looked at. */
export interface FeatureValues {
  readonly rows: ValueRows;
  /** 1 for each row of the training part. */
  readonly isTraining: Uint8Array;
  /** Neighbouring values of a row that are one feature: 1 of a table, the length of a channel of a signal. */
  readonly run: number;
}

/** The statistics of each feature over the training rows. */
export async function measureFeatures(values: FeatureValues): Promise<FeatureStatistics[]> {
  const samples = await sampleFeatures(values);
  const totals = samples.map((sample) => new Total(sample));
  const { rows, isTraining, run } = values;
  await visitRows(rows, (row, numbers, begin) => {
    if (isTraining[row] === 0) return;
    const isExact = !(numbers instanceof Float32Array);
    const areWhole = numbers instanceof Uint8Array || numbers instanceof Int16Array;
    for (let i = 0, feature = 0; i < rows.width; feature++) {
      const total = totals[feature]!;
      for (const end = i + run; i < end; i++) {
        const value = numbers[begin + i]!;
        total.add(value);
        if (!areWhole) total.seeDecimals(value, isExact);
      }
    }
  });
  return totals.map((total) => total.result());
}

/** Sorted values of each feature, from rows evenly spaced. */
async function sampleFeatures({ rows, isTraining, run }: FeatureValues): Promise<Float64Array[]> {
  const features = rows.width / run;
  const wanted = Math.max(8, Math.min(SAMPLE, Math.floor(MAX_KEPT / features)));
  const training = isTraining.reduce((sum, is) => sum + is, 0);
  const step = Math.ceil(training / wanted);
  const ofRow = Math.min(run, Math.max(1, Math.floor(wanted / Math.max(1, training))));
  const kept = Array.from({ length: features }, (): number[] => []);
  let seen = 0;
  await visitRows(rows, (row, numbers, begin) => {
    if (isTraining[row] === 0 || seen++ % step !== 0) return;
    for (let feature = 0; feature < features; feature++) {
      for (let k = 0; k < ofRow; k++) {
        // One value a row wanders over the length of a signal.
        const at = ofRow === 1 ? (seen * 7919) % run : Math.floor((k * run) / ofRow);
        const value = numbers[begin + feature * run + at]!;
        if (!Number.isNaN(value)) kept[feature]!.push(value);
      }
    }
  });
  return runInSlices(sorted(kept));
}

function* sorted(columns: readonly number[][]): Steps<Float64Array[]> {
  const all: Float64Array[] = [];
  for (const values of columns) {
    all.push(Float64Array.from(values).sort());
    yield;
  }
  return all;
}

/** Linear between neighbours, as NumPy's percentile. @param sorted not empty */
export function quantile(sorted: Float64Array, share: number): number {
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  const next = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return sorted[below]! + (at - below) * (next - sorted[below]!);
}

class Total {
  readonly #centre: number;
  readonly #fence: number;
  #count = 0;
  #counted = 0;
  #sum = 0;
  #squares = 0;
  #smallest = Number.POSITIVE_INFINITY;
  #largest = Number.NEGATIVE_INFINITY;
  #decimals = 0;
  #scale = 1;

  constructor(readonly sample: Float64Array) {
    this.#centre = sample.length === 0 ? 0 : quantile(sample, 0.5);
    const half = sample.length === 0 ? 0 : quantile(sample, 0.75) - quantile(sample, 0.25);
    this.#fence = half === 0 ? Number.POSITIVE_INFINITY : FENCE * half * DEVIATION_OF_MIDDLE_HALF;
  }

  add(value: number): void {
    if (Number.isNaN(value)) return;
    this.#count++;
    if (value < this.#smallest) this.#smallest = value;
    if (value > this.#largest) this.#largest = value;
    // Around the median, so that the squares of small differences of large numbers keep their digits.
    const apart = value - this.#centre;
    if (Math.abs(apart) > this.#fence) return;
    this.#counted++;
    this.#sum += apart;
    this.#squares += apart * apart;
  }

  /** @param isExact whether the value is what was written; a float32 is so but for its rounding */
  seeDecimals(value: number, isExact: boolean): void {
    if (Number.isNaN(value)) return;
    const tolerance = Math.abs(value) * (isExact ? 2 ** -50 : 2 ** -23);
    while (
      this.#decimals < MAX_DECIMALS &&
      Math.abs(value - Math.round(value * this.#scale) / this.#scale) > tolerance
    ) {
      this.#scale = 10 ** ++this.#decimals;
    }
  }

  result(): FeatureStatistics {
    const n = Math.max(1, this.#counted);
    const apart = this.#sum / n;
    return {
      count: this.#count,
      smallest: this.#smallest,
      largest: this.#largest,
      mean: this.#centre + apart,
      deviation: Math.sqrt(Math.max(0, this.#squares / n - apart * apart)),
      fence: [this.#centre - this.#fence, this.#centre + this.#fence],
      decimals: this.#decimals,
      sample: this.sample,
    };
  }
}
