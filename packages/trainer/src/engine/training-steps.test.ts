// What no engine trains: mistaken options of `train` and epochs of `updateClipping` leave a network as it was.
import { parseNetworkSpec } from '@bitnetmcu/models';
import { describe, expect, it } from 'vitest';
import { createEngine } from './create-engine.js';
import { randomSamples } from './testing/gradient-check.js';
import { createTfjsEngine } from './tfjs/create-tfjs-engine.js';

const spec = parseNetworkSpec({
  name: 'net',
  input: { shape: [8] },
  layers: [
    { type: 'linear', name: 'a', outputs: 6, weights: { format: 'None' } },
    { type: 'linear', name: 'b', outputs: 3, weights: { format: '4bitsym' } },
  ],
});
const order = Uint32Array.from({ length: 10 }, (_, i) => i);
const rates = (...values: number[]) => Float32Array.from(values);
const refusal = (message: string) =>
  expect.objectContaining({
    name: 'TrainerError',
    code: 'invalid-argument',
    message: expect.stringContaining(message),
  });

describe.each(['wasm', 'tfjs'] as const)('%s', async (kind) => {
  const engine = kind === 'wasm' ? await createEngine({ kind }) : await createTfjsEngine({ backend: 'cpu' });
  const network = engine.compile(spec, { batchSize: 4 });
  network.load('train', randomSamples(10, 8, 3, 5));
  const values = () => [network.parameters, network.state].flatMap((of) => Object.entries(of)).join('\n');

  it.each([
    [{ learningRates: rates(1, 1) }, '2 learning rates found for 3 steps of 4 samples'],
    [{ learningRates: rates(1, 1, 1, 1) }, '4 learning rates found for 3 steps of 4 samples'],
    [{ learningRates: rates(1, 1, 1), from: 4 }, '3 learning rates found for 2 steps of 4 samples, positions [4, 10)'],
    [{ learningRates: rates(1, Number.NaN, 1) }, 'A learning rate of NaN found at step 1'],
    [{ learningRates: rates(1, 1, -0.5) }, 'A learning rate of -0.5 found at step 2'],
    [{ learningRates: rates(Number.POSITIVE_INFINITY, 1, 1) }, 'A learning rate of Infinity found at step 0'],
    [{ learningRates: [1, 1, 1] }, 'learningRates: an array of 3 found'],
    [{ learningRate: 1, learningRates: rates(1, 1, 1) }, "learningRate: unknown key; did you mean 'learningRates'?"],
    [{ learningRates: rates(1, 1, 1), dampin: 1 }, "dampin: unknown key; did you mean 'damping'?"],
    [{ learningRates: rates(1, 1, 1), damping: Number.NaN }, 'damping: NaN found'],
    [{ learningRates: rates(1, 1, 1), damping: -1 }, 'damping: -1 found, at least 0 wanted'],
    [{ learningRates: rates(1, 1, 1), from: Number.NaN }, 'from: NaN found'],
  ])('train refuses %o', (steps, message) => {
    const before = values();
    expect(() => network.train('train', { order, ...steps } as never)).toThrow(refusal(message));
    expect(values()).toBe(before);
  });

  it.each([Number.NaN, -1, 0.5, undefined, '1'])('updateClipping refuses the epoch %o', (epoch) => {
    const before = values();
    expect(() => network.updateClipping(epoch as number)).toThrow(refusal(`Epoch ${epoch} found`));
    expect(values()).toBe(before);
  });
});
