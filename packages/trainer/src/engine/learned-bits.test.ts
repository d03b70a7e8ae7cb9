import { parseNetworkSpec } from '@bitnetmcu/models';
import { quantizeLearnedBits } from '@bitnetmcu/quant/internal';
import { describe, expect, it } from 'vitest';
import { Random } from '../random.js';
import type { CompileOptions } from './compile-options.js';
import type { CompiledNetwork } from './compiled-network.js';
import { createEngine } from './create-engine.js';
import { randomSamples } from './testing/gradient-check.js';

const INPUTS = 19;
const OUTPUTS = 13;
const MOST = 5;

const options: CompileOptions = {
  batchSize: INPUTS,
  optimizer: { kind: 'sgd', momentum: 0, nesterov: false, weightDecay: 0 },
  seed: 1,
};

/** One linear layer that shows its fake-quantized weights: sample i is the i-th unit vector. */
function transparent(per: 'channel' | 'layer') {
  const weights = { format: '5bitsym', learnedBits: { per, step: { by: 'learned' } } } as const;
  return parseNetworkSpec({
    name: 'transparent',
    input: { shape: [INPUTS], preprocessing: { divisor: 1, mean: 0, deviation: 1 } },
    layers: [{ type: 'linear', name: 'fc', outputs: OUTPUTS, weights, norm: 'none', activationQuantizer: 'none' }],
  });
}

const unitVectors = {
  count: INPUTS,
  bytes: Uint8Array.from({ length: INPUTS * INPUTS }, (_, i) => Number(i % INPUTS === Math.floor(i / INPUTS))),
  labels: Uint16Array.from({ length: INPUTS }, (_, i) => i % OUTPUTS),
};
const all = Uint32Array.from({ length: INPUTS }, (_, i) => i);

/** Bits of 0 … 5, whole and not, and weights around and, where bits are not whole, on the boundaries between their codes. */
function fill({ parameters }: CompiledNetwork, whole: boolean): void {
  const random = new Random(5);
  const [bits, exponents, weights] = [parameters['fc.bits']!, parameters['fc.exponent']!, parameters['fc.weight']!];
  bits.forEach((_, k) => {
    bits[k] = bits.length === 1 ? 3 : (k % 6) + (whole ? 0 : random.nextBetween(-0.6, 0.6));
    exponents[k] = Math.round(random.nextBetween(-7, 3)) + (whole ? 0 : random.nextBetween(-0.49, 0.49));
  });
  weights.forEach((_, i) => {
    const step = 2 ** Math.round(exponents[bits.length === 1 ? 0 : Math.floor(i / INPUTS)]!);
    const onBoundary = !whole && random.nextBelow(4) === 0;
    weights[i] = (onBoundary ? random.nextBelow(9) - 4 : random.nextBetween(-20, 20)) * step;
  });
}

