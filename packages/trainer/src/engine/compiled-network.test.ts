import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { parseNetworkSpec } from '@bitnetmcu/models';
import { describe, expect, it } from 'vitest';
import { TrainerError } from '../errors.js';
import { permutation, Random } from '../random.js';
import type { CompileOptions, OptimizerSpec } from './compile-options.js';
import { createEngine } from './create-engine.js';
import type { TrainableNetwork } from './engine.js';
import { randomSamples } from './testing/gradient-check.js';

const adam: OptimizerSpec = { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01 };
const options: CompileOptions = {
  batchSize: 16,
  optimizer: adam,
  loss: [{ kind: 'crossEntropy', weight: 1, labelSmoothing: 0 }],
  seed: 3,
};

const spec = parseNetworkSpec({
  name: 'net',
  input: { shape: [30] },
  layers: [
    { type: 'linear', name: 'a', outputs: 18, weights: { format: 'Ternary' }, norm: 'batch', bias: true },
    { type: 'activation', name: 'relu', function: 'relu' },
    { type: 'dropout', name: 'drop', rate: 0.25 },
    { type: 'linear', name: 'b', outputs: 5, weights: { format: '4bitsym', clipping: { method: 'learned' } } },
  ],
});
const samples = randomSamples(100, 30, 5, 9);
const order = permutation(100, new Random(1));
const rates = (steps: number) => new Float32Array(steps).fill(0.01);

function snapshot({ parameters, state }: TrainableNetwork): Record<string, Float32Array> {
  return Object.fromEntries(
    [...Object.entries(parameters), ...Object.entries(state)].map(([name, values]) => [name, values.slice()]),
  );
}

