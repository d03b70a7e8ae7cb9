// The deepest network that a spec may describe goes through every stage in about a second each: nothing grows faster than the number of layers.

import { LAYOUT_NAMES, layoutModel, WasmBackend } from '@bitnetmcu/mcu-runtime';
import {
  decodeBnm,
  decodeTrainedNetwork,
  encodeBnm,
  encodeTrainedNetwork,
  formatSummary,
  type NetworkSpecInput,
  parseNetworkSpec,
  proveAccumulatorBounds,
  ReferenceInference,
  summarizeModel,
  summarizeSpec,
  type TrainedNetwork,
} from '@bitnetmcu/models';
import { MAX_LAYERS, networkParameters } from '@bitnetmcu/models/internal';
import { createEngine, Random } from '@bitnetmcu/trainer';
import { describe, expect, it } from 'vitest';
import { exportC } from './c/export-c.js';
import { exportOnnx } from './onnx/export/export-onnx.js';
import { quantize } from './quantize.js';

/**
 * Processor time, not time on the clock: other work on the machine does not count. What was cubic took 3 to 35 s here.
 */
const SECONDS_A_STAGE = 1;

type LayerInput = NetworkSpecInput['layers'][number];

const linear = (i: number, outputs: number): LayerInput => ({
  type: 'linear',
  name: `l${i}`,
  outputs,
  weights: { format: '4bitsym' },
});
const relu = (i: number): LayerInput => ({ type: 'activation', name: `l${i}`, function: 'relu' });

function deep(shape: [number] | [number, number, number], weighted: (i: number) => LayerInput): NetworkSpecInput {
  const layers = Array.from({ length: MAX_LAYERS - 1 }, (_, i) => (i % 2 === 0 ? weighted(i) : relu(i)));
  layers[MAX_LAYERS - 2] = relu(MAX_LAYERS - 2);
  return { name: 'deep', input: { shape }, layers: [...layers, linear(MAX_LAYERS - 1, 10)] };
}

const convolution = (i: number, groups: 1 | 'depthwise'): LayerInput => ({
  type: 'conv2d',
  name: `l${i}`,
  channels: 2,
  padding: 1,
  groups,
  weights: { format: '8bit' },
});

const networks: Record<string, NetworkSpecInput> = {
  'linear layers': deep([16], (i) => linear(i, 16)),
  convolutions: deep([1, 8, 8], (i) => convolution(i, 1)),
  'depthwise convolutions': deep([2, 8, 8], (i) => convolution(i, 'depthwise')),
};

/** The result of a stage, and that it was quick. */
async function stage<T>(name: string, run: () => T | Promise<T>): Promise<T> {
  const before = process.cpuUsage();
  const result = await run();
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1e6, `seconds of processor time for: ${name}`).toBeLessThan(SECONDS_A_STAGE);
  return result;
}

describe.each(Object.keys(networks))(`${MAX_LAYERS} layers: %s`, (kind) => {
  it('each stage takes less than a second', async () => {
    const spec = await stage('reading the spec', () => parseNetworkSpec(networks[kind]));
    await stage('summary', () => formatSummary(summarizeSpec(spec)));
    const optimizer = { kind: 'sgd', momentum: 0.9, nesterov: false, weightDecay: 0 } as const;
    const loss = [{ kind: 'crossEntropy', weight: 1, labelSmoothing: 0 }] as const;
    for (const engineKind of ['native', 'wasm'] as const) {
      const engine = await createEngine({ kind: engineKind }).catch(() => undefined);
      if (engine === undefined) continue;
      const network = await stage(`compiling for ${engineKind}`, () =>
        engine.compile(spec, { batchSize: 4, optimizer, loss, seed: 1 }),
      );
      network.dispose();
    }
    const random = new Random(1);
    const parameters = Object.fromEntries(
      networkParameters(spec)
        .filter(({ required }) => required)
        .map(({ key, lengths }) => [key, Float32Array.from({ length: lengths[0]! }, () => random.nextBetween(-1, 1))]),
    );
    const provenance = { tool: 'test', created: '2026-01-01T00:00:00.000Z' };
    const trained: TrainedNetwork = { spec, parameters, labels: [], provenance };
    const read = await stage('.bnt file', () => decodeTrainedNetwork(encodeTrainedNetwork(trained)));
    const model = await stage('quantization', () => quantize(read).model);
    await stage('.bnm file', () => decodeBnm(encodeBnm(model)));
    await stage('bounds', () => proveAccumulatorBounds(model));
    await stage('summary of the integer network', () => formatSummary(summarizeModel(model)));
    await stage('reference', async () => (await new ReferenceInference().load(model)).close());
    await stage('WebAssembly', async () => (await new WasmBackend().load(model)).close());
    for (const layout of LAYOUT_NAMES) {
      await stage(`layout ${layout}`, () => layoutModel(model, layout));
    }
    await stage('C', () => exportC(model));
    await stage('ONNX', () => exportOnnx(model));
  }, 60_000);
});