describe.each(['native', 'wasm'] as const)('learned bits on the %s engine', async (kind) => {
  const engine = await createEngine({ kind });

  it.each(['channel', 'layer'] as const)('per %s: the weights that the network sees are those of quant', (per) => {
    const network = engine.compile(transparent(per), options) as CompiledNetwork;
    fill(network, false);
    network.load('units', unitVectors);
    const logits = new Float32Array(INPUTS * OUTPUTS);
    network.evaluate('units', 0, INPUTS, logits);
    const { parameters } = network;
    const { dequantized, bits } = quantizeLearnedBits(parameters['fc.weight']!, {
      ...{ outputs: OUTPUTS, most: MOST },
      ...{ bits: parameters['fc.bits']!, exponents: parameters['fc.exponent']! },
    });
    for (let o = 0; o < OUTPUTS; o++)
      for (let i = 0; i < INPUTS; i++) expect(logits[i * OUTPUTS + o]! + 0).toBe(dequantized[o * INPUTS + i]! + 0);
    expect(new Set(bits).size).toBe(per === 'channel' ? 6 : 1);
    network.dispose();
  });

  it.each(['channel', 'layer'] as const)(
    'per %s: gradients are those of the relaxed weights, by differences',
    (per) => {
      const network = engine.compile(transparent(per), options) as CompiledNetwork;
      fill(network, true);
      network.load('units', unitVectors);
      network.computeGradients('units', all, 0, INPUTS);
      const { parameters, gradients } = network;
      const [weights, dw] = [parameters['fc.weight']!, gradients['fc.weight']!()];
      /** Σ dw·ŵ of the weights of one number of bits; the rounding stays what it is at whole bits and exponents. */
      const along = (k: number, moved: { bits?: number; exponent?: number }): number => {
        const [bits, exponent] = [parameters['fc.bits']![k]!, parameters['fc.exponent']![k]!];
        const relaxed = (w: number, b: number, e: number) =>
          (w < 0 ? -1 : 1) * Math.min(Math.abs(w) * 2 ** -e, 2 ** (b - 1) - 0.5);
        let sum = 0;
        for (let i = 0; i < weights.length; i++) {
          if (per === 'channel' && Math.floor(i / INPUTS) !== k) continue;
          const clipped = relaxed(weights[i]!, bits, exponent);
          const level = bits === 0 ? 0 : Math.round(clipped - 0.5) + 0.5;
          const [b, e] = [bits + (moved.bits ?? 0), exponent + (moved.exponent ?? 0)];
          sum += dw[i]! * 2 ** e * (relaxed(weights[i]!, b, e) + level - clipped);
        }
        return sum;
      };
      const h = 1e-6;
      const compare = (found: Float32Array, of: (k: number, by: number) => number): void => {
        const expected = Array.from(found, (_, k) => (of(k, h) - of(k, -h)) / (2 * h));
        const largest = Math.max(...expected.map(Math.abs));
        found.forEach((value, k) => {
          expect(Math.abs(value - expected[k]!) / largest).toBeLessThan(1e-4);
        });
      };
      compare(gradients['fc.bits']!(), (k, bits) => along(k, { bits }));
      compare(gradients['fc.exponent']!(), (k, exponent) => along(k, { exponent }));
      network.dispose();
    },
  );

  it('bits stay between the minimum and those of the format; an output of 0 bits gives 0', () => {
    const learnedBits = { per: 'channel', minimum: 1, learningRateFactor: 1000 } as const;
    const spec = transparent('channel');
    const layer = { ...spec.layers[0], weights: { format: '5bitsym', learnedBits } };
    const network = engine.compile(parseNetworkSpec({ ...spec, layers: [layer] }), {
      ...options,
      loss: [{ kind: 'crossEntropy' }, { kind: 'size', weight: 10 }],
    });
    network.load('units', unitVectors);
    network.train('units', { order: all, learningRates: Float32Array.of(0.1) });
    expect(Array.from(network.parameters['fc.bits']!)).toEqual(Array(OUTPUTS).fill(1));
    expect(network.statistics()[0]).toMatchObject({ bits: 1, emptyOutputs: 0 });
    network.parameters['fc.bits']!.fill(0.4);
    const logits = new Float32Array(INPUTS * OUTPUTS).fill(7);
    network.evaluate('units', 0, INPUTS, logits);
    expect(Array.from(logits, Math.abs)).toEqual(Array(logits.length).fill(0));
    expect(network.statistics()[0]).toMatchObject({ bits: 0, emptyOutputs: OUTPUTS, codeEntropy: 0 });
    network.dispose();
  });

  it('in convolutions too: fused and alone, other weights and other gradients than those of fixed bits', () => {
    const networkOf = (learned: boolean) => {
      const weights = {
        format: '4bitsym',
        ...(learned && { learnedBits: { per: 'channel', step: { by: 'learned' } } }),
      } as const;
      return parseNetworkSpec({
        name: 'maps',
        input: { shape: [1, 12, 12] },
        layers: [
          { type: 'conv2d', name: 'c1', channels: 5, weights },
          { type: 'activation', name: 'r1', function: 'relu' },
          { type: 'conv2d', name: 'c2', channels: 5, groups: 'depthwise', weights },
          { type: 'activation', name: 'r2', function: 'relu' },
          { type: 'maxPool2d', name: 'p2' },
          { type: 'conv2d', name: 'c3', channels: 4, padding: 1, weights },
          { type: 'activation', name: 'r3', function: 'relu' },
          { type: 'linear', name: 'fc', outputs: 3, weights },
        ],
      });
    };
    const samples = randomSamples(20, 144, 3, 4);
    const trained = (learned: boolean) => {
      const network = engine.compile(networkOf(learned), { batchSize: 20 }) as CompiledNetwork;
      network.load('train', samples);
      const order = Uint32Array.from({ length: 20 }, (_, i) => i);
      for (let k = 0; k < 4; k++) network.train('train', { order, learningRates: Float32Array.of(0.01) });
      return network;
    };
    const [plain, learned] = [trained(false), trained(true)];
    for (const layer of ['c1', 'c2', 'c3', 'fc']) {
      expect(learned.parameters[`${layer}.weight`]).not.toEqual(plain.parameters[`${layer}.weight`]);
      expect(learned.gradients[`${layer}.exponent`]!().some((value) => value !== 0)).toBe(true);
    }
    plain.dispose();
    learned.dispose();
  });
});

describe('a quantizer with learned bits', () => {
  const parse = (weights: object) =>
    parseNetworkSpec({
      name: 'n',
      input: { shape: [4] },
      layers: [{ type: 'linear', name: 'fc', outputs: 2, weights: weights as { format: '4bitsym' } }],
    });
  it.each([
    [{ format: '8bit', learnedBits: { per: 'channel' } }, /2bitsym, 3bitsym, 4bitsym or 5bitsym/],
    [{ format: '4bitsym', clipping: { method: 'learned' }, learnedBits: { per: 'layer' } }, /clipping/],
    [{ format: '4bitsym', learnedBits: { per: 'output' } }, /per/],
    [{ format: '4bitsym', learnedBits: { per: 'channel', least: 1 } }, /least/],
  ])('refuses %j', (weights, message) => {
    expect(() => parse(weights)).toThrow(message);
  });
});
