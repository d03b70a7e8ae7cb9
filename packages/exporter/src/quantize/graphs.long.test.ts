// Imports end to end: codes against those in the files, integer networks against the float graphs and across implementations.

import { WasmBackend } from '@bitnetmcu/mcu-runtime';
import { type QuantizedModel, quantizeInput, ReferenceInference } from '@bitnetmcu/models';
import { argmax, nodeIntegers, ReferenceModel } from '@bitnetmcu/models/internal';
import { describe, expect, it } from 'vitest';
import { compareWithFloat } from '../float/compare.js';
import { graphOf, node, randomTensor, scalar } from '../onnx/__fixtures__/build-graph.js';
import { fixtureGraph, fixtureNames, randomImages } from '../onnx/__fixtures__/fixtures.js';
import { onnxReference } from '../onnx/import/onnx-reference.js';
import { toTrainedNetwork } from '../onnx/import/to-trained-network.js';
import type { OnnxGraph } from '../onnx/ir/graph.js';
import { elementsOf } from '../onnx/ir/tensor.js';
import { quantize } from '../quantize.js';
import { verify } from '../verify/verify.js';

function sampleOf(graph: OnnxGraph): number[] {
  return graph.inputs[0]!.shape!.slice(1).map(Number);
}

function integersOf(model: QuantizedModel, name: string): number[] {
  const node = model.nodes.find((candidate) => candidate.name === name)!;
  if (node.op !== 'linear' && node.op !== 'conv2d') throw new Error(`${name} has no weights`);
  return [...nodeIntegers(node)];
}

describe('BitLinear graphs', () => {
  it.each(['torchscript', 'dynamo'])('%s: the codes of training, and the float graph’s classes', async (exporter) => {
    const graph = await fixtureGraph(`bitlinear-${exporter}.onnx`);
    const { model, report } = quantize(graph);
    expect(report.activations).toBe('scale-free');
    expect(report.layers.map(({ format, gridDetected }) => [format, gridDetected])).toEqual(
      new Array(3).fill(['4bitsym', true]),
    );
    // What the training script does: round(w·8/clip − ½) clipped to −8 … 7, plus ½; the integer weight is twice that.
    const source = await fixtureGraph('bitlinear-torchscript.onnx');
    for (const layer of ['fc1', 'fc2', 'fc3']) {
      const clip = source.initializers.get(`${layer}.clip`)!.data[0]!;
      const expected = Array.from(source.initializers.get(`${layer}.weight`)!.data, (w) => {
        const scaled = Math.fround(Math.fround(w * Math.fround(8 / clip)) - 0.5);
        return 2 * Math.min(7, Math.max(-8, Math.round(scaled))) + 1;
      });
      expect(integersOf(model, layer)).toEqual(expected);
    }
    const images = randomImages(400, 256, 5);
    const comparison = await compareWithFloat(
      model,
      new ReferenceModel(model),
      onnxReference(graph, sampleOf(graph)),
      images,
    );
    expect(comparison.agreement).toBe(1);
    expect(comparison.differences.relative).toBeLessThan(0.01);
  });

  it('keep their codes on the way through a TrainedNetwork', async () => {
    const graph = await fixtureGraph('bitlinear-dynamo.onnx');
    const trained = toTrainedNetwork(graph);
    expect(trained.spec.layers[0]).toMatchObject({
      type: 'linear',
      norm: 'rms',
      activationQuantizer: 'max-abs',
      bias: false,
    });
    const { model } = quantize(graph, { normalization: 'shiftNorm' });
    const again = quantize(trained).model;
    expect(again.nodes.map(({ op }) => op)).toEqual(model.nodes.map(({ op }) => op));
    for (const layer of ['fc1', 'fc2', 'fc3']) expect(integersOf(again, layer)).toEqual(integersOf(model, layer));
  });
});

