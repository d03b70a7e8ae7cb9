// When how much is pruned.
import { exp2, logarithm2 } from '@bitnetmcu/quant/internal';
import { z } from 'zod';
import { unknownValue } from '../../arguments.js';

const epoch = z.int().min(0).max(99_999);

export const pruneScheduleSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('once'), epoch: epoch.describe('epochs before it') }),
  z.strictObject({
    kind: z.literal('gradual'),
    from: epoch.default(0).describe('epochs before the first weights go'),
    to: epoch.describe('epochs before the last weights go'),
    every: z.int().min(1).max(1_000_000).default(100).describe('steps between two prunings'),
  }),
  z.strictObject({
    kind: z.literal('rounds'),
    first: epoch.describe('epochs before the first round'),
    every: z.int().min(1).max(100_000).describe('epochs between two rounds'),
    count: z.int().min(1).max(1000).describe('rounds, each of which prunes the same share of what is left'),
  }),
]);
export type PruneSchedule = z.output<typeof pruneScheduleSchema>;

/** The first epoch (0-based) at whose beginning or in which nothing more is pruned than what `share` says. */
export function lastEpoch(schedule: PruneSchedule): number {
  switch (schedule.kind) {
    case 'once':
      return schedule.epoch;
    case 'gradual':
      return schedule.to;
    case 'rounds':
      return schedule.first + (schedule.count - 1) * schedule.every;
    default:
      throw unknownValue('schedule of pruning', schedule);
  }
}

/**
 * The share that is pruned before the first step of an epoch; undefined where nothing is to be pruned then. After round r of n it is
 * 1 − (1 − share)^(r/n).
 */
export function shareAtEpoch(schedule: PruneSchedule, share: number, epoch: number): number | undefined {
  switch (schedule.kind) {
    case 'once':
      return epoch === schedule.epoch ? share : undefined;
    case 'gradual':
      return epoch === schedule.to ? share : undefined;
    case 'rounds': {
      const { first, every, count } = schedule;
      const round = (epoch - first) / every;
      if (!(Number.isInteger(round) && round >= 0 && round < count)) return undefined;
      return 1 - exp2((logarithm2(1 - share) * (round + 1)) / count);
    }
    default:
      throw unknownValue('schedule of pruning', schedule);
  }
}

/** The share after so many epochs with a fraction: share·(1 − (1 − t)³) from `from` to `to` (Zhu and Gupta 2017, arXiv:1710.01878). */
export function gradualShare(
  { from, to }: Extract<PruneSchedule, { kind: 'gradual' }>,
  share: number,
  position: number,
): number {
  const rest = 1 - Math.min(1, Math.max(0, (position - from) / (to - from)));
  return share * (1 - rest * rest * rest);
}
