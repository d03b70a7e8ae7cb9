// From spec to C: networks of 1×N signals, with sums and with biases, trained on synthetic signals, as integers in every implementation.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WasmBackend } from '@bitnetmcu/mcu-runtime';
import { hostCompiler } from '@bitnetmcu/mcu-runtime/node';
import { type InferenceBackend, type NetworkSpecInput, quantizeInput, ReferenceInference } from '@bitnetmcu/models';
import { createTrainingRun, type Dataset, makeDataset } from '@bitnetmcu/trainer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { randomNumbers } from '../__fixtures__/random-network.js';
import { quantize } from '../quantize.js';
import { verify } from '../verify/verify.js';
import { ExportedCBackend } from './exported-c-backend.js';
import { OnnxRuntimeBackend } from './onnxruntime-backend.js';

const WIDTH = 48;
const SHAPES = [
  (phase: number) => Math.sin(2 * Math.PI * phase),
  (phase: number) => (phase % 1 < 0.5 ? 1 : -1),
  (phase: number) => 2 * (phase % 1) - 1,
];

/** Sines, squares and sawtooths of any phase and several frequencies, with noise, around 128. */
function signals(): Dataset {
  const random = randomNumbers(7);
  const part = (count: number) => {
    const bytes = new Uint8Array(count * WIDTH);
    const labels = Uint16Array.from({ length: count }, () => Math.floor(random() * SHAPES.length));
    for (let s = 0; s < count; s++) {
      const [start, frequency, amplitude] = [random(), 2 + 3 * random(), 40 + 60 * random()];
      for (let x = 0; x < WIDTH; x++) {
        const value = SHAPES[labels[s]!]!(start + (frequency * x) / WIDTH);
        bytes[s * WIDTH + x] = 128 + amplitude * value + 16 * (random() - 0.5);
      }
    }
    return { count, bytes, labels };
  };
  return makeDataset({
    name: 'signals',
    train: part(900),
    test: part(300),
    shape: [1, 1, WIDTH],
    labels: ['sine', 'square', 'sawtooth'],
  });
}

type LayerInput = NetworkSpecInput['layers'][number];

function network(name: string, layers: readonly LayerInput[]): NetworkSpecInput {
  const preprocessing = { divisor: 255, mean: 0.5, deviation: 0.25 };
  return { name, input: { shape: [1, 1, WIDTH], preprocessing }, layers: [...layers] };
}

const weights = { format: '8bit' } as const;
const conv = (name: string, channels: number, more: object = {}): LayerInput => ({
  ...{ type: 'conv2d', name, channels, kernel: [1, 5], padding: [0, 2], weights },
  ...more,
});
const relu = (name: string, inputs?: [string]): LayerInput => ({
  ...{ type: 'activation', name, function: 'relu' },
  ...(inputs ? { inputs } : {}),
});
const linear = (name: string, outputs: number, more: object = {}): LayerInput => ({
  ...{ type: 'linear', name, outputs, weights: { format: '4bitsym' } },
  ...more,
});
const pool: LayerInput = { type: 'maxPool2d', name: 'pool', size: [1, 3], stride: [1, 2], padding: [0, 1] };

const networks: readonly NetworkSpecInput[] = [
  network('signal', [
    ...[conv('conv1', 8, { kernel: [1, 7], padding: [0, 3] }), relu('relu1'), pool],
    ...[conv('conv2', 12), relu('relu2')],
    { type: 'avgPool2d', name: 'mean', size: [1, 4], stride: [1, 3], padding: [0, 1] },
    { type: 'flatten', name: 'flatten' },
    ...[linear('fc1', 16), relu('relu3'), linear('fc2', 3)],
  ]),
  network('residual', [
    ...[conv('conv1', 8), relu('relu1'), pool],
    ...[conv('conv2', 8), relu('relu2'), conv('conv3', 8, { weights: { format: '4bitsym' } })],
    { type: 'add', name: 'sum', inputs: ['pool', 'conv3'] },
    relu('relu3'),
    { type: 'maxPool2d', name: 'pool2', size: [1, 4] },
    { type: 'flatten', name: 'flatten' },
    // Norms that depend on the sample may follow sums: up to the logits everything is scale-free.
    ...[linear('fc1', 16), relu('relu4'), linear('fc2', 3)],
  ]),
  network('biased', [
    { type: 'crop', name: 'middle', top: 0, left: 2, height: 1, width: 44 },
    ...[conv('conv1', 8, { bias: true }), relu('relu1'), pool],
    ...[conv('conv2', 8, { groups: 'depthwise', bias: true }), relu('relu2')],
    { type: 'avgPool2d', name: 'mean', size: [1, 3], padding: [0, 1], countIncludePad: false },
    { type: 'flatten', name: 'flatten' },
    ...[linear('fc1', 16, { bias: true, norm: 'none' }), relu('relu3')],
    linear('fc2', 3, { bias: true, norm: 'none' }),
  ]),
];

const present = hostCompiler().kind === 'found';
const onnx = await import('onnxruntime-node').then(
  () => [new OnnxRuntimeBackend()],
  () => [],
);

describe.each(networks)('$name, trained on signals of one row', (spec) => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'trained-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('has equal logits in TypeScript, WebAssembly, exported C and ONNX, and the accuracy of training', async () => {
    const dataset = signals();
    const run = await createTrainingRun(
      { network: spec, epochs: 12, batchSize: 32, learningRate: 0.004, validation: 0, engine: 'wasm' },
      { dataset },
    );
    const result = await run.run();
    const trained = run.trainedNetwork();
    await run.close();
    if (result.status !== 'finished') throw new Error(result.status);
    expect(result.test.accuracy).toBeGreaterThan(0.95);

    const { model } = quantize(trained, { calibration: { samples: dataset.train.bytes } });
    const backends: InferenceBackend[] = [new ReferenceInference(), new WasmBackend(), ...onnx];
    if (present) backends.push(new ExportedCBackend({ cache: folder }));
    const inputs = quantizeInput(model, dataset.test.bytes);
    const { differences, perBackend } = await verify(model, backends, inputs, dataset.test.labels);
    expect(differences).toEqual([]);
    for (const { accuracy } of perBackend) expect(accuracy).toBeGreaterThan(result.test.accuracy - 0.03);
  }, 60_000);
});
