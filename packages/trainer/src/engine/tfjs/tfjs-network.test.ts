import { parseNetworkSpec } from '@bitnetmcu/models';
import tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { TrainerError } from '../../errors.js';
import type { CompileOptions } from '../compile-options.js';
import { createEngine } from '../create-engine.js';
import type { TrainableNetwork } from '../engine.js';
import { randomSamples } from '../testing/gradient-check.js';
import { createTfjsEngine } from './create-tfjs-engine.js';
import { DEFAULT_OPTIONS, snapshot } from './testing/compare-engines.js';

const spec = parseNetworkSpec({
  name: 'net',
  input: { shape: [1, 8, 8] },
  layers: [
    { type: 'conv2d', name: 'conv', channels: 4, weights: { format: '8bit' }, bias: true },
    { type: 'activation', name: 'r1', function: 'relu' },
    { type: 'conv2d', name: 'dw', channels: 4, groups: 'depthwise', weights: { format: '4bit' } },
    { type: 'activation', name: 'r2', function: 'relu' },
    { type: 'maxPool2d', name: 'pool' },
    { type: 'dropout', name: 'drop', rate: 0.2 },
    { type: 'linear', name: 'fc', outputs: 6, weights: { format: 'Ternary' }, norm: 'batch', bias: true },
    { type: 'activation', name: 'r3', function: 'relu' },
    { type: 'linear', name: 'out', outputs: 4, weights: { format: '4bitsym', clipping: { method: 'learned' } } },
  ],
});
const samples = randomSamples(40, 64, 4, 9);
const order = Uint32Array.from({ length: 40 }, (_, i) => (i * 7) % 40);
const rates = (steps: number) => new Float32Array(steps).fill(0.01);

