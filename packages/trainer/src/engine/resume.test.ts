// Parameters and state are all that a network is: another one that is given them goes on to the same bits, whatever quantizes its weights.
import { type NetworkSpec, parseNetworkSpec } from '@bitnetmcu/models';
import { describe, expect, it } from 'vitest';
import { createEngine } from './create-engine.js';
import type { Engine, TrainableNetwork } from './engine.js';
import { randomSamples } from './testing/gradient-check.js';
import { createTfjsEngine } from './tfjs/create-tfjs-engine.js';

const CLIPPINGS = [
  { method: 'octav' },
  { method: 'octav', freezeEpoch: 1 },
  { method: 'proportional', factor: 2 },
  { method: 'fixed', value: 0.3 },
  { method: 'decaying', start: 4, end: 2, epochs: 2 },
  { method: 'learned' },
  { method: 'learned', freezeEpoch: 1 },
] as const;
const choices = ['4bitsym', 'FP130', 'Ternary', 'Binary', 'BinarySym'].flatMap((format) =>
  (['PerTensor', 'PerOutput'] as const).flatMap((scaling) =>
    CLIPPINGS.map(
      (clipping) => [JSON.stringify({ format, scaling, clipping }), { format, scaling, clipping }] as const,
    ),
  ),
);

const COUNT = 128;
const samples = randomSamples(COUNT, 16, 3, 7);
const order = Uint32Array.from({ length: COUNT }, (_, i) => (i * 37) % COUNT);
/** High enough that the weights leave the octave which they began in. */
const learningRates = new Float32Array(8).fill(0.02);

function networkOf(weights: object): NetworkSpec {
  return parseNetworkSpec({
    name: 'net',
    input: { shape: [16] },
    layers: [
      { type: 'linear', name: 'a', outputs: 8, weights },
      { type: 'activation', name: 'r', function: 'relu' },
      { type: 'linear', name: 'b', outputs: 3, weights: { format: '8bit' } },
    ],
  });
}

function compiled(engine: Engine, spec: NetworkSpec): TrainableNetwork {
  const network = engine.compile(spec, { batchSize: 16 });
  network.load('train', samples);
  return network;
}

function copyOf(engine: Engine, network: TrainableNetwork): TrainableNetwork {
  const copy = compiled(engine, network.spec);
  for (const part of ['parameters', 'state'] as const) {
    for (const [key, values] of Object.entries(network[part])) copy[part][key]!.set(values);
  }
  return copy;
}

const ENGINES: readonly (readonly [string, () => Promise<Engine>])[] = [
  ['native', () => createEngine({ kind: 'native' })],
  ['wasm', () => createEngine({ kind: 'wasm' })],
  ['tfjs', () => createTfjsEngine({ backend: 'cpu' })],
];

describe.each(ENGINES)('%s', async (_, create) => {
  const engine = await create();

  it.each(choices)('goes on in the middle of an epoch: %s', (_, weights) => {
    const whole = compiled(engine, networkOf(weights));
    whole.updateClipping(0);
    whole.train('train', { order, learningRates });
    whole.updateClipping(1);
    whole.train('train', { order, learningRates: learningRates.subarray(4), to: COUNT / 2 });
    const resumed = copyOf(engine, whole);
    for (const network of [whole, resumed]) {
      network.train('train', { order, learningRates: learningRates.subarray(4), from: COUNT / 2 });
    }
    expect(resumed.parameters).toEqual(whole.parameters);
    expect(resumed.state).toEqual(whole.state);
    const [resumedLogits, logits] = [new Float32Array(3 * COUNT), new Float32Array(3 * COUNT)];
    expect(resumed.evaluate('train', 0, COUNT, resumedLogits)).toEqual(whole.evaluate('train', 0, COUNT, logits));
    expect(resumedLogits).toEqual(logits);
  });

  it.each(['Ternary', 'Binary', 'BinarySym'])(
    'keeps the clipping scalars that %s weights were given with',
    (format) => {
      const network = compiled(engine, networkOf({ format, scaling: 'PerOutput' }));
      // mean|w| of output o is 2^(o − 4); of the numbers 3·2^k the nearest to it in the logarithm is that of k = o − 6, as log₂3 = 1.58.
      network.parameters['a.weight']!.forEach((_, i, all) => {
        const output = Math.floor(i / 16);
        all[i] = output === 5 ? 0 : (i % 2 === 0 ? 1 : -1) * 2 ** (output - 4);
      });
      network.parameters['a.clip']!.fill(3);
      network.evaluate('train', 0, COUNT);
      const expected = Array.from({ length: 8 }, (_, output) => (output === 5 ? 2 ** -100 : 3 * 2 ** (output - 6)));
      expect([...network.parameters['a.clip']!]).toEqual(expected);
      network.evaluate('train', 0, COUNT);
      expect([...network.parameters['a.clip']!]).toEqual(expected);
      expect([...copyOf(engine, network).parameters['a.clip']!]).toEqual(expected);
    },
  );
});
