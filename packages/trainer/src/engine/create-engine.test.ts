import { parseNetworkSpec } from '@bitnetmcu/models';
import { describe, expect, it } from 'vitest';
import { permutation, Random } from '../random.js';
import type { CompileOptions } from './compile-options.js';
import { createEngine } from './create-engine.js';
import type { Samples } from './engine.js';

const options: CompileOptions = {
  batchSize: 32,
  optimizer: { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 },
  loss: [{ kind: 'crossEntropy', weight: 1, labelSmoothing: 0 }],
  seed: 1,
};

/** Four classes, each a noisy prototype of 49 pixels. */
function prototypes(count: number): Samples {
  const random = new Random(7);
  const classes = Array.from({ length: 4 }, () => Array.from({ length: 49 }, () => random.nextBelow(200)));
  const labels = Uint16Array.from({ length: count }, () => random.nextBelow(4));
  const bytes = Uint8Array.from(
    { length: count * 49 },
    (_, i) => classes[labels[Math.floor(i / 49)]!]![i % 49]! + random.nextBelow(56),
  );
  return { count, bytes, labels };
}

const spec = parseNetworkSpec({
  name: 'smoke',
  input: { shape: [49] },
  layers: [
    { type: 'linear', name: 'fc1', outputs: 20, weights: { format: '2bitsym' } },
    { type: 'activation', name: 'relu1', function: 'relu' },
    { type: 'linear', name: 'fc2', outputs: 4, weights: { format: '4bitsym' } },
  ],
});

describe.each(['native', 'wasm'] as const)('%s engine', (kind) => {
  it('learns four prototypes', async () => {
    const engine = await createEngine({ kind });
    const network = engine.compile(spec, options);
    network.load('training', prototypes(1000));
    const before = network.evaluate('training', 0, 1000);
    for (let epoch = 0; epoch < 3; epoch++) {
      network.updateClipping(epoch);
      network.train('training', {
        order: permutation(1000, new Random(epoch)),
        from: 0,
        to: 1000,
        learningRates: new Float32Array(32).fill(0.003),
      });
    }
    const after = network.evaluate('training', 0, 1000);
    expect(before.correct).toBeLessThan(700);
    expect(after.correct).toBe(1000);
    expect(after.loss).toBeLessThan(before.loss / 4);
    network.dispose();
  });
});