describe.each(['cpu', 'wasm'] as const)('network on TensorFlow.js %s', async (backend) => {
  const engine = await createTfjsEngine({ backend });
  const make = (changes: Partial<CompileOptions> = {}): TrainableNetwork => {
    const network = engine.compile(spec, { ...DEFAULT_OPTIONS, ...changes });
    network.load('training', samples);
    return network;
  };

  it('keeps no tensor between calls', () => {
    const network = make();
    const before = tf.memory().numTensors;
    network.train('training', { order, from: 0, to: 40, learningRates: rates(5) });
    network.evaluate('training', 0, 40);
    network.updateClipping(1);
    network.statistics();
    network.setFakeQuantization(false);
    network.train('training', { order, from: 0, to: 20, learningRates: rates(3) });
    expect(tf.getBackend()).toBe(backend);
    expect(tf.memory().numTensors).toBe(before);
    expect(before).toBe(0);
  });

  it('has the parameters and the state of the compiled engine', async () => {
    const compiled = (await createEngine()).compile(spec, DEFAULT_OPTIONS);
    const network = make();
    const lengths = (values: Readonly<Record<string, Float32Array>>) =>
      Object.entries(values)
        .map(([name, { length }]) => `${name} ${length}`)
        .sort();
    expect(lengths(network.parameters)).toEqual(lengths(compiled.parameters));
    expect(lengths(network.state)).toEqual(lengths(compiled.state));
    // The fused chain of convolutions draws from streams of its own.
    for (const name of ['conv.weight', 'fc.weight', 'out.weight', 'out.clip']) {
      expect(network.parameters[name]).toEqual(compiled.parameters[name]);
    }
    compiled.dispose();
  });

  it('goes on from parameters and state to the same bits', () => {
    const whole = make();
    whole.train('training', { order, from: 0, to: 36, learningRates: rates(4) });
    const half = make();
    half.train('training', { order, from: 0, to: 18, learningRates: rates(2) });
    const saved = snapshot(half);
    const resumed = make();
    for (const [name, values] of Object.entries({ ...resumed.parameters, ...resumed.state })) values.set(saved[name]!);
    resumed.train('training', { order, from: 18, to: 36, learningRates: rates(2) });
    expect(snapshot(resumed)).toEqual(snapshot(whole));
    expect(saved).not.toEqual(snapshot(whole));
  });

  it('lowers the loss, and counts what its logits say', () => {
    const network = make();
    const before = network.evaluate('training', 0, 40);
    for (let epoch = 0; epoch < 6; epoch++) {
      network.updateClipping(epoch);
      network.train('training', { order, from: 0, to: 40, learningRates: rates(5) });
    }
    const logits = new Float32Array(160);
    const after = network.evaluate('training', 0, 40, logits);
    expect(after.loss).toBeLessThan(before.loss * 0.9);
    const correct = Array.from(samples.labels).filter((label, n) => {
      const row = logits.subarray(n * 4, n * 4 + 4);
      return row.indexOf(Math.max(...row)) === label;
    });
    expect(after.correct).toBe(correct.length);
    const part = new Float32Array(8);
    network.evaluate('training', 30, 32, part);
    const rounding = Math.max(...part.map((value, i) => Math.abs(value - logits[120 + i]!)));
    expect(rounding).toBeLessThan(1e-5);
  });

  it('changes when its parameters are written', () => {
    const network = make();
    const logits = [new Float32Array(4), new Float32Array(4)] as const;
    network.evaluate('training', 0, 1, logits[0]);
    network.parameters['out.weight']!.fill(0);
    network.setFakeQuantization(false);
    network.evaluate('training', 0, 1, logits[1]);
    expect(Array.from(logits[1])).toEqual([0, 0, 0, 0]);
    expect(Array.from(logits[0])).not.toEqual([0, 0, 0, 0]);
  });

  it('shows a diverged network as a loss that is no number', () => {
    const network = make();
    network.parameters['fc.weight']!.fill(Number.NaN);
    expect(network.train('training', { order, from: 0, to: 9, learningRates: rates(1) }).loss).toBeNaN();
  });

  it('freezes a learned clipping scalar', () => {
    const out = {
      ...spec.layers.at(-1),
      weights: { format: '4bitsym', clipping: { method: 'learned', freezeEpoch: 1 } },
    };
    const frozen = parseNetworkSpec({ ...spec, layers: [...spec.layers.slice(0, -1), out] });
    const network = engine.compile(frozen, DEFAULT_OPTIONS);
    network.load('training', samples);
    const clip = network.parameters['out.clip']!;
    const start = clip[0];
    network.updateClipping(0);
    network.train('training', { order, from: 0, to: 18, learningRates: rates(2) });
    const moved = clip[0];
    expect(moved).not.toBe(start);
    network.updateClipping(1);
    network.train('training', { order, from: 0, to: 18, learningRates: rates(2) });
    expect(clip[0]).toBe(moved);
  });

  it('refuses what does not fit', () => {
    const network = make();
    const distilled = make({ loss: [{ kind: 'distillation', weight: 1, temperature: 1 }] });
    const wrong: (() => void)[] = [
      () => network.load('x', { ...samples, count: 39 }),
      () => network.load('x', { ...samples, labels: new Uint16Array(40).fill(4) }),
      () => network.loadTargets('training', new Float32Array(3)),
      () => network.loadTargets('unknown', new Float32Array(3)),
      () => network.train('unknown', { order, from: 0, to: 9, learningRates: rates(1) }),
      () => network.train('training', { order: Uint32Array.of(40), from: 0, to: 1, learningRates: rates(1) }),
      () => network.train('training', { order, from: 0, to: 41, learningRates: rates(5) }),
      () => network.train('training', { order, from: 9, to: 9, learningRates: rates(1) }),
      () => network.train('training', { order, from: 0, to: 20, learningRates: rates(2) }),
      () => network.evaluate('training', 0, 41),
      () => network.evaluate('training', 0, 40, new Float32Array(159)),
      () => make({ batchSize: 0 }),
      () => make({ loss: [] }),
      () => distilled.train('training', { order, from: 0, to: 9, learningRates: rates(1) }),
    ];
    for (const action of wrong) expect(action, String(action)).toThrow(TrainerError);
    network.dispose();
    expect(() => network.evaluate('training', 0, 1)).toThrow(TrainerError);
  });
});
