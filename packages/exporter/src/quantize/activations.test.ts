// Every activation function of the registry from a trained network to integers.
import { ModelError, type TrainedNetwork } from '@bitnetmcu/models';
import { ACTIVATION_NAMES, activationOf, ReferenceModel } from '@bitnetmcu/models/internal';
import { describe, expect, it } from 'vitest';
import { randomNetwork, randomNumbers } from '../__fixtures__/random-network.js';
import { floatNetworkOf } from '../float/float-network-of.js';
import { forwardNetwork } from '../float/forward-network.js';
import { quantize } from '../quantize.js';

const PREPROCESSING = { divisor: 255, mean: 0.5, deviation: 0.25 };

function trained(name: string, norm: 'none' | 'rms' | 'l1' = 'none'): TrainedNetwork {
  const linear = (layer: string, outputs: number) =>
    ({ type: 'linear', name: layer, outputs, norm, weights: { format: '4bitsym' } }) as const;
  const network = randomNetwork(
    {
      name: 'net',
      input: { shape: [24], preprocessing: PREPROCESSING },
      layers: [
        linear('fc1', 20),
        { type: 'activation', name: 'act1', function: 'relu' },
        linear('fc2', 16),
        { type: 'activation', name: 'act2', function: 'relu' },
        linear('fc3', 5),
      ],
    },
    2,
  );
  const layers = network.spec.layers.map((layer) =>
    layer.type === 'activation' ? { ...layer, function: name } : layer,
  );
  return { ...network, spec: { ...network.spec, layers } } as TrainedNetwork;
}

function samplesOf(count: number, seed: number): Uint8Array {
  const random = randomNumbers(seed);
  return Uint8Array.from({ length: 24 * count }, () => Math.floor(256 * random()));
}

describe.each(ACTIVATION_NAMES)('activation %s', (name) => {
  const byTable = activationOf(name).integerForm === 'table';

  it.each(['none', 'rms'] as const)('classifies as the float network does, norm %s', (norm) => {
    const network = trained(name, norm);
    const { model } = quantize(network, byTable ? { calibration: { samples: samplesOf(200, 1) } } : {});
    // The last table is what needs a scale last: the norm behind it is the scale-free one.
    expect(model.nodes.filter(({ op }) => op === 'rmsNorm')).toHaveLength(byTable && norm === 'rms' ? 2 : 0);
    expect(model.nodes.filter(({ op }) => op === 'lookup')).toHaveLength(byTable ? 2 : 0);
    const x = Float64Array.from(samplesOf(100, 2), (pixel) => (pixel / 255 - 0.5) / 0.25);
    const { quantization } = model.input;
    const scale = quantization.kind === 'static' ? quantization.scale : 127 / 2;
    const integers = new ReferenceModel(model).infer(
      Int8Array.from(x, (value) => Math.min(127, Math.max(-128, Math.round(value * scale)))),
      100,
    );
    const floats = forwardNetwork(floatNetworkOf(network), x, 100).get('fc3')!;
    const first = (values: ArrayLike<number>, sample: number) => {
      const logits = Array.from({ length: 5 }, (_, i) => values[5 * sample + i]!);
      return logits.indexOf(Math.max(...logits));
    };
    const same = Array.from({ length: 100 }, (_, s) => first(integers, s) === first(floats, s)).filter(Boolean);
    // Random weights leave logits near each other, and functions that square spread int8 thinly.
    expect(same.length).toBeGreaterThanOrEqual(85);
  });

  it.runIf(byTable)('asks for calibration, and for another norm than L1', () => {
    expect(() => quantize(trained(name))).toThrow(
      expect.objectContaining({ code: 'no-calibration', message: expect.stringContaining(`looks ${name} up`) }),
    );
    const calibration = { samples: samplesOf(20, 1) };
    expect(() => quantize(trained(name, 'l1'), { calibration })).toThrow(
      expect.objectContaining({
        code: 'unsupported-graph',
        message: expect.stringMatching(/act1 .*"norm": "none" or "rms"/),
      }),
    );
  });
});

describe('an activation function that no registry has', () => {
  it('is refused by quantization', () => {
    expect(() => quantize(trained('sine'))).toThrow(ModelError);
    expect(() => floatNetworkOf(trained('sine'))).toThrow(ModelError);
  });
});
