import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type NetworkSpecInput,
  proveAccumulatorBounds,
  type QuantizedModel,
  quantizeInput,
  ReferenceInference,
} from '@bitnetmcu/models';
import { conformanceInputs, conformanceModel, runConformance } from '@bitnetmcu/models/conformance';
import { makeRawFeature, presets, RAW_PREPROCESSING, RAW_SCALE } from '@bitnetmcu/models/internal';
import { fromBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema } from 'onnx-buf';
import { describe, expect, it } from 'vitest';
import { randomInputs, randomNetwork, randomNumbers } from '../../__fixtures__/random-network.js';
import { OnnxRuntimeBackend } from '../../node/onnxruntime-backend.js';
import { quantize } from '../../quantize.js';
import { verify } from '../../verify/verify.js';
import { type ExportOnnxOptions, exportOnnx } from './export-onnx.js';

const runtime = await import('onnxruntime-node').catch(() => undefined);

function preset(
  name: keyof typeof presets,
  change: (spec: NetworkSpecInput) => NetworkSpecInput = (spec) => spec,
): QuantizedModel {
  return quantize(randomNetwork(change(presets[name].build(10)), 3)).model;
}

async function run(
  model: QuantizedModel,
  options: ExportOnnxOptions,
  type: 'int8' | 'uint8',
  data: Int8Array | Uint8Array,
): Promise<number[]> {
  const session = await runtime!.InferenceSession.create(exportOnnx(model, options).bytes, {
    graphOptimizationLevel: 'basic',
  });
  const features = model.input.shape.reduce((a: number, b: number) => a * b, 1);
  const { logits } = await session.run({
    input: new runtime!.Tensor(type, data as Uint8Array, [data.length / features, ...model.input.shape]),
  });
  return Array.from(logits!.data as Int32Array);
}

describe.skipIf(!runtime)('requantization of accumulators near the ends of int32', () => {
  // ONNX Runtime's Min and Max of int64 go wrong from 2^31 on.
  const ends = [-(2 ** 31), 2 ** 31 - 1] as const;
  it.each([
    [0, ...ends],
    [1, ...ends],
    [3, -5, 2 ** 31 - 1],
    [0, -(2 ** 31), 2 ** 20],
    [24, -128, 127],
    [30, -1, 2 ** 31 - 1],
    [8, 0, 2 ** 23],
  ])('shift %i, clipped to %i … %i', async (shift, min, max) => {
    // With the rounding and 127 · 128 they stay within int32.
    const largest = 2 ** 31 - Math.floor(2 ** shift / 2) - 20_000;
    const biases = [-2_147_000_000, -70_000, -1, 0, 1, 70_000, largest];
    const model: QuantizedModel = {
      name: 'ends',
      input: {
        shape: [1],
        preprocessing: { divisor: 1, mean: 0, deviation: 1 },
        quantization: { kind: 'static', scale: 1 },
      },
      nodes: [
        {
          name: 'fc',
          inputs: ['input'],
          op: 'linear',
          inFeatures: 1,
          outFeatures: biases.length,
          weights: {
            format: '8bit',
            codes: new Uint8Array(biases.length).fill(255),
            bias: Int32Array.from(biases),
          },
        },
        { name: 'r', inputs: ['fc'], op: 'requantize', shift, min, max },
        ...(min >= -128 && max <= 127
          ? [{ name: 'wide', inputs: ['r'], op: 'requantize', shift: 0, min: ends[0], max: ends[1] } as const]
          : []),
      ],
      labels: [],
      provenance: {},
    };
    const inputs = Int8Array.of(-128, -1, 0, 3, 127);
    const half = BigInt(Math.floor(2 ** shift / 2));
    const expected = [...inputs].flatMap((x) =>
      biases.map((bias) => {
        const shifted = Number((BigInt(127 * x + bias) + half) >> BigInt(shift));
        return Math.min(max, Math.max(min, shifted));
      }),
    );
    expect(await run(model, {}, 'int8', inputs)).toEqual(expected);
  });
});

