// Graphs of Keras as tf2onnx writes them: channels last, padding on one side, dense layers on maps. What the graph computes is worked by
// its plain evaluation on samples that this test transposes itself, and by ONNX Runtime.
import { WasmBackend } from '@bitnetmcu/mcu-runtime';
import { type QuantizedModel, quantizeInput, ReferenceInference, type Shape } from '@bitnetmcu/models';
import { ReferenceModel } from '@bitnetmcu/models/internal';
import { describe, expect, it } from 'vitest';
import { compareWithFloat } from '../../float/compare.js';
import { forwardNetwork } from '../../float/forward-network.js';
import { onnxRuntimeReference } from '../../node/onnxruntime-reference.js';
import { toTrainedNetwork } from '../../onnx/import/to-trained-network.js';
import { quantize } from '../../quantize.js';
import { verify } from '../../verify/verify.js';
import { graphOf, int64, node, randomTensor } from '../__fixtures__/build-graph.js';
import { fixtureBytes, fixtureGraph, fixtureNames, randomImages } from '../__fixtures__/fixtures.js';
import { evaluateOnnx } from '../ir/evaluate.js';
import type { OnnxGraph } from '../ir/graph.js';
import { floatTensor } from '../ir/tensor.js';
import { importFloatNetwork } from './import-graph.js';
import { inputLayout, openSampleShape } from './input-layout.js';
import { onnxReference } from './onnx-reference.js';

const runtime = await import('onnxruntime-node').catch(() => undefined);
const KERAS = fixtureNames.filter((name) => name.startsWith('keras-'));

/** The shape of a sample in a data set, channels first. */
const SAMPLES: Readonly<Record<string, Shape>> = {
  'keras-rgb.onnx': [3, 13, 13],
  'keras-rgb-dense.onnx': [3, 9, 9],
  'keras-separable.onnx': [1, 16, 16],
  'keras-signal.onnx': [1, 20, 6],
  'keras-signal-one.onnx': [1, 1, 96],
  'keras-residual.onnx': [1, 14, 14],
  'keras-map.onnx': [1, 20, 20],
  'keras-gap-end.onnx': [1, 16, 16],
};
const COUNT = 40;

/** Samples [channels, height, width] as [height, width, channels]. */
function channelsLast(samples: Float32Array, [channels, height, width]: readonly number[]): Float32Array {
  const out: number[] = [];
  const [c, h, w] = [channels!, height!, width!];
  for (let s = 0; s < samples.length; s += c * h * w) {
    for (let y = 0; y < h; y++) {
      for (let x = 0; x < w; x++) for (let k = 0; k < c; k++) out.push(samples[s + (k * h + y) * w + x]!);
    }
  }
  return Float32Array.from(out);
}

function graphOutputs(graph: OnnxGraph, samples: Float32Array, shape: Shape, count: number): ArrayLike<number> {
  const input = graph.inputs[0]!;
  const tensor = floatTensor(channelsLast(samples, shape), [count, ...input.shape!.slice(1).map(Number)]);
  return [...evaluateOnnx(graph, { [input.name]: tensor }).values()][0]!.data;
}

function softmax(logits: readonly number[]): number[] {
  const powers = logits.map((x) => Math.exp(x - Math.max(...logits)));
  return powers.map((x) => x / powers.reduce((a, b) => a + b, 0));
}

it('are all here', () => {
  expect(KERAS.slice().sort()).toEqual(Object.keys(SAMPLES).sort());
});

describe.each(KERAS)('%s', (name) => {
  const shape = SAMPLES[name]!;
  const features = shape.reduce((a: number, b: number) => a * b, 1);
  const images = randomImages(COUNT, features, 9).map((x) => (x + 0.4242) / 3.2);

  it('becomes layers that compute what it computes, on samples with channels first', async () => {
    const graph = await fixtureGraph(name);
    const network = importFloatNetwork(graph);
    expect(network.inputShape).toEqual(shape);
    const last = network.layers.at(-1)!;
    const logits = forwardNetwork(network, images, COUNT).get(last.name)!;
    const wanted = graphOutputs(graph, images, shape, COUNT);
    const outputs = wanted.length / COUNT;
    const ends = graph.nodes.at(-1)!.operator === 'Softmax';
    for (let s = 0; s < COUNT; s++) {
      const row = [...logits.subarray(s * outputs, (s + 1) * outputs)];
      (ends ? softmax(row) : row).forEach((value, o) => {
        expect(value).toBeCloseTo(wanted[s * outputs + o]!, 4);
      });
    }
  });

  it('keeps its classes as integers, the same in WebAssembly', async () => {
    const graph = await fixtureGraph(name);
    const { model } = quantize(graph, { calibration: { samples: images } });
    await expectAgreement(graph, model, images);
    const { differences } = await verify(
      model,
      [new ReferenceInference(), new WasmBackend()],
      quantizeInput(model, images),
      undefined,
    );
    expect(differences).toEqual([]);
  });

  it.skipIf(!runtime)('is fed to ONNX Runtime as it reads samples', async () => {
    const graph = await fixtureGraph(name);
    const theirs = await onnxRuntimeReference(fixtureBytes(name), graph, shape);
    const found = Array.from(await theirs.logits(images, COUNT));
    const wanted = graphOutputs(graph, images, shape, COUNT);
    expect(found.length).toBe(wanted.length);
    const outputs = wanted.length / COUNT;
    for (let s = 0; s < COUNT; s++) {
      const row = found.slice(s * outputs, (s + 1) * outputs);
      (theirs.activation === 'softmax' ? softmax(row) : row).forEach((value, o) => {
        expect(value).toBeCloseTo(wanted[s * outputs + o]!, 4);
      });
    }
  });
});

