// Prices of points: what has none is left out, and whoever prices many can be stopped.
import { parseNetworkSpec } from '@bitnetmcu/models';
import { parseTrainingConfig } from '@bitnetmcu/trainer';
import { describe, expect, it } from 'vitest';
import { estimateCosts } from './cost-model.js';
import type { FoundBefore } from './found-before.js';
import { PricedConfigs } from './priced-configs.js';
import type { SearchedConfigs } from './searched-configs.js';

const budget = { target: 'ch32v003' };

/** One linear layer of 8 bits over so many inputs, by width. */
function configsOf(inputs: (width: number) => number): SearchedConfigs {
  const config = (_: unknown, width = 1) => {
    const network = parseNetworkSpec({
      name: 'wide',
      input: { shape: [1, 10, inputs(width) / 10] },
      layers: [
        { type: 'flatten', name: 'flatten' },
        { type: 'linear', name: 'fc1', outputs: 2, weights: { format: '8bit' }, norm: 'none' },
      ],
    });
    return { ...parseTrainingConfig({ network }), network };
  };
  return { config } as unknown as SearchedConfigs;
}

/** Nothing is known, and nothing kept. */
const nothingBefore: Pick<FoundBefore, 'price'> = { price: (_what, _budget, find) => find() };

describe('PricedConfigs', () => {
  it('leaves out what has no integer form', async () => {
    // A layer of an integer network has at most 65535 inputs.
    const configs = configsOf(() => 200_000);
    await expect(estimateCosts(configs.config({})!.network, budget)).rejects.toThrow(/at most 65535 wanted/);
    expect(await new PricedConfigs(configs, budget, {}, nothingBefore).config({})).toBeUndefined();
  });

  it('asks before every price whether to go on', async () => {
    const widths: number[] = [];
    const configs = configsOf((width) => {
      widths.push(width);
      return 10 * Math.round(900 * width);
    });
    const stop = new Error('stop');
    const priced = new PricedConfigs(configs, { ...budget, maxWeights: 10 }, {}, nothingBefore);
    const goOn = () => {
      if (widths.length === 2) throw stop;
    };
    await expect(priced.config({}, goOn)).rejects.toBe(stop);
    expect(widths).toEqual([1, 0.7]);
  });
});
