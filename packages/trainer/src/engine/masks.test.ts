// Masks of weights in the compiled engines: what the passes see, what moves, and what does not.
import { type NetworkSpecInput, parseNetworkSpec } from '@bitnetmcu/models';
import { clippingPolicy, FORMAT_NAMES, inverseScalesFromClips, quantizeWeights, updateClips } from '@bitnetmcu/quant';
import { describe, expect, it } from 'vitest';
import { Random } from '../random.js';
import type { CompiledNetwork } from './compiled-network.js';
import { createEngine } from './create-engine.js';
import { meanLoss } from './testing/float64-loss.js';
import { forward, sampleBatch } from './testing/float64-network.js';
import { randomSamples } from './testing/gradient-check.js';

const weights = { format: '8bit' } as const;
const NETWORKS: Readonly<Record<string, NetworkSpecInput>> = {
  linear: {
    name: 'dense',
    input: { shape: [19] },
    layers: [
      { type: 'linear', name: 'a', outputs: 13, weights: { format: '4bit', scaling: 'PerOutput' }, bias: true },
      { type: 'activation', name: 'relu', function: 'relu' },
      { type: 'linear', name: 'b', outputs: 5, weights, bias: true },
    ],
  },
  chain: {
    name: 'maps',
    input: { shape: [1, 9, 9] },
    layers: [
      { type: 'conv2d', name: 'a', channels: 6, weights, bias: true },
      { type: 'activation', name: 'relu', function: 'relu' },
      { type: 'conv2d', name: 'd', channels: 6, groups: 'depthwise', weights, bias: true },
      { type: 'maxPool2d', name: 'pool' },
      { type: 'linear', name: 'b', outputs: 5, weights },
    ],
  },
  convolution: {
    name: 'strided',
    input: { shape: [2, 9, 7] },
    layers: [
      { type: 'conv2d', name: 'a', channels: 6, stride: 2, padding: 1, weights, bias: true },
      { type: 'conv2d', name: 'c', channels: 4, groups: 2, kernel: 2, weights },
      { type: 'linear', name: 'b', outputs: 5, weights },
    ],
  },
};
const COUNT = 24;
const masked = (keys: readonly string[]) => keys.filter((key) => key.endsWith('.mask'));

/** A third of all weights, and the second output of every layer altogether, with its bias. */
function mask(network: CompiledNetwork): void {
  const random = new Random(3);
  const { parameters } = network;
  for (const key of masked(Object.keys(parameters))) {
    const layer = key.slice(0, -'.mask'.length);
    const [values, weight] = [parameters[key]!, parameters[`${layer}.weight`]!];
    const bias = parameters[`${layer}.bias`];
    const outputs =
      bias?.length ??
      network.spec.layers.flatMap((l) =>
        l.name === layer && l.type === 'conv2d' ? l.channels : l.name === layer && l.type === 'linear' ? l.outputs : [],
      )[0]!;
    const columns = weight.length / outputs;
    for (let i = 0; i < values.length; i++) {
      if (random.nextBelow(3) !== 0 && Math.floor(i / columns) !== 1) continue;
      values[i] = 0;
      weight[i] = 0;
    }
    if (bias) bias[1] = 0;
  }
}

