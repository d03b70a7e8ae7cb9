// Signals as the device has them: values times a power of ten, as int16.
import { roundToDecimals } from '@bitnetmcu/models/internal';
import { TrainerError } from '../../errors.js';
import { runInSlices, type Steps } from '../slices.js';
import type { FeatureStatistics } from './feature-statistics.js';
import type { FeatureName } from './raw-features.js';
import { eachRow, type ValueRows } from './value-rows.js';

/** The largest int16 that training values may become, so that others have room; whole numbers may fill the type. */
const ROOM = 16_384;
const MOST = 32_767;
/** int16 steps that one deviation has at least. */
const LEAST_STEPS = 8;

/**
 * For each channel the decimals with which int16 holds its training values: all that they have, or as many as fit.
 * @throws TrainerError `invalid-data` where int16 holds a channel not at all, or too coarsely
 */
export function decimalsOfChannels(
  statistics: readonly FeatureStatistics[],
  names: readonly FeatureName[],
  source: string,
): number[] {
  return statistics.map(({ count, smallest, largest, deviation, decimals: all }, i) => {
    const most = count === 0 ? 0 : Math.max(Math.abs(smallest), Math.abs(largest));
    const refuse = (why: string) =>
      new TrainerError(
        'invalid-data',
        `${source}: ${names[i]!.name} has values from ${smallest} to ${largest} with a deviation of ${Number(deviation.toPrecision(3))}, and features are computed from int16: ${why}. Give the channel in another unit, or without its offset.`,
      );
    if (most > MOST) throw refuse('−32768 … 32767');
    let decimals = all;
    while (decimals > 0 && most * 10 ** decimals > ROOM) decimals--;
    const isCut = decimals < all || all === 9;
    if (isCut && deviation > 0 && deviation * 10 ** decimals < LEAST_STEPS) {
      throw refuse(`with ${decimals} decimals a deviation has fewer than ${LEAST_STEPS} steps`);
    }
    return decimals;
  });
}

interface Int16Rows {
  /** As the rows have them. */
  readonly values: Int16Array;
  /** Values beyond int16, which count as its end. */
  readonly clamped: number;
}

/** @param decimals of each channel @param means of each channel, for what is missing @param run neighbouring values that are of one channel */
export const int16Rows = (
  rows: ValueRows,
  decimals: readonly number[],
  means: readonly number[],
  run: number,
): Promise<Int16Rows> => runInSlices(int16Steps(rows, decimals, means, run));

function* int16Steps(
  rows: ValueRows,
  decimals: readonly number[],
  means: readonly number[],
  run: number,
): Steps<Int16Rows> {
  const values = new Int16Array(rows.count * rows.width);
  let clamped = 0;
  yield* eachRow(rows, (row, numbers, begin) => {
    const isFloat32 = numbers instanceof Float32Array;
    for (let i = 0; i < rows.width; i++) {
      const channel = Math.floor(i / run);
      const number = numbers[begin + i]!;
      const scaled = Number.isNaN(number)
        ? roundToDecimals(means[channel]!, decimals[channel]!, false)
        : roundToDecimals(number, decimals[channel]!, isFloat32);
      const value = Math.max(-MOST - 1, Math.min(MOST, scaled));
      if (value !== scaled) clamped++;
      values[row * rows.width + i] = value;
    }
  });
  return { values, clamped };
}