describe.each(['native', 'wasm'] as const)('network on the %s engine', async (kind) => {
  const engine = await createEngine({ kind });
  const make = (changes: Partial<CompileOptions> = {}): TrainableNetwork => {
    const network = engine.compile(spec, { ...options, ...changes });
    network.load('training', samples);
    return network;
  };

  it.each([
    adam,
    { ...adam, kind: 'adamw' },
    { kind: 'sgd', momentum: 0.9, nesterov: true, weightDecay: 0.01 },
  ] as const)('goes on from parameters and state to the same bits, $kind', (optimizer) => {
    const whole = make({ optimizer });
    whole.train('training', { order, from: 0, to: 100, learningRates: rates(7) });
    const first = make({ optimizer });
    first.train('training', { order, from: 0, to: 48, learningRates: rates(3) });
    const second = make({ optimizer, seed: 3 });
    const saved = snapshot(first);
    for (const [name, values] of Object.entries({ ...second.parameters, ...second.state })) values.set(saved[name]!);
    second.train('training', { order, from: 48, to: 100, learningRates: rates(4) });
    expect(snapshot(second)).toEqual(snapshot(whole));
    expect(snapshot(first)).not.toEqual(snapshot(whole));
  });

  it('moves parameters as PyTorch documents Adam, AdamW and SGD', () => {
    const optimizers: readonly OptimizerSpec[] = [
      adam,
      { ...adam, kind: 'adamw' },
      { kind: 'sgd', momentum: 0.9, nesterov: true, weightDecay: 0.01 },
    ];
    for (const optimizer of optimizers) {
      const network = make({ optimizer });
      const gradients = (network as unknown as { gradients: Record<string, () => Float32Array> }).gradients;
      const w = Float64Array.from(network.parameters['b.weight']!);
      const [m, v] = [new Float64Array(w.length), new Float64Array(w.length)];
      for (let t = 1; t <= 3; t++) {
        network.train('training', { order, from: 16 * (t - 1), to: 16 * t, learningRates: Float32Array.of(0.01) });
        gradients['b.weight']!().forEach((raw, i) => {
          if (optimizer.kind === 'sgd') {
            const g = raw + 0.01 * w[i]!;
            m[i] = 0.9 * m[i]! + g;
            w[i] = w[i]! - 0.01 * (g + 0.9 * m[i]!);
            return;
          }
          const g = optimizer.kind === 'adam' ? raw + 0.01 * w[i]! : raw;
          if (optimizer.kind === 'adamw') w[i] = w[i]! * (1 - 0.01 * 0.01);
          m[i] = 0.9 * m[i]! + 0.1 * g;
          v[i] = 0.999 * v[i]! + 0.001 * g * g;
          w[i] = w[i]! - (0.01 * (m[i]! / (1 - 0.9 ** t))) / (Math.sqrt(v[i]! / (1 - 0.999 ** t)) + 1e-8);
        });
      }
      const worst = Math.max(...w.map((value, i) => Math.abs(value - network.parameters['b.weight']![i]!)));
      expect(worst, optimizer.kind).toBeLessThan(1e-5);
    }
  });

  it('does not train when the learning rate is 0, and evaluates without a trace', () => {
    const network = make();
    const before = network.parameters['a.weight']!.slice();
    network.train('training', { order, from: 0, to: 100, learningRates: new Float32Array(7) });
    expect(network.parameters['a.weight']).toEqual(before);
    const kept = snapshot(network);
    const logits = new Float32Array(500);
    const totals = network.evaluate('training', 0, 100, logits);
    const again = network.evaluate('training', 0, 100);
    expect(again).toEqual(totals);
    expect(snapshot(network)).toEqual(kept);
    const correct = Array.from(samples.labels).filter((label, n) => {
      const row = logits.subarray(n * 5, n * 5 + 5);
      return row.indexOf(Math.max(...row)) === label;
    });
    expect(totals.correct).toBe(correct.length);
    const part = new Float32Array(10);
    network.evaluate('training', 40, 42, part);
    expect(part).toEqual(logits.slice(200, 210));
  });

  it('drops the share of activations that dropout says', () => {
    const dropped = parseNetworkSpec({
      name: 'drop',
      input: { shape: [512], preprocessing: { divisor: 1, mean: 0, deviation: 1 } },
      layers: [
        { type: 'dropout', name: 'drop', rate: 0.3 },
        {
          type: 'linear',
          name: 'fc',
          outputs: 2,
          weights: { format: 'None' },
          norm: 'none',
          activationQuantizer: 'none',
        },
      ],
    });
    const network = engine.compile(dropped, {
      ...options,
      optimizer: { kind: 'sgd', momentum: 0, nesterov: false, weightDecay: 0 },
    });
    network.parameters['fc.weight']!.fill(0);
    network.load('ones', { count: 16, bytes: new Uint8Array(16 * 512).fill(1), labels: new Uint16Array(16) });
    network.train('ones', {
      order: Uint32Array.from({ length: 16 }, (_, i) => i),
      from: 0,
      to: 16,
      learningRates: Float32Array.of(1),
    });
    // With logits 0, weight i of class 0 moves by 0.5 · the mean of its inputs: 1/0.7 where kept.
    const moved = network.parameters['fc.weight']!.subarray(0, 512);
    const mean = moved.reduce((a, b) => a + b) / 512;
    expect(mean / 0.5).toBeGreaterThan(0.97);
    expect(mean / 0.5).toBeLessThan(1.03);
    expect(new Set(moved).size).toBeGreaterThan(5);
  });

  it('reports share of positive outputs, clipping scalar and code entropy', () => {
    const network = make();
    network.evaluate('training', 0, 100);
    const [a, b] = network.statistics();
    expect(a!.layer).toBe('a');
    expect(a!.positiveShare).toBeGreaterThan(0.2);
    expect(a!.positiveShare).toBeLessThan(0.8);
    expect(a!.codeEntropy).toBeGreaterThan(1);
    expect(a!.codeEntropy).toBeLessThan(Math.log2(3) + 1e-9);
    expect(b!.clip).toBe(network.parameters['b.clip']![0]);
  });

  it('leaves the scale of ternary weights at their mean magnitude', () => {
    const network = make();
    network.train('training', { order, from: 0, to: 100, learningRates: rates(7) });
    const weights = network.parameters['a.weight']!;
    const mean = weights.reduce((sum, w) => sum + Math.abs(w), 0) / weights.length;
    expect(network.parameters['a.clip']![0]).toBe(Math.fround(mean));
  });

  it('freezes a learned clipping scalar', () => {
    const [linear] = spec.layers.slice(3);
    const frozen = { ...linear, weights: { format: '4bitsym', clipping: { method: 'learned', freezeEpoch: 1 } } };
    const network = engine.compile(
      parseNetworkSpec({ ...spec, layers: [...spec.layers.slice(0, 3), frozen] }),
      options,
    );
    network.load('training', samples);
    const clip = network.parameters['b.clip']!;
    const start = clip[0];
    network.updateClipping(0);
    network.train('training', { order, from: 0, to: 32, learningRates: rates(2) });
    const moved = clip[0];
    expect(moved).not.toBe(start);
    network.updateClipping(1);
    network.train('training', { order, from: 32, to: 64, learningRates: rates(2) });
    expect(clip[0]).toBe(moved);
  });

  it('refuses what does not fit', () => {
    const network = make();
    const wrong: (() => void)[] = [
      () => network.load('x', { ...samples, count: 99 }),
      () => network.load('x', { ...samples, labels: new Uint16Array(100).fill(5) }),
      () => network.loadTargets('training', new Float32Array(3)),
      () => network.loadTargets('unknown', new Float32Array(3)),
      () => network.train('unknown', { order, from: 0, to: 16, learningRates: rates(1) }),
      () => network.train('training', { order: Uint32Array.of(100), from: 0, to: 1, learningRates: rates(1) }),
      () => network.train('training', { order, from: 0, to: 101, learningRates: rates(7) }),
      () => network.train('training', { order, from: 16, to: 16, learningRates: rates(1) }),
      () => network.train('training', { order, from: 0, to: 33, learningRates: rates(2) }),
      () => network.evaluate('training', 0, 101),
      () => network.evaluate('training', 0, 100, new Float32Array(499)),
      () => engine.compile(parseNetworkSpec({ ...spec, layers: [{ ...spec.layers[0], outputs: 5000 }] }), options),
      () => make({ batchSize: 0 }),
      () => make({ loss: [] }),
      () =>
        make({ loss: [{ kind: 'distillation', weight: 1, temperature: 1 }] }).train('training', {
          order,
          from: 0,
          to: 16,
          learningRates: rates(1),
        }),
    ];
    for (const action of wrong) expect(action, String(action)).toThrow(TrainerError);
    network.dispose();
    expect(() => network.evaluate('training', 0, 1)).toThrow(TrainerError);
  });
});

