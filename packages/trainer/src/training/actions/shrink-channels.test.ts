import { describe, expect, it } from 'vitest';
import type { TrainableNetwork } from '../../engine/engine.js';
import { shrinkChannels } from './shrink-channels.js';

describe('shrinkChannels', () => {
  it('takes the same off the norm of every channel, and leaves their directions', () => {
    // Norms 5, 13, 0 (pruned) and 0.6: a tenth of their mean of 6.2 is 0.62.
    const weight = Float32Array.of(3, 4, 5, -12, 0, 0, 0.6, 0);
    const network = { parameters: { 'fc.weight': weight }, state: {} } as unknown as TrainableNetwork;
    shrinkChannels(network, { layer: 'fc', channels: 4, rows: [], columns: [] }, 0.1);
    const norm = (channel: number) => Math.hypot(weight[2 * channel]!, weight[2 * channel + 1]!);
    expect([0, 1, 2, 3].map(norm)).toEqual([expect.closeTo(5 - 0.62, 5), expect.closeTo(13 - 0.62, 5), 0, 0]);
    expect(weight[0]! / weight[1]!).toBeCloseTo(3 / 4, 6);
    expect(weight[3]! / weight[2]!).toBeCloseTo(-12 / 5, 6);
  });
});
