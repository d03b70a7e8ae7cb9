// A small, complete checkpoint.
import { parseNetworkSpec } from '@bitnetmcu/models';
import type { Checkpoint } from '../checkpoint.js';
import { parseTrainingConfig } from '../config.js';

export function sampleCheckpoint(): Checkpoint {
  const spec = parseNetworkSpec({
    name: 'small',
    input: { shape: [3] },
    layers: [{ type: 'linear', name: 'fc1', outputs: 2, weights: { format: '4bitsym' } }],
  });
  const score = { loss: 0.1, accuracy: 0.9 };
  return {
    config: parseTrainingConfig({ network: spec, epochs: 9, batchSize: 2, output: 'runs/a' }),
    network: {
      spec,
      parameters: { 'fc1.weight': Float32Array.of(1, -2, 0.1, 3, 1e-30, -0), 'fc1.clip': Float32Array.of(1.5) },
      labels: ['a', 'b'],
      provenance: { tool: 'test', seed: 1, metrics: { epochs: 1 } },
    },
    state: { 'fc1.weight.m': Float32Array.of(1, 2, 3, 4, 5, 6), 'optimizer.step': Float32Array.of(77) },
    epoch: 1,
    step: 13,
    totals: { loss: 0.1 + 0.2, correct: 11, samples: 26 },
    history: [
      {
        epoch: 0,
        learningRate: 1e-3,
        train: score,
        validation: score,
        layers: [{ layer: 'fc1', positiveShare: 0.5, clip: 1.5, codeEntropy: 3.1 }],
        arithmetic: 'fused',
        imagesPerSecond: 1e5,
        seconds: 0.25,
      },
    ],
    dataset: { name: 'mnist', sha256: 'ab'.repeat(32) },
    engine: { kind: 'native', simd: 'avx2', threads: 1, arithmetic: 'fused' },
  };
}
