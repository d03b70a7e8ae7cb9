// Every fixture becomes a network of layers that computes what the graph computes.
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { isFloatWeighted, outputsOf } from '../../float/float-network.js';
import { forwardNetwork } from '../../float/forward-network.js';
import { detectGrid } from '../../float/grid.js';
import { readOnnxFile } from '../../node/read-onnx-file.js';
import { fixtureGraph, fixtureNames, randomImages } from '../__fixtures__/fixtures.js';
import { evaluateOnnx } from '../ir/evaluate.js';
import { elementsOf, floatTensor } from '../ir/tensor.js';
import { importFloatNetwork } from './import-graph.js';

// Those of Keras end in a softmax and have channels last: keras-graphs.test.ts.
describe.each(fixtureNames.filter((name) => !name.startsWith('keras-')))('%s', (name) => {
  it('computes what the graph computes', async () => {
    const graph = await fixtureGraph(name);
    const network = importFloatNetwork(graph);
    const input = graph.inputs[0]!;
    const count = typeof input.shape![0] === 'number' ? input.shape![0] : 20;
    const images = randomImages(count, elementsOf(network.inputShape), 3);
    const tensor = floatTensor(images, [count, ...input.shape!.slice(1).map(Number)]);
    const [expected] = evaluateOnnx(graph, { [input.name]: tensor }).values();
    const logits = forwardNetwork(network, images, count).get(network.layers.at(-1)!.name)!;
    expect(logits.length).toBe(expected!.data.length);
    // ONNX Runtime's QDQ files quantize the logits too, and means of integers lie on rounding's ties: a few steps of 0.13.
    const allowed = name.includes('qdq') ? 0.5 : 1e-4;
    logits.forEach((value, i) => {
      expect(Math.abs(value - expected!.data[i]!)).toBeLessThan(allowed);
    });
  });
});

/** Operators and formats of the layers, as one line. */
async function summary(name: string): Promise<string> {
  const { layers } = importFloatNetwork(await fixtureGraph(name));
  return layers
    .map((layer) => {
      if (layer.op === 'dynamicNorm') return `${layer.norm}${layer.quantized ? '+int8' : ''}`;
      const grid = isFloatWeighted(layer) ? detectGrid(layer.weight, outputsOf(layer)) : undefined;
      return grid ? `${layer.name}:${grid.format}` : isFloatWeighted(layer) ? layer.name : layer.op;
    })
    .join(' ');
}

describe('importFloatNetwork', () => {
  it.each(['torchscript', 'dynamo'])('recognizes BitLinear graphs of the %s exporter', async (exporter) => {
    expect(await summary(`bitlinear-${exporter}.onnx`)).toBe(
      'rms+int8 fc1:4bitsym relu rms+int8 fc2:4bitsym relu rms+int8 fc3:4bitsym',
    );
  });

  it('keeps the grids of Brevitas and of a quantizer with one scale a tensor', async () => {
    expect(await summary('mlp-brevitas-qcdq.onnx')).toBe(
      'staticQuantization layer2:4bit relu staticQuantization layer4:4bit',
    );
    expect(await summary('lenet-qdq-ort.onnx')).toMatch(/conv1:8bit .* conv2:8bit .* fc1:8bit .* fc2:8bit$/);
    // Scales an output that are no powers of two are no grid here.
    expect(await summary('lenet-qdq-ort-per-channel.onnx')).toMatch(/conv1 .* conv2 .* fc1 .* fc2$/);
  });

  it('folds batch norm and names layers as their author did', async () => {
    expect(await summary('mlp-batchnorm-unfolded.onnx')).toBe('layer1 relu layer5 relu layer9');
    expect(await summary('lenet-torchscript.onnx')).toBe(await summary('lenet-dynamo.onnx'));
    expect(await summary('depthwise-separable-torchscript.onnx')).toBe(
      await summary('depthwise-separable-dynamo.onnx'),
    );
  });
});

describe('readOnnxFile', () => {
  // Node's Buffers share memory with the file: a tensor must be a copy of its own bytes only.
  it('gives int8 tensors of as many values as their shape says', async () => {
    const path = fileURLToPath(new URL('../__fixtures__/mlp-brevitas-qcdq.onnx', import.meta.url));
    const { initializers } = await readOnnxFile(path);
    const int8 = [...initializers.values()].filter(({ type }) => type === 'int8' || type === 'uint8');
    expect(int8.length).toBeGreaterThan(2);
    for (const { shape, data } of int8) {
      expect(data.length).toBe(shape.reduce((product, size) => product * size, 1));
    }
  });
});
