// Reordered networks compute what they did, in doubles and rounded, with norms, masks, biases and convolutions.
import { type NetworkSpecInput, parseNetworkSpec } from '@bitnetmcu/models';
import { describe, expect, it } from 'vitest';
import { createEngine } from '../../engine/create-engine.js';
import { forward } from '../../engine/testing/float64-network.js';
import { Random } from '../../random.js';
import { finishedRun } from '../testing/layered-runs.js';
import { reorderNetwork } from './reorder.js';

type Layer = NetworkSpecInput['layers'][number];

const linear = (name: string, outputs: number, rest: object = {}): Layer =>
  ({ type: 'linear', name, outputs, weights: { format: '4bitsym' }, ...rest }) as Layer;
const relu = (name: string): Layer => ({ type: 'activation', name, function: 'relu' });
const conv = (name: string, channels: number, rest: object = {}): Layer =>
  ({ type: 'conv2d', name, channels, weights: { format: '4bitsym' }, ...rest }) as Layer;

const NETWORKS: Readonly<Record<string, NetworkSpecInput>> = {
  // As many outputs as inputs, so that rows and columns cannot be told by their number.
  'linear layers with biases': {
    name: 'square',
    input: { shape: [12] },
    layers: [
      ...[linear('a', 12, { bias: true }), relu('ra'), linear('b', 12, { bias: true }), relu('rb')],
      linear('c', 12, { bias: true }),
    ],
  },
  'scalars an output': {
    name: 'outputs',
    input: { shape: [10] },
    layers: ['a', 'b'].flatMap((name) => [
      linear(name, 7, { weights: { format: '4bitsym', scaling: 'PerOutput' } }),
      relu(`r${name}`),
    ]),
  },
  'convolutions, depthwise ones behind them, pools': {
    name: 'maps',
    input: { shape: [2, 8, 8] },
    layers: [
      ...[conv('c1', 6, { bias: true }), relu('r1'), conv('c2', 12, { groups: 'depthwise' }), relu('r2')],
      { type: 'maxPool2d', name: 'p' },
      ...[
        conv('c3', 5, { kernel: [2, 2] }),
        relu('r3'),
        { type: 'flatten', name: 'f' } as Layer,
        linear('a', 6),
        relu('ra'),
      ],
      linear('b', 4),
    ],
  },
};

/** Sum of the distances of neighbouring rows. */
function roughness(weight: Float32Array, rows: number): number {
  const width = weight.length / rows;
  let sum = 0;
  for (let i = width; i < weight.length; i++) sum += Math.abs(weight[i]! - weight[i - width]!);
  return sum;
}

describe('reorder', async () => {
  const engine = await createEngine({ kind: 'wasm' });

  it.each(Object.entries(NETWORKS))('leaves the outputs as they are: %s', (_, input) => {
    const spec = parseNetworkSpec(input);
    const network = engine.compile(spec, { batchSize: 4, seed: 3, masks: true });
    const random = new Random(5);
    const features = spec.input.shape.reduce((a: number, b: number) => a * b, 1);
    const samples = Array.from({ length: 8 }, () =>
      Float64Array.from({ length: features }, () => random.nextBelow(256)),
    );
    for (const [name, values] of Object.entries(network.parameters)) {
      if (name.endsWith('.bias')) values.set(values.map(() => random.nextBetween(-0.5, 0.5)));
      // Masks of weights that are 0 anyway, so that the doubles need to know nothing of them.
      if (!name.endsWith('.mask')) continue;
      values.set(values.map(() => Number(random.nextBelow(4) > 0)));
      const weight = network.parameters[name.replace('.mask', '.weight')]!;
      weight.set(weight.map((value, i) => (values[i] === 0 ? 0 : value)));
    }
    const outputs = (quantized: boolean) => forward(spec, network.parameters, samples, { quantized });
    const before = [outputs(false), outputs(true)];
    const first = spec.layers[0]!.name;
    const kept = Object.fromEntries(Object.entries(network.parameters).map(([name, values]) => [name, values.slice()]));

    reorderNetwork(network);

    const after = [outputs(false), outputs(true)];
    before.flat().forEach((logits, s) => {
      logits.forEach((value, i) => {
        expect(after.flat()[s]![i]).toBeCloseTo(value, 10);
      });
    });
    // It did something, and what it was for.
    const [old, now] = [kept[`${first}.weight`]!, network.parameters[`${first}.weight`]!];
    const [layer] = spec.layers;
    const rows = layer?.type === 'linear' ? layer.outputs : 6;
    expect(roughness(now, rows)).toBeLessThan(roughness(old, rows));
    for (const [name, values] of Object.entries(network.parameters)) {
      expect(values.slice().sort(), name).toEqual(kept[name]!.slice().sort());
      if (!name.endsWith('.mask')) continue;
      const weight = network.parameters[name.replace('.mask', '.weight')]!;
      expect(weight.filter((value, i) => values[i] === 0 && value !== 0)).toHaveLength(0);
    }
    network.dispose();
  });

  it('happens after the last epoch of a run, and changes no score', async () => {
    const [plain, reordered] = [await finishedRun([]), await finishedRun([{ kind: 'reorder' }])];
    const weights = ({ network }: ReturnType<typeof plain.checkpoint>) => network.parameters['fc1.weight']!.slice();
    const [a, b] = [weights(plain.checkpoint()), weights(reordered.checkpoint())];
    expect(b).not.toEqual(a);
    expect(b.sort()).toEqual(a.sort());
    expect(reordered.history.map(({ validation }) => validation?.accuracy)).toEqual(
      plain.history.map(({ validation }) => validation?.accuracy),
    );
  });
});
