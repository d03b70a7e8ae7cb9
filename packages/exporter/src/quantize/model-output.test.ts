// Trained networks whose outputs are no classes: their integers against the float formulas, by hand.
import { quantizeInput, ReferenceInference, type TrainedNetwork } from '@bitnetmcu/models';
import { decide, type OutputSpec, ReferenceModel } from '@bitnetmcu/models/internal';
import { describe, expect, it } from 'vitest';
import { quantize } from '../quantize.js';

const FEATURES = 3;
const layer = {
  type: 'linear',
  weights: { format: '8bit', scaling: 'PerTensor' },
  norm: 'none',
  activationQuantizer: 'none',
} as const;

/** One linear layer over bytes that stand for −4 … 4. */
function network(output: OutputSpec | undefined, weight: readonly number[], bias: readonly number[]): TrainedNetwork {
  return {
    spec: {
      name: 'n',
      input: { shape: [FEATURES], preprocessing: { divisor: 32, mean: 4, deviation: 1 } },
      layers: [{ ...layer, name: 'fc', outputs: bias.length, bias: true }],
      ...(output && { output }),
    } as unknown as TrainedNetwork['spec'],
    parameters: {
      'fc.weight': Float32Array.from(weight),
      'fc.bias': Float32Array.from(bias),
      'fc.clip': Float32Array.of(Math.max(...weight.map(Math.abs))),
    },
    labels: [],
    provenance: {},
  };
}

/** Every 37th byte: all ranges, in many combinations. */
const bytes = Uint8Array.from({ length: 300 * FEATURES }, (_, i) => (i * 37) % 256);
const values = Array.from(bytes, (byte) => byte / 32 - 4);

describe('a regression', () => {
  const weight = [0.5, -0.25, 0.125];
  const output: OutputSpec = {
    task: 'regression',
    values: [{ name: 'load', unit: 'kg', decimals: 1, mean: 200, deviation: 40, low: 0, high: 320 }],
  };

  it('answers mean + deviation·(weight·x + bias) in tenths, held within low and high', () => {
    const { model } = quantize(network(output, weight, [0.3]), { calibration: { samples: bytes } });
    expect(model.output).toMatchObject({ task: 'regression', values: [{ name: 'load', unit: 'kg', decimals: 1 }] });
    const inputs = quantizeInput(model, bytes);
    const logits = new ReferenceModel(model).infer(inputs, 300);
    let clamped = 0;
    for (let i = 0; i < 300; i++) {
      const x = values.slice(i * FEATURES, (i + 1) * FEATURES);
      const exact = 10 * (200 + 40 * (x[0]! * 0.5 - x[1]! * 0.25 + x[2]! * 0.125 + 0.3));
      const decision = decide(model, [], logits.subarray(i, i + 1));
      if (decision.task !== 'regression') throw new Error(decision.task);
      const wanted = Math.min(Math.max(exact, 0), 3200);
      clamped += Number(wanted !== exact);
      // Weights of 8 bits are a 254th of the largest off at most: 4·3·0.5/254·400 is 10 tenths.
      expect(Math.abs(decision.values[0]! - wanted)).toBeLessThan(12);
    }
    expect(clamped).toBeGreaterThan(0);
  });

  it('needs calibration and one scale for all samples, and says so', () => {
    expect(() => quantize(network(output, weight, [0.3]))).toThrow(/gives numbers \(regression\).*calibration/);
    const scaleFree = { activations: 'scale-free', calibration: { samples: bytes } } as const;
    expect(() => quantize(network(output, weight, [0.3]), scaleFree)).toThrow(/scale-free/);
  });

  it('refuses decimals beyond 32 bits', () => {
    const fine = { ...output, values: [{ ...output.values[0]!, decimals: 9 }] };
    expect(() => quantize(network(fine, weight, [0.3]), { calibration: { samples: bytes } })).toThrow(
      /load have no integers: .* use fewer decimals/,
    );
  });
});

describe('anomalies', () => {
  const output: OutputSpec = { task: 'anomaly', quantile: 0.9 };
  // The first feature stands for all: samples whose features are alike are given back.
  const mirror = network(output, [1, 0, 0, 1, 0, 0, 1, 0, 0], [0, 0, 0]);
  const alike = Uint8Array.from({ length: 100 * FEATURES }, (_, i) => 28 + 2 * Math.floor(i / FEATURES));

  it('score 0 what is given back, and what is not by its squared distance in int8', () => {
    const { model } = quantize(mirror, { calibration: { samples: alike } });
    const one = (...sample: number[]) => {
      const input = quantizeInput(model, sample);
      return decide(model, input, new ReferenceModel(model).infer(input, 1));
    };
    expect(one(100, 100, 100)).toMatchObject({ task: 'anomaly', isAnomaly: false });
    const decision = one(128, 168, 98);
    if (decision.task !== 'anomaly' || model.input.quantization.kind !== 'static') throw new Error('no anomaly');
    // Distances of 40 and 30 bytes, in steps of the input's scale.
    const step = model.input.quantization.scale / 32;
    const wanted = (40 * step) ** 2 + (30 * step) ** 2;
    expect(Math.abs(decision.score - wanted)).toBeLessThan(0.1 * wanted);
    expect(decision.isAnomaly).toBe(true);
  });

  it('have the threshold that nine tenths of the given normal samples do not exceed', () => {
    // Scores rise with the second feature's distance: the 18th of 20 is the threshold.
    const normal = Uint8Array.from({ length: 20 * FEATURES }, (_, i) =>
      i % FEATURES === 1 ? 128 + 3 * Math.floor(i / FEATURES) : 128,
    );
    const { model } = quantize(mirror, { calibration: { samples: alike }, normal: { samples: normal } });
    const anomalies = Array.from({ length: 20 }, (_, i) => {
      const input = quantizeInput(model, normal.subarray(i * FEATURES, (i + 1) * FEATURES));
      const decision = decide(model, input, new ReferenceModel(model).infer(input, 1));
      return decision.task === 'anomaly' && decision.isAnomaly;
    });
    expect(anomalies.map(Number)).toEqual([...new Array(18).fill(0), 1, 1]);
  });
});

it('labels need no calibration where the network has no bias', async () => {
  const { spec, parameters, ...rest } = network({ task: 'multiLabel' }, [1, 0, 0, 0, -1, 0], [0, 0]);
  const { model } = quantize({ ...rest, spec, parameters });
  expect(model.output).toEqual({ task: 'multiLabel' });
  const loaded = await new ReferenceInference().load(model);
  const input = quantizeInput(model, [200, 200, 10]);
  expect(decide(model, input, await loaded.infer(input, 1))).toEqual({ task: 'multiLabel', labels: [true, false] });
});
