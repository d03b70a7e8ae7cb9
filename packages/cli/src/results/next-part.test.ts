// Which part the last lines of a training propose a project for.
import { describe, expect, it } from 'vitest';
import { partOf } from './finish-training.js';
import type { Fit } from './fits.js';

const fit = (target: Fit['target'], fits: boolean, share = 0.5): Fit =>
  ({ target, fits, flash: share * 1000, ram: share * 1000, available: { flash: 1000, ram: 1000 } }) as Fit;

describe('the part of the next command', () => {
  it.each<[string, readonly Fit[], ReturnType<typeof partOf>]>([
    ['is the default where the model fits it, however closely', [fit('ch32v003', true, 0.99)], undefined],
    ['is another with room', [fit('ch32v003', false), fit('ch32v002', true, 0.9), fit('rp2040', true)], 'rp2040'],
    [
      'is one without room before one that it does not fit',
      [fit('ch32v003', false), fit('ch32v002', true, 0.9)],
      'ch32v002',
    ],
    ['is none where it fits none', [fit('ch32v003', false), fit('attiny85', false)], 'none'],
    ['is the default where nobody looked', [], undefined],
  ])('%s', (_, fits, expected) => expect(partOf(fits)).toBe(expected));
});
