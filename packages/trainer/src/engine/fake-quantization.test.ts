import { parseNetworkSpec } from '@bitnetmcu/models';
import {
  clippingPolicy,
  FORMAT_NAMES,
  type FormatName,
  formats,
  inverseScalesFromClips,
  quantizeWeights,
  updateClips,
} from '@bitnetmcu/quant';
import { clipGradient, clipGradientFactor } from '@bitnetmcu/quant/internal';
import { describe, expect, it } from 'vitest';
import { Random } from '../random.js';
import type { CompileOptions } from './compile-options.js';
import type { CompiledNetwork } from './compiled-network.js';
import { createEngine } from './create-engine.js';
import { forward, sampleBatch } from './testing/float64-network.js';
import { randomSamples } from './testing/gradient-check.js';

const options: CompileOptions = {
  batchSize: 19,
  optimizer: { kind: 'sgd', momentum: 0, nesterov: false, weightDecay: 0 },
  loss: [{ kind: 'crossEntropy', weight: 1, labelSmoothing: 0 }],
  seed: 1,
};

const INPUTS = 19;
const OUTPUTS = 13;

/** One linear layer that shows its fake-quantized weights: sample i is the i-th unit vector. */
function transparent(format: FormatName, scaling: 'PerTensor' | 'PerOutput') {
  return parseNetworkSpec({
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
  });
}

const unitVectors = {
  count: INPUTS,
  bytes: Uint8Array.from({ length: INPUTS * INPUTS }, (_, i) => Number(i % INPUTS === Math.floor(i / INPUTS))),
  labels: new Uint16Array(INPUTS),
};

/** Weights around and exactly on the boundaries between codes, far outside the range, and zeros. */
function weightsFor(format: FormatName, scales: Float32Array, random: Random): Float32Array {
  const { levels } = formats[format];
  return Float32Array.from({ length: INPUTS * OUTPUTS }, (_, i) => {
    const scale = scales[scales.length === 1 ? 0 : Math.floor(i / INPUTS)]!;
    const k = random.nextBelow(levels.length - 1);
    const boundary = (levels[k]! + levels[k + 1]!) / 2 / scale;
    const choices = [
      boundary,
      levels[k]! / scale,
      boundary * (1 + 2 ** -22),
      boundary * (1 - 2 ** -22),
      (levels[0]! * 3) / scale,
      0,
      -0,
    ];
    return random.nextBelow(3) === 0
      ? choices[random.nextBelow(choices.length)]!
      : random.nextBetween(levels[0]! * 1.2, levels.at(-1)! * 1.2) / scale;
  });
}