describe('threads', () => {
  const convolutional = parseNetworkSpec({
    name: 'cnn',
    input: { shape: [1, 12, 12] },
    layers: [
      { type: 'conv2d', name: 'c1', channels: 40, weights: { format: '8bit' }, bias: true },
      { type: 'activation', name: 'r1', function: 'relu' },
      { type: 'conv2d', name: 'c2', channels: 40, groups: 'depthwise', weights: { format: '4bitsym' } },
      { type: 'activation', name: 'r2', function: 'relu' },
      { type: 'maxPool2d', name: 'p2' },
      { type: 'flatten', name: 'flatten' },
      { type: 'linear', name: 'fc', outputs: 5, weights: { format: '4bitsym' } },
    ],
  });
  /** Its second convolution sees all channels: it is in no chain. */
  const mixing = parseNetworkSpec({
    name: 'mixing',
    input: { shape: [1, 12, 12] },
    layers: [
      { type: 'conv2d', name: 'c1', channels: 6, weights: { format: '8bit' }, stride: [2, 1], padding: 1 },
      { type: 'activation', name: 'r1', function: 'relu' },
      { type: 'conv2d', name: 'c2', channels: 20, groups: 2, weights: { format: 'Ternary' }, bias: true },
      { type: 'activation', name: 'r2', function: 'relu' },
      { type: 'flatten', name: 'flatten' },
      { type: 'linear', name: 'fc', outputs: 5, weights: { format: '4bitsym' } },
    ],
  });
  const images = randomSamples(300, 144, 5, 4);

  async function trained(threads: number, spec = convolutional): Promise<Record<string, Float32Array>> {
    const engine = await createEngine({ kind: 'native', threads });
    const network = engine.compile(spec, { ...options, batchSize: 100 });
    network.load('training', images);
    for (let epoch = 0; epoch < 5; epoch++)
      network.train('training', { order: permutation(300, new Random(epoch)), learningRates: rates(3) });
    const logits = new Float32Array(1500);
    network.evaluate('training', 0, 300, logits);
    return { ...snapshot(network), logits };
  }

  it('do not change a bit', async () => {
    const alone = await trained(1);
    for (const threads of [2, 3, 7]) expect(await trained(threads)).toEqual(alone);
  });

  it('do not change a bit of convolutions outside chains', async () => {
    const alone = await trained(1, mixing);
    for (const threads of [2, 5]) expect(await trained(threads, mixing)).toEqual(alone);
  });

  it('end with the worker that started them', async () => {
    const addon = join(dirname(fileURLToPath(import.meta.url)), '../../build/Release/engine.node');
    // The worker ends right after the addon was loaded there: nothing may be left that runs unloaded code.
    for (let i = 0; i < 5; i++) {
      const worker = new Worker(`require(${JSON.stringify(addon)}).variants()`, { eval: true });
      await new Promise((resolve, reject) => worker.on('exit', resolve).on('error', reject));
    }
    expect(await trained(2)).toEqual(await trained(1));
  });

  it('are a whole number', async () => {
    await expect(createEngine({ kind: 'native', threads: 0 })).rejects.toThrow(TrainerError);
    await expect(createEngine({ kind: 'native', threads: 1.5 })).rejects.toThrow(TrainerError);
  });
});

describe('engine choice', () => {
  it('names the instruction sets there are when another is asked for', async () => {
    await expect(createEngine({ kind: 'native', simd: 'mmx' })).rejects.toThrow(/baseline/);
  });
});
