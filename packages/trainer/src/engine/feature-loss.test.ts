// A term of the loss on a hidden layer: its gradients against central differences of an independent forward pass in doubles, and what it makes of weights.
// Frozen layers: what stays as it is.
import { type NetworkSpec, type NetworkSpecInput, parseNetworkSpec } from '@bitnetmcu/models';
import { describe, expect, it } from 'vitest';
import { Random } from '../random.js';
import type { CompileOptions } from './compile-options.js';
import type { CompiledNetwork } from './compiled-network.js';
import { type CompiledEngine, createEngine } from './create-engine.js';
import type { Samples } from './engine.js';
import { meanLoss } from './testing/float64-loss.js';
import { forward, sampleBatch, type Values } from './testing/float64-network.js';
import { randomSamples } from './testing/gradient-check.js';

type LayerInput = NetworkSpecInput['layers'][number];

const [COUNT, WEIGHT, STEP] = [9, 0.7, 1e-6];
const PROJECTION = 'features.projection';
const weights = { format: '4bitsym' } as const;
const relu = (name: string): LayerInput => ({ type: 'activation', name, function: 'relu' });
const linear = (name: string, outputs: number): LayerInput => ({ type: 'linear', name, outputs, weights, bias: true });
const conv = (name: string, channels: number, more: object = {}): LayerInput =>
  ({ type: 'conv2d', name, channels, weights: { format: '8bit' }, ...more }) as LayerInput;

const dense = parseNetworkSpec({
  name: 'dense',
  input: { shape: [19] },
  layers: [linear('a', 13), relu('ra'), linear('b', 11), relu('rb'), linear('c', 5)],
});
/** Whose convolutions would be one chain. */
const maps = parseNetworkSpec({
  name: 'maps',
  input: { shape: [1, 9, 9] },
  layers: [
    ...[conv('c1', 3), relu('r1'), conv('c2', 3, { groups: 'depthwise' }), relu('r2')],
    ...([
      { type: 'maxPool2d', name: 'p' },
      { type: 'flatten', name: 'f' },
    ] as LayerInput[]),
    linear('last', 4),
  ],
});

const CASES: readonly (readonly [string, NetworkSpec, layer: string, width: number])[] = [
  ['as many features as the layer has', dense, 'rb', 11],
  ['fewer, behind a projection', dense, 'ra', 6],
  ['more', dense, 'rb', 37],
  ['before the activation', dense, 'b', 11],
  ['of a first layer', dense, 'a', 7],
  ['of maps within a chain', maps, 'r1', 10],
  ['of pooled maps', maps, 'p', 3 * 2 * 2],
];

/** The network up to a layer. */
function upTo(spec: NetworkSpec, layer: string): NetworkSpec {
  return { ...spec, layers: spec.layers.slice(0, spec.layers.findIndex(({ name }) => name === layer) + 1) };
}

interface Prepared {
  readonly network: CompiledNetwork;
  readonly samples: Samples;
  readonly targets: Float32Array;
}

function prepared(engine: CompiledEngine, spec: NetworkSpec, options: CompileOptions, width: number): Prepared {
  const network = engine.compile(spec, { batchSize: COUNT, seed: 5, ...options }) as CompiledNetwork;
  const random = new Random(11);
  for (const [name, values] of Object.entries(network.parameters)) {
    if (name.endsWith('.bias')) values.set(values.map(() => random.nextBetween(-0.3, 0.3)));
  }
  const features = spec.input.shape.reduce((a: number, b: number) => a * b, 1);
  const samples = randomSamples(COUNT + 4, features, network.outputs, 3);
  const targets = Float32Array.from({ length: samples.count * width }, () => random.nextBetween(-1, 2));
  network.load('train', samples);
  network.loadTargets('train', targets);
  return { network, samples, targets };
}

const terms = (layer: string, width: number) => ({
  loss: [{ kind: 'crossEntropy' }, { kind: 'features', layer, width, weight: WEIGHT }] as const,
});

