import type { NetworkSpecInput, Norm } from '@bitnetmcu/models';
import { describe, expect, it } from 'vitest';
import { createEngine } from './create-engine.js';
import { expectedGradients, type GradientCheck, gradientDifference } from './testing/gradient-check.js';

type LayerInput = NetworkSpecInput['layers'][number];

const weights = { format: '4bitsym' } as const;
const relu = (name: string): LayerInput => ({ type: 'activation', name, function: 'relu' });

/** Odd sizes, so that every vector has a tail. */
function dense(norm: Norm, bias = false): NetworkSpecInput {
  return {
    name: 'dense',
    input: { shape: [19] },
    layers: [
      { type: 'linear', name: 'a', outputs: 13, weights, norm, bias },
      relu('ra'),
      { type: 'linear', name: 'b', outputs: 11, weights, norm, bias },
      relu('rb'),
      { type: 'linear', name: 'c', outputs: 5, weights, norm, bias },
    ],
  };
}

const checks: Readonly<Record<string, GradientCheck>> = {
  'linear without norm': { network: dense('none') },
  'linear with RMS norm': { network: dense('rms') },
  'linear with L1 norm': { network: dense('l1') },
  'linear with layer norm': { network: dense('layer') },
  'linear with batch norm': { network: dense('batch') },
  'linear with bias': { network: dense('rms', true) },
  'label smoothing': { network: dense('rms'), loss: [{ kind: 'crossEntropy', weight: 1, labelSmoothing: 0.1 }] },
  'distillation beside cross-entropy': {
    network: dense('rms'),
    loss: [
      { kind: 'crossEntropy', weight: 0.3, labelSmoothing: 0 },
      { kind: 'distillation', weight: 0.7, temperature: 3 },
    ],
  },
};

const machine = [
  { kind: 'native' },
  { kind: 'native', simd: 'avx2' },
  { kind: 'native', simd: 'baseline' },
  { kind: 'wasm' },
] as const;

describe('gradients against central differences in doubles', async () => {
  // Which of the addon's instruction sets there are depends on the machine.
  const engines = (await Promise.all(machine.map((options) => createEngine(options).catch(() => null)))).filter(
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
});
