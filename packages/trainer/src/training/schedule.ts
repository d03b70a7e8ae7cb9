// Learning-rate schedules: pure values and the one function that reads them.

import { cos, wholePower } from '@bitnetmcu/quant/internal';
import { z } from 'zod';
import { unknownValue } from '../arguments.js';

const epochs = z.number().positive().max(100_000);
const fraction = z.number().min(0).max(1);

const constant = z.strictObject({ kind: z.literal('constant') });
const cosine = z.strictObject({
  kind: z.literal('cosine'),
  end: fraction.default(0).describe('learning rate at the end, as a share of the initial one'),
});
const step = z.strictObject({
  kind: z.literal('step'),
  every: epochs.describe('epochs between two reductions'),
  factor: z.number().positive().max(1).default(0.1),
});
const warmRestarts = z.strictObject({
  kind: z.literal('warmRestarts'),
  period: epochs.describe('epochs of the first cosine'),
  periodFactor: z
    .number()
    .min(1)
    .max(100)
    .default(1)
    .describe('each cosine is this many times as long as the one before'),
  end: fraction.default(0),
});
const halving = z.strictObject({
  kind: z.literal('halving'),
  epoch: z.number().min(0).max(100_000).describe('from this epoch on the learning rate is halved'),
  of: z
    .discriminatedUnion('kind', [constant, cosine, step, warmRestarts])
    .optional()
    .describe('the schedule whose learning rate is halved; default: constant'),
});
const warmUp = z.strictObject({
  kind: z.literal('warmUp'),
  epochs: epochs.describe('epochs of linear increase from 0'),
  followedBy: z.discriminatedUnion('kind', [constant, cosine, step, warmRestarts, halving]),
});

export const scheduleSchema = z.discriminatedUnion('kind', [constant, cosine, step, warmRestarts, halving, warmUp]);

/** How the learning rate changes over a run. `warmRestarts` is SGDR (Loshchilov and Hutter 2017, arXiv:1608.03983). */
export type Schedule = z.infer<typeof scheduleSchema>;

/**
 * Learning rate as a share of the initial one.
 * @param position epochs done, fractional within an epoch, 0 ≤ position < total
 * @param total epochs of the whole run
 */
export function learningRateShare(schedule: Schedule, position: number, total: number): number {
  switch (schedule.kind) {
    case 'constant':
      return 1;
    case 'cosine':
      return cosineShare(position / total, schedule.end);
    case 'step':
      return wholePower(schedule.factor, Math.floor(position / schedule.every));
    case 'halving':
      return (
        (position < schedule.epoch ? 1 : 0.5) * (schedule.of ? learningRateShare(schedule.of, position, total) : 1)
      );
    case 'warmRestarts': {
      let begin = 0;
      let period = schedule.period;
      while (position >= begin + period) {
        begin += period;
        period *= schedule.periodFactor;
      }
      return cosineShare((position - begin) / period, schedule.end);
    }
    case 'warmUp':
      return position < schedule.epochs
        ? position / schedule.epochs
        : learningRateShare(schedule.followedBy, position - schedule.epochs, total - schedule.epochs);
    default:
      throw unknownValue('learning-rate schedule', schedule);
  }
}

function cosineShare(progress: number, end: number): number {
  return end + ((1 - end) * (1 + cos(Math.PI * progress))) / 2;
}

/** Learning rates of the optimizer steps [from, to) of one epoch of `steps` steps. */
export function learningRates(
  schedule: Schedule,
  initial: number,
  epoch: number,
  epochs: number,
  steps: number,
  from: number,
  to: number,
): Float32Array {
  return Float32Array.from(
    { length: to - from },
    (_, k) => initial * learningRateShare(schedule, epoch + (from + k) / steps, epochs),
  );
}
