// The quantizer `shift` before layers whose input can be negative.
import { parseNetworkSpec, type TrainedNetwork } from '@bitnetmcu/models';
import { describe, expect, it } from 'vitest';
import { randomNetwork } from '../../__fixtures__/random-network.js';
import { quantize } from '../../quantize.js';
import { requireIntegerForm } from '../integer-form.js';

const weights = { format: '4bitsym' } as const;

/** 8 → 6 → `between` → 3, the last layer with the quantizer. */
function network(between: readonly object[], quantizer: 'shift' | 'max-abs', first: object = {}): TrainedNetwork {
  const trained = randomNetwork(
    parseNetworkSpec({
      name: 'net',
      input: { shape: [8] },
      layers: [
        { type: 'linear', name: 'fc1', outputs: 6, norm: 'none', bias: true, weights, ...first },
        ...between,
        { type: 'linear', name: 'fc2', outputs: 3, norm: 'none', weights, activationQuantizer: quantizer },
      ],
    }),
    1,
  );
  return { ...trained, parameters: { ...trained.parameters, 'fc1.bias': new Float32Array(6).fill(0.1) } };
}

const calibration = { samples: Uint8Array.from({ length: 80 }, (_, i) => (i * 37) % 256) };
const act = (name: string) => ({ type: 'activation', name: 'act', function: name });
const refusal = expect.objectContaining({
  code: 'unsupported-graph',
  layer: 'fc2',
  message: expect.stringContaining('"activationQuantizer": "max-abs"'),
});

describe('a layer with the quantizer shift', () => {
  it.each([
    ['a function by table', [act('hardSwish')]],
    ['one with a dropout between', [act('leakyRelu'), { type: 'dropout', name: 'drop', rate: 0.5 }]],
    ['a layer with a bias and no activation', []],
  ])('behind %s is refused, before training and after it', (_, between) => {
    expect(() => quantize(network(between, 'shift'), { calibration })).toThrow(refusal);
    expect(() => requireIntegerForm(network(between, 'shift'))).toThrow(refusal);
    expect(() => quantize(network(between, 'max-abs'), { calibration })).not.toThrow();
  });

  it('behind a rectifier, or before the sample, loses nothing', () => {
    expect(() => quantize(network([act('relu')], 'shift'), { calibration })).not.toThrow();
    const reading = network([act('hardSwish')], 'max-abs', { activationQuantizer: 'shift' });
    expect(() => quantize(reading, { calibration })).not.toThrow();
  });
});