describe.each(['native', 'wasm'] as const)('fake quantization on the %s engine', async (kind) => {
  const engine = await createEngine({ kind });

  describe.each(['PerTensor', 'PerOutput'] as const)('%s', (scaling) => {
    it.each(FORMAT_NAMES)('%s: the weights that the network sees are those of @bitnetmcu/quant', (format) => {
      const network = engine.compile(transparent(format, scaling), options);
      network.load('units', unitVectors);
      const random = new Random(11);
      const clips = network.parameters['fc.clip']!;
      for (let k = 0; k < clips.length; k++) clips[k] = 0.7 * 2 ** (random.nextBelow(3) - 1);
      const weights = weightsFor(format, inverseScalesFromClips(format, clips), random);
      network.parameters['fc.weight']!.set(weights);
      if (formats[format].meanScaled) network.updateClipping(0);
      const logits = new Float32Array(INPUTS * OUTPUTS);
      network.evaluate('units', 0, INPUTS, logits);
      if (formats[format].meanScaled) {
        const policy = clippingPolicy({ method: 'octav' });
        expect(clips).toEqual(updateClips(format, weights, policy, { outputs: OUTPUTS, scaling }));
      }
      const { dequantized } = quantizeWeights(format, weights, {
        outputs: OUTPUTS,
        inverseScales: inverseScalesFromClips(format, clips),
      });
      for (let o = 0; o < OUTPUTS; o++)
        for (let i = 0; i < INPUTS; i++) {
          const expected = dequantized[o * INPUTS + i]!;
          // NF4's levels are no float32 numbers: the last bit may differ, the code may not.
          const tolerance = format === 'NF4' ? Math.abs(expected) * 2 ** -22 : 0;
          expect(Math.abs(logits[i * OUTPUTS + o]! - expected)).toBeLessThanOrEqual(tolerance);
        }
      network.dispose();
    });
  });

  it('activations are rounded to int8 by their largest magnitude, layer after layer', () => {
    const weights = { format: '4bitsym' } as const;
    const spec = parseNetworkSpec({
      name: 'two',
      input: { shape: [50] },
      layers: [
        { type: 'linear', name: 'a', outputs: 21, weights },
        { type: 'activation', name: 'relu', function: 'relu' },
        { type: 'linear', name: 'b', outputs: 9, weights, norm: 'l1' },
      ],
    });
    const network = engine.compile(spec, options);
    const samples = randomSamples(40, 50, 9, 3);
    network.load('samples', samples);
    const logits = new Float32Array(40 * 9);
    network.evaluate('samples', 0, 40, logits);
    const batch = sampleBatch(samples, Array(40).keys());
    const rounded = forward(spec, network.parameters, batch, { quantized: true });
    const float = forward(spec, network.parameters, batch);
    let [error, effect] = [0, 0];
    rounded.forEach((z, n) => {
      z.forEach((value, k) => {
        error = Math.max(error, Math.abs(value - logits[n * 9 + k]!));
        effect = Math.max(effect, Math.abs(value - float[n]![k]!));
      });
    });
    expect(error).toBeLessThan(1e-5);
    expect(effect).toBeGreaterThan(0.01);
    network.dispose();
  });

  it('shift quantization gives the integers of ShiftNorm', () => {
    const weights = { format: '4bitsym' } as const;
    const spec = parseNetworkSpec({
      name: 'shift',
      input: { shape: [40] },
      layers: [
        { type: 'linear', name: 'a', outputs: OUTPUTS, weights, norm: 'none' },
        { type: 'activation', name: 'relu', function: 'relu' },
        {
          type: 'linear',
          name: 'b',
          outputs: OUTPUTS,
          weights: { format: 'None' },
          norm: 'none',
          activationQuantizer: 'shift',
        },
      ],
    });
    const network = engine.compile(spec, options);
    const identity = network.parameters['b.weight']!;
    for (let i = 0; i < identity.length; i++) identity[i] = Number(i % (OUTPUTS + 1) === 0);
    const samples = randomSamples(30, 40, OUTPUTS, 5);
    network.load('samples', samples);
    const logits = new Float32Array(30 * OUTPUTS);
    network.evaluate('samples', 0, 30, logits);
    const scales = inverseScalesFromClips('4bitsym', network.parameters['a.clip']!);
    const { codes } = quantizeWeights('4bitsym', network.parameters['a.weight']!, {
      outputs: OUTPUTS,
      inverseScales: scales,
    });
    for (let n = 0; n < 30; n++) {
      const x = Array.from(samples.bytes.subarray(n * 40, (n + 1) * 40), (raw) => (raw / 255 - 0.1307) / 0.3081);
      const largest = Math.max(...x.map(Math.abs));
      const q = x.map((value) => Math.round((value * 127) / largest));
      const accumulators = Array.from({ length: OUTPUTS }, (_, o) =>
        Math.max(
          0,
          q.reduce((sum, value, i) => sum + value * formats['4bitsym'].integers[codes[o * 40 + i]!]!, 0),
        ),
      );
      const top = Math.max(...accumulators);
      const shift = (top >> 7).toString(2).replace(/^0$/, '').length;
      const integers = accumulators.map((value) => Math.min(127, (value + ((1 << shift) >> 1)) >> shift));
      const row = logits.subarray(n * OUTPUTS, (n + 1) * OUTPUTS);
      const unit = (largest / 127 / scales[0]! / 2) * 2 ** shift;
      integers.forEach((integer, o) => {
        expect(row[o]! / unit).toBeCloseTo(integer, 3);
      });
    }
    network.dispose();
  });

  it.each(['PerTensor', 'PerOutput'] as const)(
    'a learned clipping scalar gets the gradient of @bitnetmcu/quant, %s',
    (scaling) => {
      const spec = transparent('4bitsym', scaling);
      const learned = { ...spec.layers[0], weights: { format: '4bitsym', scaling, clipping: { method: 'learned' } } };
      const network = engine.compile(parseNetworkSpec({ ...spec, layers: [learned] }), options) as CompiledNetwork;
      network.load('units', unitVectors);
      network.computeGradients(
        'units',
        Uint32Array.from({ length: INPUTS }, (_, i) => i),
        0,
        INPUTS,
      );
      const weights = network.parameters['fc.weight']!;
      const clips = network.parameters['fc.clip']!;
      const { codes } = quantizeWeights('4bitsym', weights, {
        outputs: OUTPUTS,
        inverseScales: inverseScalesFromClips('4bitsym', clips),
      });
      const expected = clipGradient('4bitsym', weights, codes, network.gradients['fc.weight']!(), {
        outputs: OUTPUTS,
        clips,
      });
      const factor = clipGradientFactor('4bitsym', weights.length / clips.length);
      network.gradients['fc.clip']!().forEach((value, k) => {
        expect(value).toBeCloseTo(expected[k]! * factor, 6);
      });
      network.dispose();
    },
  );
});