describe('quantized graphs', () => {
  it.each([
    [
      'lenet-qdq-ort.onnx',
      {
        conv1: 'onnx::Conv_32_quantized',
        conv2: 'onnx::Conv_35_quantized',
        fc1: 'fc1.weight_quantized',
        fc2: 'fc2.weight_quantized',
      },
    ],
    [
      'mlp-brevitas-qcdq.onnx',
      {
        layer2: '/2/weight_quant/export_handler/Constant_1_output_0',
        layer4: '/4/weight_quant/export_handler/Constant_1_output_0',
      },
    ],
  ] as const)('%s needs no calibration and keeps the codes of the file', async (name, weights) => {
    const graph = await fixtureGraph(name);
    const { model, report } = quantize(graph);
    expect(report.layers.every(({ gridDetected }) => gridDetected)).toBe(true);
    for (const [layer, initializer] of Object.entries(weights)) {
      expect(integersOf(model, layer)).toEqual([...graph.initializers.get(initializer)!.data]);
    }
    const features = elementsOf(sampleOf(graph));
    const reference = onnxReference(graph, sampleOf(graph));
    const { agreement } = await compareWithFloat(
      model,
      new ReferenceModel(model),
      reference,
      randomImages(60, features, 5),
    );
    expect(agreement).toBeGreaterThan(0.9);
  });

  it('scales an output that are no powers of two are quantized again', async () => {
    const graph = await fixtureGraph('lenet-qdq-ort-per-channel.onnx');
    expect(() => quantize(graph)).toThrow(expect.objectContaining({ code: 'no-calibration' }));
    const { report } = quantize(graph, { calibration: { samples: randomImages(8, 784, 1) }, equalization: 'off' });
    expect(report.layers.map(({ gridDetected }) => gridDetected)).toEqual([false, false, false, false]);
  });
});

/** Of each pair of exporters one: the layers are the same. */
const FLOAT = fixtureNames.filter((name) => !/bitlinear|qdq|qcdq|dynamo|keras/.test(name));

describe.each(FLOAT)('%s', (name) => {
  it('loses little at 8 bits, with identical logits in TypeScript and WebAssembly', async () => {
    const graph = await fixtureGraph(name);
    const sample = sampleOf(graph);
    const features = elementsOf(sample);
    const options = { calibration: { samples: randomImages(24, features, 1) }, equalization: 'off' } as const;
    const { model, report } = quantize(graph, options);
    expect(report.activations).toBe('static');
    expect(report.logitError).toBeLessThan(0.06);
    const images = randomImages(30, features, 2);
    const comparison = await compareWithFloat(model, new ReferenceModel(model), onnxReference(graph, sample), images);
    expect(comparison.differences.relative).toBeLessThan(0.08);
    const inputs = quantizeInput(model, images);
    const result = await verify(model, [new ReferenceInference(), new WasmBackend()], inputs, undefined);
    expect(result.differences).toEqual([]);
  });
});

