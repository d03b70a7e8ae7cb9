// What a checkpoint gives back to a network, also one that was written before all of it was saved.
import { parseNetworkSpec } from '@bitnetmcu/models';
import { describe, expect, it } from 'vitest';
import { isClipGate } from '../engine/clip-gate.js';
import { createEngine } from '../engine/create-engine.js';
import { randomSamples } from '../engine/testing/gradient-check.js';
import { createTfjsEngine } from '../engine/tfjs/create-tfjs-engine.js';
import { copies, restoreNetwork } from './restore.js';

const samples = randomSamples(64, 8, 3, 7);
const order = Uint32Array.from({ length: 64 }, (_, i) => i);

describe.each(['wasm', 'tfjs'] as const)('restoreNetwork, %s', async (kind) => {
  const engine = kind === 'wasm' ? await createEngine({ kind }) : await createTfjsEngine({ backend: 'cpu' });

  it.each([0, 1, 2])('goes on from a checkpoint without gates of learned clipping scalars, epoch %i', (epoch) => {
    const spec = parseNetworkSpec({
      name: 'net',
      input: { shape: [8] },
      layers: [
        {
          type: 'linear',
          name: 'a',
          outputs: 3,
          weights: { format: '4bitsym', clipping: { method: 'learned', freezeEpoch: 1 } },
        },
      ],
    });
    const compiled = () => {
      const network = engine.compile(spec, { batchSize: 16 });
      network.load('train', samples);
      return network;
    };
    const train = (network: ReturnType<typeof compiled>) =>
      network.train('train', { order, learningRates: new Float32Array(4).fill(0.02) });
    const whole = compiled();
    whole.updateClipping(epoch);
    train(whole);
    const state = copies(Object.fromEntries(Object.entries(whole.state).filter(([key]) => !isClipGate(key))));
    const network = { spec, parameters: copies(whole.parameters), labels: [], provenance: { tool: 'test' } };
    const resumed = compiled();
    restoreNetwork(resumed, { network, state, epoch });
    const before = resumed.parameters['a.clip']!.slice();
    train(whole);
    train(resumed);
    expect(resumed.parameters).toEqual(whole.parameters);
    expect(resumed.state).toEqual(whole.state);
    expect(resumed.parameters['a.clip']![0] === before[0]).toBe(epoch >= 1);
  });
});