it.each(['keras-rgb.onnx', 'keras-signal.onnx'])('%s is fine-tuned with the same samples', async (name) => {
  const graph = await fixtureGraph(name);
  const shape = SAMPLES[name]!;
  const images = randomImages(
    COUNT,
    shape.reduce((a: number, b: number) => a * b, 1),
    9,
  );
  const trained = toTrainedNetwork(graph, { quantizer: '8bit' });
  expect(trained.spec.input.shape).toEqual(shape);
  const { model } = quantize(trained, { imported: {}, calibration: { samples: images } });
  const reference = onnxReference(graph, model.input.shape);
  const { differences } = await compareWithFloat(model, new ReferenceModel(model), reference, images);
  expect(differences.relative).toBeLessThan(0.12);
});

async function expectAgreement(graph: OnnxGraph, model: QuantizedModel, images: Float32Array): Promise<void> {
  const reference = onnxReference(graph, model.input.shape);
  const { agreement } = await compareWithFloat(model, new ReferenceModel(model), reference, images);
  expect(agreement).toBeGreaterThan(0.88);
}

describe('the layout of samples', () => {
  const kernel = { k: randomTensor([2, 3, 3, 3], 1) };
  const conv = [node('Transpose', ['x'], 't', { perm: [0, 3, 1, 2] }), node('Conv', ['t', 'k'], 'y')];

  it('is channels last where a Transpose stands before the first convolution', () => {
    const { shape, sample, order } = inputLayout(graphOf(['n', 5, 7, 3], kernel, conv));
    expect(shape).toEqual([3, 5, 7]);
    expect(sample).toEqual([5, 7, 3]);
    // Row 2, column 4, channel 1 of the graph's sample.
    expect(order![(2 * 7 + 4) * 3 + 1]).toBe(1 * 35 + 2 * 7 + 4);
  });

  it('is found where the file leaves height and width open', () => {
    const open = graphOf(['n', 'h', 'w', 3], kernel, conv);
    expect(openSampleShape(open, [3, 5, 7])).toEqual([5, 7, 3]);
    expect(openSampleShape(graphOf(['n', 3, 'h', 'w'], kernel, conv), [3, 5, 7])).toEqual([3, 5, 7]);
    expect(openSampleShape(graphOf(['n', 3, 5, 7], kernel, conv), [3, 5, 7])).toBeUndefined();
    expect(() => openSampleShape(graphOf(['n', 'h', 'w', 4], kernel, conv), [3, 5, 7])).toThrow(
      expect.objectContaining({ code: 'onnx-input', message: expect.stringMatching(/h×w×4.*3×5×7/) }),
    );
  });

  it('is refused where the file does not say which number is a channel', () => {
    // A vector that the graph takes apart as height, width, channels: samples of a data set have another order.
    const graph = graphOf(['n', 105], { ...kernel, s: int64(-1, 5, 7, 3) }, [
      node('Reshape', ['x', 's'], 'x2'),
      ...conv.map((c) => ({ ...c, inputs: c.inputs.map((i) => (i === 'x' ? 'x2' : i)) })),
    ]);
    expect(() => importFloatNetwork(graph)).toThrow(/in another order/);
  });

  it('is the picture that a data set has of a signal [length, features]', async () => {
    const network = importFloatNetwork(await fixtureGraph('keras-signal.onnx'));
    expect(network.layers[0]).toMatchObject({ op: 'conv2d', inShape: [1, 20, 6], kernel: [3, 6], padding: [1, 0] });
  });
});

it('an ELU becomes a function that a table holds', () => {
  const graph = graphOf(['n', 6], { w: randomTensor([6, 4], 1) }, [
    node('MatMul', ['x', 'w'], 'a'),
    node('Elu', ['a'], 'y'),
  ]);
  const { layers } = importFloatNetwork(graph);
  expect(layers.map(({ op }) => op)).toEqual(['linear', 'activation']);
});