describe('toTrainedNetwork', () => {
  it('gives what a fine-tuned network goes back with, codes and all', async () => {
    const graph = await fixtureGraph('lenet-torchscript.onnx');
    const trained = toTrainedNetwork(graph, { quantizer: '4bitsym', mixed: { fc2: '8bit' } });
    expect(trained.spec.layers.map(({ type }) => type).join(' ')).toBe(
      'conv2d activation avgPool2d conv2d activation maxPool2d flatten linear activation linear',
    );
    const { model } = quantize(trained, {
      imported: {},
      calibration: { samples: randomImages(16, 784, 1) },
      equalization: 'off',
    });
    const formats = model.nodes.flatMap((node) => ('weights' in node ? [node.weights.format] : []));
    expect(formats).toEqual(['4bitsym', '4bitsym', '4bitsym', '8bit']);
    // Without biases it is scale-free, but the weights are encoded the same.
    const unbiased = {
      ...trained,
      spec: {
        ...trained.spec,
        layers: trained.spec.layers.map((layer) => ('bias' in layer ? { ...layer, bias: false } : layer)),
      },
      parameters: Object.fromEntries(Object.entries(trained.parameters).filter(([key]) => !key.endsWith('.bias'))),
    };
    for (const layer of ['conv1', 'conv2', 'fc1', 'fc2']) {
      expect(integersOf(model, layer)).toEqual(integersOf(quantize(unbiased).model, layer));
    }
  });

  it('takes residual blocks and signals of one row', async () => {
    const layersOf = async (name: string) => {
      const { spec } = toTrainedNetwork(await fixtureGraph(name));
      return spec.layers.map(({ type }) => type).join(' ');
    };
    expect(await layersOf('residual-dynamo.onnx')).toMatch(/conv2d add activation/);
    expect(await layersOf('signal-1d-dynamo.onnx')).toBe(
      'conv2d activation maxPool2d conv2d activation maxPool2d flatten linear',
    );
  });

  it.each(['residual-torchscript.onnx', 'signal-1d-torchscript.onnx'])(
    '%s goes through a TrainedNetwork with the classes of the graph',
    async (name) => {
      const graph = await fixtureGraph(name);
      const sample = sampleOf(graph);
      const features = elementsOf(sample);
      const trained = toTrainedNetwork(graph, { quantizer: '8bit' });
      const calibration = { samples: randomImages(24, features, 1) };
      const { model } = quantize(trained, { imported: {}, calibration });
      const images = randomImages(60, features, 2);
      const { agreement } = await compareWithFloat(
        model,
        new ReferenceModel(model),
        onnxReference(graph, sample),
        images,
      );
      expect(agreement).toBeGreaterThan(0.9);
      const inputs = quantizeInput(model, images);
      const { differences } = await verify(model, [new ReferenceInference(), new WasmBackend()], inputs, undefined);
      expect(differences).toEqual([]);
    },
  );

  it('lists what a NetworkSpec cannot say', () => {
    const constants = { w: randomTensor([6, 10], 1), low: scalar(0), high: scalar(6) };
    const graph = graphOf(['n', 6], constants, [
      node('MatMul', ['x', 'w'], 'a'),
      node('Clip', ['a', 'low', 'high'], 'b'),
      node('Flatten', ['b'], 'y'),
    ]);
    expect(() => toTrainedNetwork(graph)).toThrow(/relu.*its ReLU ends at 6/s);
  });
});

describe('quantize a graph', () => {
  it('refuses what it cannot calibrate with', async () => {
    const graph = await fixtureGraph('mlp-bias-torchscript.onnx');
    const code = (expected: string) => expect.objectContaining({ code: expected });
    expect(() => quantize(graph)).toThrow(code('no-calibration'));
    expect(() => quantize(graph, { calibration: { samples: new Float32Array(100) } })).toThrow(
      code('invalid-calibration'),
    );
    const samples = new Float32Array(256).fill(Number.NaN);
    expect(() => quantize(graph, { calibration: { samples } })).toThrow(/finite numbers/);
    const calibration = { samples: randomImages(8, 256, 1) };
    expect(() => quantize(graph, { calibration, mixed: { fc9: '4bit' } })).toThrow(/fc9.*layer1, layer3, layer5/);
    expect(() => quantize(graph, { calibration, inputScale: -1 })).toThrow(code('invalid-option'));
  });

  it('takes formats a layer, an input scale and preprocessing', async () => {
    const graph = await fixtureGraph('mlp-bias-torchscript.onnx');
    const preprocessing = { divisor: 255, mean: 0.1307, deviation: 0.3081 };
    const samples = randomImages(32, 256, 1).map((x) => Math.round(Math.max(0, (x + 0.4242) * 78)));
    const { model, report } = quantize(graph, {
      calibration: { samples },
      quantizer: '4bit',
      mixed: { layer5: '8bit' },
      inputScale: 1 / 40,
      preprocessing,
      name: 'mlp',
      labels: [...'0123456789'],
    });
    expect(report.layers.map(({ format }) => format)).toEqual(['4bit', '4bit', '8bit']);
    expect(model.input).toMatchObject({ preprocessing, quantization: { kind: 'static', scale: 40 } });
    expect(model).toMatchObject({ name: 'mlp', provenance: { onnx: { preprocessing } } });
    const logits = new ReferenceModel(model).infer(quantizeInput(model, samples.subarray(0, 256)), 1);
    expect(argmax(logits)).toBeLessThan(10);
  });
});