describe.each(['native', 'wasm'] as const)('features of a teacher, %s engine', async (kind) => {
  const engine = await createEngine({ kind });
  const order = Uint32Array.from({ length: COUNT }, (_, i) => (i * 4 + 1) % (COUNT + 4));

  it.each(CASES)('have the gradients of the formula: %s', (_, spec, layer, width) => {
    const { network, samples, targets } = prepared(engine, spec, terms(layer, width), width);
    network.setFakeQuantization(false);
    const totals = network.computeGradients('train', order, 0, COUNT);
    const doubles = (arrays: Readonly<Record<string, Float32Array>>) =>
      Object.entries(arrays).map(([name, values]) => [name, Float64Array.from(values)] as const);
    const values = Object.fromEntries([...doubles(network.parameters), ...doubles(network.state)]);
    const batch = sampleBatch(samples, order);
    const labels = Array.from(order, (n) => samples.labels[n]!);
    const projected = (x: Values): ArrayLike<number> => {
      const matrix = values[PROJECTION];
      if (matrix === undefined) return x;
      return Array.from({ length: width }, (_, row) =>
        x.reduce((sum, v, i) => sum + matrix[row * x.length + i]! * v, 0),
      );
    };
    const loss = () => {
      const plain = meanLoss(
        [{ kind: 'crossEntropy', weight: 1, labelSmoothing: 0 }],
        forward(spec, values, batch),
        labels,
      );
      const squares = forward(upTo(spec, layer), values, batch).flatMap((x, s) =>
        Array.from(projected(x), (value, k) => (value - targets[order[s]! * width + k]!) ** 2),
      );
      return plain + (WEIGHT * squares.reduce((a, b) => a + b)) / squares.length;
    };
    expect(totals.loss / COUNT).toBeCloseTo(loss(), 4);
    const isProjected = Object.hasOwn(network.state, PROJECTION);
    expect(isProjected).toBe(width !== forward(upTo(spec, layer), values, batch)[0]!.length);
    const trained = Object.keys(network.gradients).filter((name) => !name.endsWith('.clip'));
    expect(trained.includes(PROJECTION)).toBe(isProjected);
    expect(Object.hasOwn(network.parameters, PROJECTION)).toBe(false);
    for (const name of trained) {
      const gradients = network.gradients[name]!();
      const stride = Math.max(1, Math.floor(gradients.length / 12));
      const compared = Array.from({ length: Math.ceil(gradients.length / stride) }, (_, k) => k * stride);
      const slopes = compared.map((i) => {
        const kept = values[name]![i]!;
        const at = (value: number) => {
          values[name]![i] = value;
          return loss();
        };
        const slope = (at(kept + STEP) - at(kept - STEP)) / (2 * STEP);
        values[name]![i] = kept;
        return slope;
      });
      const largest = Math.max(...slopes.map(Math.abs), 1e-4);
      compared.forEach((i, k) => {
        expect(Math.abs(gradients[i]! - slopes[k]!) / largest, `${name}[${i}]`).toBeLessThan(3e-4);
      });
    }
    network.dispose();
  });

  it('make other weights than labels alone do, and bring the layer nearer to them', () => {
    const width = 6;
    const trainedWith = (options: CompileOptions) => {
      const { network } = prepared(engine, dense, options, width);
      const steps = { order, learningRates: Float32Array.of(0.01) };
      const losses = Array.from({ length: 60 }, () => network.train('train', steps).loss);
      const weight = network.parameters['a.weight']!.slice();
      network.dispose();
      return { weight, losses };
    };
    // Without weight the term is there and changes nothing but the loss of the projection.
    const none = trainedWith({ loss: [{ kind: 'crossEntropy' }, { kind: 'features', layer: 'ra', width, weight: 0 }] });
    const with_ = trainedWith(terms('ra', width));
    expect(with_.weight).not.toEqual(none.weight);
    expect(with_.losses.at(-1)!).toBeLessThan(0.7 * with_.losses[0]!);
  });

  it('leave frozen layers as they are, under decay and damping', () => {
    const optimizer = { kind: 'adamw', weightDecay: 0.1 } as const;
    const run = (frozen: readonly string[]) => {
      const network = engine.compile(dense, { batchSize: COUNT, seed: 5, optimizer, frozen });
      network.load('train', randomSamples(COUNT + 4, 19, 5, 3));
      const before = Object.fromEntries(Object.entries(network.parameters).map(([name, v]) => [name, v.slice()]));
      for (let i = 0; i < 5; i++) network.train('train', { order, learningRates: Float32Array.of(0.01), damping: 0.3 });
      const moved = Object.keys(before).filter((name) =>
        network.parameters[name]!.some((v, i) => v !== before[name]![i]),
      );
      network.dispose();
      return moved.filter((name) => !name.endsWith('.clip'));
    };
    const all = ['a', 'b', 'c'].flatMap((name) => [`${name}.weight`, `${name}.bias`]);
    expect(run([]).sort()).toEqual([...all].sort());
    expect(run(['c']).sort()).toEqual(all.filter((name) => !name.startsWith('c.')).sort());
    expect(() => run(['ra'])).toThrow(/'ra' shall be frozen/);
    expect(() => run(['d'])).toThrow(/'d' shall be frozen.*one of a, b, c/s);
  });

  it('are refused of layers that there are not, beside other lists of numbers, and where none were loaded', () => {
    const compile = (loss: CompileOptions['loss']) => engine.compile(dense, { batchSize: COUNT, loss });
    const features = { kind: 'features', layer: 'ra', width: 4 } as const;
    expect(() => compile([{ kind: 'crossEntropy' }, { ...features, layer: 'x' }])).toThrow(
      /layer 'x'.*a, ra, b, rb, c/s,
    );
    expect(() => compile([{ kind: 'crossEntropy' }, { ...features, layer: 'input' }])).toThrow(/trains nothing before/);
    for (const other of [{ kind: 'distillation' }, features] as const) {
      expect(() => compile([{ kind: 'crossEntropy' }, features, other])).toThrow(/cannot stand beside/);
    }
    expect(() => compile([features])).toThrow(/name one on the outputs/);
    const network = compile([{ kind: 'crossEntropy' }, features]);
    network.load('train', randomSamples(COUNT, 19, 5, 3));
    expect(() => network.loadTargets('train', new Float32Array(COUNT * 5))).toThrow(/36 wanted \(9 samples of 4\)/);
    expect(() => network.train('train', { order: order.slice(0, 1), learningRates: Float32Array.of(0.01) })).toThrow(
      /features term, but 'train' has no teacher features/,
    );
    expect(network.evaluate('train', 0, COUNT).samples).toBe(COUNT);
    network.dispose();
  });
});
