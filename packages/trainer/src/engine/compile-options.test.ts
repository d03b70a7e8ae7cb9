import { describe, expect, it } from 'vitest';
import { compileOptions, lossOf, parseTrainingConfig } from '../training/config.js';
import { resolveOptions } from './compile-options.js';

describe('resolveOptions', () => {
  it('has a default for everything: Adam as published, cross-entropy, batches of 128', () => {
    expect(resolveOptions({})).toEqual({
      batchSize: 128,
      optimizer: { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 },
      loss: [{ kind: 'crossEntropy', weight: 1, labelSmoothing: 0 }],
      seed: 1,
      masks: false,
      frozen: [],
    });
    expect(
      resolveOptions({ optimizer: { kind: 'sgd', momentum: 0.5 }, loss: [{ kind: 'distillation' }], seed: 7 }),
    ).toMatchObject({
      optimizer: { kind: 'sgd', momentum: 0.5, nesterov: false, weightDecay: 0 },
      loss: [{ kind: 'distillation', weight: 0.9, temperature: 3 }],
      seed: 7,
    });
  });

  it.each([
    [{ batchSize: 0 }, /batchSize: 0 found, at least 1 wanted/],
    [{ batchSize: 65_537 }, /batchSize: 65537 found, at most 65536 wanted/],
    [{ loss: [] }, /loss: .*at least 1/],
    [{ optimizer: { kind: 'adan' } }, /optimizer\.kind: 'adan' found, .*did you mean 'adam'/],
    [{ optimizer: { kind: 'adam', beta: 0.9 } }, /optimizer\.beta: unknown key; did you mean 'beta1'/],
    [{ optimizer: { kind: 'sgd', momentum: 1 } }, /optimizer\.momentum: 1 found, less than 1 wanted/],
    [{ seeds: 3 }, /seeds: unknown key; did you mean 'seed'/],
  ])('refuses %o', (options, message) => {
    expect(() => resolveOptions(options as never)).toThrow(
      expect.objectContaining({ code: 'invalid-argument', message: expect.stringMatching(message) }),
    );
  });
});

describe('compileOptions of a training configuration', () => {
  it('are what the engine takes, without what is the run’s own', () => {
    const config = parseTrainingConfig({
      optimizer: { kind: 'adamw', weightDecay: 0.05, damping: 0.3 },
      loss: [
        { kind: 'crossEntropy', labelSmoothing: 0.1 },
        { kind: 'distillation', teacher: 'a.bnc' },
      ],
      batchSize: 64,
      seed: 5,
    });
    expect(resolveOptions(compileOptions(config))).toEqual({
      batchSize: 64,
      optimizer: { kind: 'adamw', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.05 },
      loss: [
        { kind: 'crossEntropy', weight: 1, labelSmoothing: 0.1 },
        { kind: 'distillation', weight: 0.9, temperature: 3 },
      ],
      seed: 5,
      masks: false,
      frozen: [],
    });
  });

  it('has the recipe of the original project where nothing is said', () => {
    expect(parseTrainingConfig({})).toMatchObject({
      optimizer: { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0, damping: 0 },
      batchSize: 128,
      seed: 1,
    });
    expect(lossOf(parseTrainingConfig({}), {})).toEqual([{ kind: 'crossEntropy', weight: 1, labelSmoothing: 0 }]);
  });

  it('has the loss of the task, and refuses terms that read classes beside terms that read targets', () => {
    const { loss } = parseTrainingConfig({});
    expect(lossOf({ loss }, { output: { task: 'anomaly' } })).toEqual([{ kind: 'meanSquaredError', weight: 1 }]);
    expect(lossOf({ loss }, { output: { task: 'multiLabel' } })).toEqual([{ kind: 'binaryCrossEntropy', weight: 1 }]);
    const mixed = { loss: [{ kind: 'crossEntropy' as const }, { kind: 'huber' as const }] };
    expect(() => parseTrainingConfig(mixed)).toThrow(/read targets .* use one kind/);
    expect(() => resolveOptions(mixed)).toThrow(/read targets .* use one kind/);
  });

  it('makes balanced class weights numbers, 1 on average over the samples', () => {
    const train = { count: 10, bytes: new Uint8Array(10), labels: Uint16Array.of(0, 0, 0, 0, 0, 0, 0, 0, 1, 1) };
    const config = parseTrainingConfig({ loss: [{ kind: 'crossEntropy', classWeights: 'balanced' }] });
    // By hand: 10/(2·8), 10/(2·2), and nothing of a class without samples.
    expect(compileOptions(config, { train, labels: ['a', 'b', 'c'] }).loss).toEqual([
      { kind: 'crossEntropy', weight: 1, labelSmoothing: 0, classWeights: [0.625, 2.5, 0] },
    ]);
  });
});
