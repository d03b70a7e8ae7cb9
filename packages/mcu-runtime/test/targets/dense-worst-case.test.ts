// The dense worst case against the dearest of many runs: what a layer reads decides what it can cost.
import type { QuantizedNode } from '@bitnetmcu/models';
import { describe, expect, it } from 'vitest';
import { denseWorstCase } from '../../src/targets/dense-worst-case.js';
import { loadSimulation } from '../../src/targets/loaded-simulation.js';
import { findVariant, SIMULATION_TARGETS } from '../../src/targets/simulation-targets.js';
import { linearNode, modelOf } from '../networks.js';

// Its fast kernel lists nibbles of activations, and negative ones have more; that of 8bit costs the same for either sign.
const FORMAT = '4bitsym';
/** 64 → 48, of the same weights wherever it stands. */
const { weights } = linearNode('', '', 64, 48, FORMAT);
const layer = (input: string): QuantizedNode => ({
  ...{ op: 'linear', name: 'layer', inputs: [input], inFeatures: 64, outFeatures: 48 },
  weights,
});

async function worstOf(nodes: readonly QuantizedNode[], kernels: string): Promise<number> {
  const target = SIMULATION_TARGETS.ch32v003;
  const loading = await loadSimulation(modelOf([64], nodes), target, findVariant(target, kernels));
  if (loading.kind !== 'loaded') throw new Error('a small model');
  return denseWorstCase(loading.simulation).layers.get('layer')!;
}

const first = linearNode('first', 'input', 64, 64, FORMAT);
const requantize = (min: number): QuantizedNode => ({
  ...{ op: 'requantize', name: 'hidden', inputs: ['first'], shift: 6, min, max: 127 },
});
/** −x: of activations without a sign it makes negative ones. */
const negated = Array.from({ length: 256 }, (_, i) => Math.min(127, 128 - i));
const lookup: QuantizedNode = { op: 'lookup', name: 'after', inputs: ['hidden'], table: negated };

describe('the dense worst case of a layer', () => {
  it('is with plain kernels that of the same layer on the sample, whatever signs activations have', async () => {
    const onSample = await worstOf([layer('input')], 'plain');
    // Where its buffer lies takes the interpreter some cycles more or less.
    const isAlike = (cycles: number) => expect(Math.abs(cycles - onSample)).toBeLessThan(50);
    isAlike(await worstOf([first, requantize(-128), layer('hidden')], 'plain'));
    isAlike(await worstOf([first, requantize(0), lookup, layer('after')], 'plain'));
    isAlike(await worstOf([first, requantize(0), layer('hidden')], 'plain'));
  });

  it('is with fast kernels dearer where activations have both signs', async () => {
    const [signed, unsigned] = [requantize(-128), requantize(0)].map((node) => [first, node, layer('hidden')]);
    expect(await worstOf(signed!, 'fast-flash')).toBeGreaterThan(await worstOf(unsigned!, 'fast-flash'));
  });
});
