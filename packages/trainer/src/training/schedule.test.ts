import { describe, expect, it } from 'vitest';
import { learningRateShare, learningRates, type Schedule } from './schedule.js';

const at = (schedule: Schedule, positions: number[], total: number) =>
  positions.map((position) => Number(learningRateShare(schedule, position, total).toFixed(6)));

describe('learningRateShare', () => {
  it.each<[string, Schedule, number[], number, number[]]>([
    ['constant', { kind: 'constant' }, [0, 59.9], 60, [1, 1]],
    // (1 + cos(π·x))/2 at x = 0, 1/3, 1/2, 2/3.
    ['cosine to 0', { kind: 'cosine', end: 0 }, [0, 20, 30, 40], 60, [1, 0.75, 0.5, 0.25]],
    ['cosine to a tenth', { kind: 'cosine', end: 0.1 }, [0, 30], 60, [1, 0.55]],
    ['step', { kind: 'step', every: 10, factor: 0.1 }, [0, 9.99, 10, 25], 60, [1, 1, 0.1, 0.01]],
    ['halving', { kind: 'halving', epoch: 3 }, [0, 2.9, 3, 50], 60, [1, 1, 0.5, 0.5]],
    [
      'halving of a cosine',
      { kind: 'halving', epoch: 30, of: { kind: 'cosine', end: 0 } },
      [0, 20, 30, 40],
      60,
      [1, 0.75, 0.25, 0.125],
    ],
    // Cosines of 10, 20 and 40 epochs begin at 0, 10 and 30.
    [
      'warm restarts',
      { kind: 'warmRestarts', period: 10, periodFactor: 2, end: 0 },
      [0, 5, 10, 20, 30, 50],
      70,
      [1, 0.5, 1, 0.5, 1, 0.5],
    ],
    [
      'warm-up, then cosine over the rest',
      { kind: 'warmUp', epochs: 10, followedBy: { kind: 'cosine', end: 0 } },
      [0, 5, 10, 35],
      60,
      [0, 0.5, 1, 0.5],
    ],
  ])('%s', (_, schedule, positions, total, expected) => {
    expect(at(schedule, positions, total)).toEqual(expected);
  });
});

describe('learningRates', () => {
  it('continues over steps and epochs, whatever the chunks', () => {
    const schedule: Schedule = { kind: 'cosine', end: 0 };
    const whole = learningRates(schedule, 0.5, 1, 4, 10, 0, 10);
    expect([...learningRates(schedule, 0.5, 1, 4, 10, 0, 3), ...learningRates(schedule, 0.5, 1, 4, 10, 3, 10)]).toEqual(
      [...whole],
    );
    // Epoch 1 of 4, step 0 of 10: a quarter of the way.
    expect(whole[0]).toBeCloseTo(0.25 * (1 + Math.SQRT1_2), 6);
  });
});