describe('exportOnnx', () => {
  it.each(['fc-1k', 'fc-12k-fp130', 'cnn-16-small'] as const)(
    '%s: names inputs, outputs and nodes, and keeps its origin',
    (name) => {
      const model = preset(name);
      const { graph, metadataProps, opsetImport } = fromBinary(ModelProtoSchema, exportOnnx(model).bytes);
      expect(graph!.input.map(({ name }) => name)).toEqual(['input']);
      expect(graph!.output.map(({ name }) => name)).toEqual(['logits']);
      const outputs = graph!.node.flatMap(({ output }) => output);
      for (const { name } of model.nodes) expect(outputs).toContain(`${name}/output`);
      expect(new Set(outputs).size).toBe(outputs.length);
      expect(opsetImport[0]!.version).toBe(17n);
      const metadata = Object.fromEntries(metadataProps.map(({ key, value }) => [key, JSON.parse(value)]));
      expect(metadata).toEqual({
        labels: model.labels,
        preprocessing: model.input.preprocessing,
        inputQuantization: { kind: 'dynamic' },
        provenance: model.provenance,
      });
    },
  );

  it('says what logits mean and what the graph leaves out, in words and in metadata', () => {
    const plain = fromBinary(ModelProtoSchema, exportOnnx(preset('fc-1k'), { form: 'qdq' }).bytes);
    expect(plain.docString).toMatch(/10 float logits; the class is the first largest: .*\.$/);
    const base = preset('fc-1k');
    const values = Array.from({ length: 10 }, (_, i) => ({ name: `v${i}`, decimals: 0 }));
    const scale = { low: -10, high: 10, preShift: 0, multiplier: 1, bias: 0, shift: 0, offset: -10 };
    const raw: QuantizedModel['input']['raw'] = {
      ...{ kind: 'table', type: 'i16' },
      features: Array.from({ length: 256 }, (_, i) =>
        makeRawFeature({ name: `x${i}`, decimals: 1, low: -500, high: 500 }),
      ),
    };
    const model: QuantizedModel = {
      ...base,
      input: {
        ...{ ...base.input, raw, preprocessing: RAW_PREPROCESSING },
        quantization: { kind: 'static', scale: RAW_SCALE },
      },
      output: { task: 'regression', values: values.map((value) => ({ ...value, ...scale })) },
    };
    const { docString, metadataProps } = fromBinary(ModelProtoSchema, exportOnnx(model).bytes);
    expect(docString).toContain('10 int32 logits, which become values: "v0", "v1"');
    expect(docString).toContain(
      'leaves out how raw values become its int8 input (raw) and how logits become values (output)',
    );
    expect(docString).not.toContain('class');
    const metadata = Object.fromEntries(metadataProps.map(({ key, value }) => [key, JSON.parse(value)]));
    expect(metadata).toMatchObject({ raw, output: model.output });
    expect(metadata).not.toHaveProperty('frontEnd');
    expect(() => exportOnnx(model, { input: 'raw' })).toThrow(/raw values of type i16.*leave it out.*quantizeRaw/);
  });

  it('stores one byte a weight', () => {
    const bytes = (form: 'integer' | 'qdq') => exportOnnx(preset('fc-12k'), { form }).bytes.length;
    // 25 216 weights; the rest are nodes and names.
    for (const form of ['integer', 'qdq'] as const) expect(bytes(form)).toBeLessThan(25_216 + 8_000);
  });
});