describe.each(['native', 'wasm'] as const)('masks on the %s engine', async (kind) => {
  const engine = await createEngine({ kind });
  const compile = (spec: NetworkSpecInput, masks: boolean, optimizer: 'adam' | 'sgd' = 'adam') => {
    const made = engine.compile(parseNetworkSpec(spec), {
      batchSize: 7,
      masks,
      optimizer: { kind: optimizer, weightDecay: 0.01 },
    });
    const features = made.spec.input.shape.reduce((a, b) => a * b, 1);
    made.load('train', randomSamples(COUNT, features, 5, 9));
    return made as CompiledNetwork;
  };
  const train = (network: CompiledNetwork, steps = 6) => {
    const order = Uint32Array.from({ length: 7 * steps }, (_, i) => (i * 5) % COUNT);
    return network.train('train', { order, learningRates: new Float32Array(steps).fill(0.01), damping: 0.5 });
  };

  it.each(Object.entries(NETWORKS))('%s: of ones change no bit; with zeros other weights come out', (_, spec) => {
    const [plain, ones, zeros] = [compile(spec, false), compile(spec, true), compile(spec, true)];
    mask(zeros);
    for (const network of [plain, ones, zeros]) {
      network.updateClipping(0);
      train(network);
    }
    expect(masked(Object.keys(plain.parameters))).toEqual([]);
    for (const [key, values] of Object.entries(plain.parameters)) expect(ones.parameters[key], key).toEqual(values);
    expect(ones.state).toEqual(plain.state);
    expect(zeros.parameters['b.weight']).not.toEqual(plain.parameters['b.weight']);
  });

  it.each(Object.entries(NETWORKS))('%s: logits are those of the masked network in doubles', (_, spec) => {
    const network = compile(spec, true);
    mask(network);
    network.updateClipping(0);
    const logits = new Float32Array(COUNT * 5);
    network.evaluate('train', 0, COUNT, logits);
    const samples = randomSamples(
      COUNT,
      network.spec.input.shape.reduce((a, b) => a * b, 1),
      5,
      9,
    );
    const numbers = Array.from({ length: COUNT }, (_, i) => i);
    const of = (parameters: typeof network.parameters) =>
      forward(network.spec, parameters, sampleBatch(samples, numbers), { quantized: true }).flatMap((row) => [...row]);
    const { 'a.mask': _mask, ...without } = network.parameters;
    const wanted = of(network.parameters);
    const off = logits.filter((value, i) => Math.abs(value - wanted[i]!) > 1e-3).length;
    // An activation on the border of two codes may fall to either side in floats.
    expect(off).toBeLessThan(logits.length / 20);
    // A 0 is a level of these formats; a weight that is masked in place of being 0 makes the difference.
    network.parameters['a.weight']!.fill(1);
    expect(of(without)).not.toEqual(of(network.parameters));
  });

  it.each(Object.entries(NETWORKS))(
    '%s: gradients are central differences in doubles, and 0 under the mask',
    (_, spec) => {
      const network = compile(spec, true);
      mask(network);
      network.setFakeQuantization(false);
      const order = Uint32Array.from({ length: 7 }, (_, i) => i * 3);
      network.computeGradients('train', order, 0, 7);
      const samples = randomSamples(
        COUNT,
        network.spec.input.shape.reduce((a, b) => a * b, 1),
        5,
        9,
      );
      const inputs = sampleBatch(samples, order);
      const labels = Array.from(order, (n) => samples.labels[n]!);
      const parameters = Object.fromEntries(
        Object.entries(network.parameters).map(([key, values]) => [key, Float64Array.from(values)]),
      );
      const loss = () =>
        meanLoss(
          [{ kind: 'crossEntropy', weight: 1, labelSmoothing: 0 }],
          forward(network.spec, parameters, inputs),
          labels,
        );
      for (const key of Object.keys(network.gradients).filter((name) => /weight|bias/.test(name))) {
        const found = network.gradients[key]!();
        const values = parameters[key]!;
        const dead = key.endsWith('.bias')
          ? [1]
          : [...values.keys()].filter((i) => parameters[key.replace('weight', 'mask')]![i] === 0);
        for (const i of dead) expect(found[i], `${key}[${i}]`).toBe(0);
        for (let i = 0; i < values.length; i += Math.ceil(values.length / 12)) {
          if (dead.includes(i)) continue;
          const kept = values[i]!;
          values[i] = kept + 1e-6;
          const above = loss();
          values[i] = kept - 1e-6;
          const below = loss();
          values[i] = kept;
          expect(found[i], `${key}[${i}]`).toBeCloseTo((above - below) / 2e-6, 4);
        }
      }
    },
  );

  it.each(
    [...Object.entries(NETWORKS)].flatMap(([name, spec]) =>
      (['adam', 'sgd'] as const).map((o) => [name, o, spec] as const),
    ),
  )('%s, %s: what is masked stays where it is, moments and all', (_, optimizer, spec) => {
    const network = compile(spec, true, optimizer);
    mask(network);
    network.updateClipping(0);
    const before = network.parameters['b.weight']!.slice();
    train(network);
    for (const key of masked(Object.keys(network.parameters))) {
      const layer = key.slice(0, -'.mask'.length);
      const mine = Object.entries(network.state).filter(([name]) => name.startsWith(`${layer}.weight.`));
      expect(mine.length).toBeGreaterThan(0);
      network.parameters[key]!.forEach((value, i) => {
        if (value !== 0) return;
        for (const [name, moments] of mine) expect(moments[i], `${name}[${i}]`).toBe(0);
        expect(network.parameters[`${layer}.weight`]![i]).toBe(0);
      });
      expect(network.parameters[`${layer}.bias`]?.[1] ?? 0).toBe(0);
    }
    expect(network.parameters['b.weight']).not.toEqual(before);
  });

  it.each(
    FORMAT_NAMES.flatMap((format) =>
      (['PerTensor', 'PerOutput'] as const).map((scaling) => [format, scaling] as const),
    ),
  )(
    '%s, %s: rows and columns that are gone are 0, and the rest is quantized as the smaller matrix',
    (format, scaling) => {
      const [OUTPUTS, INPUTS] = [9, 11];
      const [deadRow, deadColumn] = [4, 7];
      const units = {
        count: INPUTS,
        bytes: Uint8Array.from({ length: INPUTS * INPUTS }, (_, i) => Number(i % INPUTS === Math.floor(i / INPUTS))),
        labels: new Uint16Array(INPUTS),
      };
      const network = engine.compile(
        parseNetworkSpec({
          name: 'transparent',
          input: { shape: [INPUTS], preprocessing: { divisor: 1, mean: 0, deviation: 1 } },
          layers: [
            {
              type: 'linear',
              name: 'fc',
              outputs: OUTPUTS,
              weights: { format, scaling },
              norm: 'none',
              activationQuantizer: 'none',
            },
          ],
        }),
        { masks: true },
      );
      network.load('units', units);
      const weight = network.parameters['fc.weight']!;
      const live = weight.filter((_, i) => Math.floor(i / INPUTS) !== deadRow && i % INPUTS !== deadColumn);
      weight.forEach((_, i) => {
        if (Math.floor(i / INPUTS) !== deadRow && i % INPUTS !== deadColumn) return;
        weight[i] = 0;
        network.parameters['fc.mask']![i] = 0;
      });
      network.updateClipping(0);
      const logits = new Float32Array(INPUTS * OUTPUTS);
      network.evaluate('units', 0, INPUTS, logits);
      const outputs = OUTPUTS - 1;
      const clips = updateClips(format, live, clippingPolicy({ method: 'octav' }), { outputs, scaling });
      const { dequantized } = quantizeWeights(format, live, {
        outputs,
        inverseScales: inverseScalesFromClips(format, clips),
      });
      let next = 0;
      for (let o = 0; o < OUTPUTS; o++)
        for (let i = 0; i < INPUTS; i++) {
          const wanted = o === deadRow || i === deadColumn ? 0 : dequantized[next++]!;
          const found = logits[i * OUTPUTS + o]!;
          expect(Math.abs(found - wanted), `${o}, ${i}`).toBeLessThanOrEqual(
            format === 'NF4' ? Math.abs(wanted) * 2 ** -22 : 0,
          );
        }
    },
  );
});
