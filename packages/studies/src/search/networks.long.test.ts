// Points of the search space: hundreds of those drawn are made into integers.
import { summarizeModel, summarizeSpec } from '@bitnetmcu/models';
import { describe, expect, it } from 'vitest';
import { drawnNetworks, kinds } from './__fixtures__/drawn-networks.js';
import { untrainedModel } from './untrained.js';

/** Making integers takes tens of milliseconds; of the others the spec is checked. */
const QUANTIZED = 300;

describe.each(kinds)('networks for %s', (_, shape, budget) => {
  it('have integers, with as many bytes of weights as the network says', () => {
    const { networks } = drawnNetworks(shape, budget);
    const some = Array.from(
      { length: QUANTIZED },
      (_unused, i) => networks[Math.floor((i * networks.length) / QUANTIZED)]!,
    );
    const other = some.filter(
      (network) => summarizeModel(untrainedModel(network)).total.bytes !== summarizeSpec(network).total.bytes,
    );
    // With static scales the weights of a layer of five or six may lie on the grid of another format, too, which is then taken.
    expect(other.length).toBeLessThan(shape[0] === 1 ? 1 : 0.02 * QUANTIZED);
  });
});
