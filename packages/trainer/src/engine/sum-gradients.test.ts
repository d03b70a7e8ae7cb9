// Gradients of layers that look at more than one number: learned scales of sums, and the top half of activations.
import type { NetworkSpecInput } from '@bitnetmcu/models';
import { describe, expect, it } from 'vitest';
import { createEngine } from './create-engine.js';
import { expectedGradients, type GradientCheck, gradientDifference } from './testing/gradient-check.js';

type LayerInput = NetworkSpecInput['layers'][number];

const weights = { format: '4bitsym' } as const;
const relu = (name: string): LayerInput => ({ type: 'activation', name, function: 'relu' });
const conv = (name: string, channels: number, more: object = {}): LayerInput =>
  ({ type: 'conv2d', name, channels, weights: { format: '8bit' }, ...more }) as LayerInput;

const checks: Record<string, GradientCheck> = {
  'learned scales of sums, of features and of maps': {
    network: {
      name: 'scaled',
      input: { shape: [2, 7, 9] },
      layers: [
        ...[conv('c1', 4), relu('r1'), conv('c2', 4, { padding: 1 }), relu('r2')],
        { type: 'add', name: 's1', inputs: ['r1', 'r2'], scale: 'learned' },
        relu('r3'),
        { type: 'add', name: 's2', inputs: ['r3', 'r3'], scale: 'learned' },
        { type: 'flatten', name: 'f' },
        // Behind a norm the gradient of s2.scale would be 0.
        { type: 'linear', name: 'a', outputs: 9, weights, norm: 'none' },
        relu('r4'),
        { type: 'linear', name: 'b', outputs: 9, weights, norm: 'rms' },
        { type: 'add', name: 's3', inputs: ['r4', 'b'], scale: 'learned' },
        { type: 'linear', name: 'last', outputs: 4, weights },
      ],
    },
  },
  'the top half of activations, of maps and of features': {
    network: {
      name: 'top',
      input: { shape: [2, 7, 9] },
      layers: [
        ...[conv('c1', 4), { type: 'topRelu', name: 't1' } as LayerInput],
        ...[conv('c2', 5), { type: 'topRelu', name: 't2' } as LayerInput],
        { type: 'flatten', name: 'f' },
        { type: 'linear', name: 'a', outputs: 19, weights, norm: 'none' },
        { type: 'topRelu', name: 't3' },
        { type: 'linear', name: 'last', outputs: 4, weights },
      ],
    },
  },
};

describe('gradients against central differences in doubles', async () => {
  const kinds = ['native', 'wasm'] as const;
  const engines = (await Promise.all(kinds.map((kind) => createEngine({ kind }).catch(() => null)))).filter(
    (engine) => engine !== null,
  );

  it('run on at least one engine', () => expect(engines.length).toBeGreaterThan(0));

  it.each(Object.entries(checks))('%s', (_, check) => {
    const expected = expectedGradients(engines[0]!, check);
    for (const engine of engines) {
      const { worst, where, loss } = gradientDifference(engine, expected);
      expect(loss, engine.info.simd).toBeLessThan(2e-5);
      expect(worst, `${engine.info.simd} ${where}`).toBeLessThan(2e-4);
    }
  });

  it('reach the learned scales, which other ones than 1 make of the sum', () => {
    const { derivatives } = expectedGradients(engines[0]!, Object.values(checks)[0]!);
    for (const name of ['s1.scale', 's2.scale', 's3.scale']) {
      expect(Math.abs(derivatives[name]![0]![1]), name).toBeGreaterThan(1e-4);
    }
  });
});
