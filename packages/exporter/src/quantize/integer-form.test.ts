import { parseNetworkSpec, type TrainedNetwork } from '@bitnetmcu/models';
import { presets } from '@bitnetmcu/models/internal';
import { describe, expect, it } from 'vitest';
import { randomNetwork } from '../__fixtures__/random-network.js';
import { requireIntegerForm } from './integer-form.js';

/** Before training: biases 0, batch norms that do nothing. */
function untrained(layer: object): TrainedNetwork {
  const weights = { format: '4bitsym' } as const;
  const network = randomNetwork(
    parseNetworkSpec({
      name: 'net',
      input: { shape: [8] },
      layers: [
        { type: 'linear', name: 'fc1', outputs: 6, weights },
        { type: 'activation', name: 'relu1', function: 'relu' },
        { type: 'linear', name: 'fc2', outputs: 3, weights, ...layer },
      ],
    }),
    1,
  );
  const parameters = { ...network.parameters };
  for (const [key, value] of Object.entries(parameters)) {
    if (key.endsWith('.bias') || key.endsWith('.norm.mean') || key.endsWith('.norm.shift'))
      parameters[key] = value.map(() => 0);
    if (key.endsWith('.norm.variance') || key.endsWith('.norm.gain')) parameters[key] = value.map(() => 1);
  }
  return { ...network, parameters };
}

describe('requireIntegerForm', () => {
  it('finds before training what quantizing would refuse after it', () => {
    expect(() => requireIntegerForm(untrained({ norm: 'batch' }))).toThrow(/fc2.*batch norm/s);
    expect(() => requireIntegerForm(untrained({ norm: 'layer' }))).toThrow(/fc2.*layer norm/s);
    // A bias behind the norm of its own input.
    expect(() => requireIntegerForm(untrained({ norm: 'l1', bias: true }))).toThrow(/fc2.*bias.*norm/s);
    expect(() => requireIntegerForm(untrained({ weights: { format: 'None' } }))).toThrow(
      expect.objectContaining({ code: 'float-layer' }),
    );
  });

  it('lets networks pass that will have one', () => {
    expect(() => requireIntegerForm(untrained({}))).not.toThrow();
    for (const name of ['fc-12k', 'cnn-16-small', 'table-s', 'table-l', 'signal-s', 'signal-m', 'image-m'] as const) {
      expect(() => requireIntegerForm(randomNetwork(presets[name].build(10), 1))).not.toThrow();
    }
  });
});
