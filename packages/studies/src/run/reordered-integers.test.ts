// Random networks whose hidden neurons and channels are put into another order: integers of the outputs stay what they are, in the reference and in C.
import { quantize } from '@bitnetmcu/exporter';
import { WasmBackend } from '@bitnetmcu/mcu-runtime';
import { CHostBackend } from '@bitnetmcu/mcu-runtime/node';
import {
  type InferenceBackend,
  type NetworkSpec,
  type NetworkSpecInput,
  parseNetworkSpec,
  type QuantizedModel,
  ReferenceInference,
  type TrainedNetwork,
} from '@bitnetmcu/models';
import { ACTIVATION_NAMES } from '@bitnetmcu/models/internal';
import { FORMAT_NAMES } from '@bitnetmcu/quant';
import { createEngine, Random, type TrainableNetwork } from '@bitnetmcu/trainer';
import { reorderNetwork } from '@bitnetmcu/trainer/internal';
import { describe, expect, it } from 'vitest';

type Layer = NetworkSpecInput['layers'][number];

const NETWORKS = 25;
const INPUTS = 400;
const CALIBRATION = 64;
/** Of every choice the chosen one is the seed's remainder, so that each occurs; what else varies is drawn. */
const NORMS = ['rms', 'none', 'l1'] as const;

/** A network of two or three hidden layers; every fifth begins with convolutions, every third has biases. */
function randomSpec(seed: number): NetworkSpec {
  const random = new Random(seed);
  const next = (below: number) => random.nextBelow(below);
  const format = (k: number) => FORMAT_NAMES[(seed + k * 5) % FORMAT_NAMES.length]!;
  const bias = seed % 3 === 0;
  const functions = seed % 2 === 0 ? (['relu'] as const) : ACTIVATION_NAMES;
  // Biases and tables need a scale that is known beforehand, which an L1 norm takes away.
  const norms = bias || functions.length > 1 ? NORMS.slice(0, 2) : NORMS;
  const scaling = seed % 4 === 1 ? 'PerOutput' : 'PerTensor';
  const linear = (name: string, outputs: number, k: number): Layer => ({
    ...{ type: 'linear', name, outputs, bias, norm: norms[(seed + k) % norms.length]! },
    weights: { format: format(k), scaling },
  });
  const activation = (name: string): Layer => ({
    ...{ type: 'activation', name },
    function: functions[seed % functions.length]!,
  });
  const conv = (name: string, channels: number, rest: object = {}): Layer =>
    ({ type: 'conv2d', name, channels, kernel: [2, 2], weights: { format: '4bitsym' }, ...rest }) as Layer;
  const relu = (name: string): Layer => ({ type: 'activation', name, function: 'relu' });
  const maps = seed % 5 === 0;
  const channels = 3 + next(4);
  const hidden = Array.from({ length: 2 + next(2) }, () => 4 + next(10));
  return parseNetworkSpec({
    name: `random-${seed}`,
    input: { shape: maps ? [1, 6, 6] : [8 + next(16)] },
    layers: [
      ...(maps
        ? [
            ...[conv('c1', channels), relu('r1'), conv('c2', channels, { groups: 'depthwise' }), relu('r2')],
            ...([
              { type: 'maxPool2d', name: 'p' },
              { type: 'flatten', name: 'f' },
            ] as Layer[]),
          ]
        : []),
      ...hidden.flatMap((outputs, k) => [linear(`fc${k}`, outputs, k), activation(`act${k}`)]),
      linear('last', 3 + next(5), hidden.length),
    ],
  });
}

/** Its parameters as they are now. */
function trainedOf(network: TrainableNetwork): TrainedNetwork {
  const parameters = Object.entries(network.parameters).map(([name, values]) => [name, values.slice()] as const);
  return { spec: network.spec, parameters: Object.fromEntries(parameters), labels: [], provenance: {} };
}

async function logitsOf(backend: InferenceBackend, model: QuantizedModel, inputs: Int8Array, count: number) {
  const loaded = await backend.load(model);
  try {
    return Int32Array.from(await loaded.infer(inputs, count));
  } finally {
    loaded.close();
  }
}

describe('reordered networks', async () => {
  const engine = await createEngine({ kind: 'wasm' });
  const backends = [new ReferenceInference(), new WasmBackend(), new CHostBackend()];
  const seen = { formats: new Set<string>(), functions: new Set<string>(), ops: new Set<string>(), moved: 0 };

  it.each(Array.from({ length: NETWORKS }, (_, seed) => seed))(
    'give the integers they gave: network %i',
    async (seed) => {
      const spec = randomSpec(seed);
      const network = engine.compile(spec, { seed });
      const random = new Random(seed + 1000);
      const next = (below: number) => random.nextBelow(below);
      for (const [name, values] of Object.entries(network.parameters)) {
        if (name.endsWith('.bias')) values.set(values.map(() => next(1000) / 2000 - 0.25));
      }
      network.updateClipping(0);
      const features = spec.input.shape.reduce((a: number, b: number) => a * b, 1);
      const samples = Uint8Array.from({ length: CALIBRATION * features }, () => next(256));
      const inputs = Int8Array.from({ length: INPUTS * features }, () => next(255) - 127);
      const integers = () => quantize(trainedOf(network), { calibration: { samples } }).model;
      const before = integers();
      reorderNetwork(network);
      const after = integers();
      network.dispose();
      const codes = ({ nodes }: QuantizedModel) =>
        nodes.flatMap((node) => ('weights' in node ? [...node.weights.codes] : []));
      seen.moved += Number(codes(before).some((code, i) => codes(after)[i] !== code));
      for (const layer of spec.layers) {
        if (layer.type === 'linear') seen.formats.add(layer.weights.format);
        if (layer.type === 'activation') seen.functions.add(layer.function);
      }
      for (const { op } of after.nodes) seen.ops.add(op);
      const wanted = await logitsOf(backends[0]!, before, inputs, INPUTS);
      for (const backend of backends)
        expect(await logitsOf(backend, after, inputs, INPUTS), backend.name).toEqual(wanted);
    },
  );

  it('were other networks than before, of every kind', () => {
    expect(seen.moved).toBe(NETWORKS);
    expect([...seen.formats].sort()).toEqual([...FORMAT_NAMES].sort());
    expect(seen.functions.size).toBeGreaterThan(8);
    expect([...seen.ops]).toEqual(expect.arrayContaining(['linear', 'shiftNorm', 'conv2d', 'lookup']));
  });
});