describe.skipIf(!runtime)(`exported ONNX in ONNX Runtime${runtime ? '' : ' (no onnxruntime-node here)'}`, () => {
  it('integer graphs pass the conformance suite', async () => {
    const report = await runConformance(new OnnxRuntimeBackend(), { models: 60, samples: 8 });
    expect(report).toMatchObject({ models: 60, differences: [] });
  });

  it('QDQ graphs give the same logits wherever that is claimed', async () => {
    let claimed = 0;
    for (let index = 0; index < 60; index++) {
      const model = conformanceModel(2, index);
      if (!exportOnnx(model, { form: 'qdq' }).exact) continue;
      claimed++;
      const features = model.input.shape.reduce((a: number, b: number) => a * b, 1);
      const inputs = conformanceInputs(2, index, features, 8);
      const result = await verify(
        model,
        [new ReferenceInference(), new OnnxRuntimeBackend({ form: 'qdq' })],
        inputs,
        undefined,
      );
      expect([index, result.differences]).toEqual([index, []]);
    }
    expect(claimed).toBeGreaterThan(20);
  });

  it.each(['fc-12k', 'fc-12k-fp130', 'fc-12k-ternary', 'cnn-16-small'] as const)(
    '%s: identical logits in both forms',
    async (name) => {
      const model = preset(name);
      const result = await verify(
        model,
        [new ReferenceInference(), new OnnxRuntimeBackend(), new OnnxRuntimeBackend({ form: 'qdq' })],
        randomInputs(200 * 256, 5),
        undefined,
      );
      expect(result.differences).toEqual([]);
      expect(result.perBackend.map(({ name: backend, mismatches }) => [backend, mismatches])).toEqual([
        ['typescript', 0],
        ['onnx', 0],
        ['onnx-qdq', 0],
      ]);
    },
  );

  it('convolutions beyond what float32 holds run on integers', async () => {
    const { model } = quantize(randomNetwork(presets['cnn-16-small'].build(10), 3), { convolutionShift: 0 });
    const large = proveAccumulatorBounds(model).filter(({ accumulator }) => accumulator.max >= 2 ** 24);
    expect(large.map(({ name }) => name)).toContain('conv3');
    const graph = fromBinary(ModelProtoSchema, exportOnnx(model).bytes).graph!;
    const operators = (node: string) =>
      graph.node.filter(({ name }) => name.startsWith(`${node}/`)).map(({ opType }) => opType);
    expect(operators('conv1')).toContain('Conv');
    expect(operators('conv3')).toEqual(expect.arrayContaining(['Gather', 'MatMul']));
    const result = await verify(
      model,
      [new ReferenceInference(), new OnnxRuntimeBackend()],
      randomInputs(50 * 256, 5),
      undefined,
    );
    expect(result.differences).toEqual([]);
  });

  it('takes raw samples and preprocesses them to the bits of quantizeInput', async () => {
    const random = randomNumbers(8);
    const pixels = Uint8Array.from({ length: 60 * 256 }, (_, i) =>
      i < 256 ? 0 : i < 512 ? 255 : random() < 0.5 ? 0 : random() * 256,
    );
    const dynamic = preset('fc-1k');
    const preprocessing = { divisor: 255, mean: 0, deviation: 1 };
    const models: QuantizedModel[] = [
      dynamic,
      // All pixels 0: the maximum is 0.
      { ...dynamic, input: { ...dynamic.input, preprocessing } },
      { ...dynamic, input: { ...dynamic.input, quantization: { kind: 'static', scale: 47.3 } } },
    ];
    for (const model of models) {
      const expected = Array.from((await new ReferenceInference().load(model)).infer(quantizeInput(model, pixels), 60));
      for (const form of ['integer', 'qdq'] as const)
        expect(await run(model, { form, input: 'raw' }, 'uint8', pixels)).toEqual(expected);
    }
  });
});

const python = process.env.PYTHON ?? 'python3';
const checker = spawnSync(python, ['-c', 'import onnx'], { encoding: 'utf8' }).status === 0;
it.skipIf(!checker)(
  `passes onnx.checker${checker ? '' : ` (skipped: ${python} has no onnx; name another one in PYTHON)`}`,
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'onnx-checker-'));
    try {
      for (const name of ['fc-1k', 'fc-12k-fp130', 'cnn-16-small'] as const) {
        for (const form of ['integer', 'qdq'] as const) {
          for (const input of ['int8', 'raw'] as const)
            writeFileSync(
              join(folder, `${name}-${form}-${input}.onnx`),
              exportOnnx(preset(name), { form, input }).bytes,
            );
        }
      }
      const script =
        'import glob, onnx, sys\nfor path in glob.glob(sys.argv[1] + "/*.onnx"): onnx.checker.check_model(path, full_check=True)';
      expect(spawnSync(python, ['-c', script, folder], { encoding: 'utf8' })).toMatchObject({ stderr: '', status: 0 });
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);
