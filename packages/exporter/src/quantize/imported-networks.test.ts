import type { QuantizedModel } from '@bitnetmcu/models';
import { describe, expect, it } from 'vitest';
import { fixtureGraph, randomImages } from '../onnx/__fixtures__/fixtures.js';
import { toTrainedNetwork } from '../onnx/import/to-trained-network.js';
import { quantize } from '../quantize.js';
import type { QuantizeGraphOptions } from './options.js';

const preprocessing = { divisor: 255, mean: 0.25, deviation: 0.5 };

/** What inference depends on. */
function integersOf({ input, nodes }: QuantizedModel) {
  return { input, nodes };
}

describe('quantize an imported network', () => {
  it('gives a BitLinear graph before training the integers of the graph', async () => {
    const graph = await fixtureGraph('bitlinear-dynamo.onnx');
    const imported = toTrainedNetwork(graph, { preprocessing });
    for (const { weights } of imported.spec.layers.filter((layer) => layer.type === 'linear')) {
      // Scalars found anew would give other codes before the first step.
      expect(weights.clipping).toMatchObject({ freezeEpoch: 0 });
    }
    const { model } = quantize(imported, { imported: { preprocessing } });
    const { model: direct } = quantize(graph, { preprocessing });
    expect(model.nodes.map((node) => 'weights' in node && node.weights)).toEqual(
      direct.nodes.map((node) => 'weights' in node && node.weights),
    );
    expect(model.input).toEqual(direct.input);
    expect(model.provenance).toMatchObject({ onnx: { preprocessing } });
  });

  it('gives a network with biases static scales, with its formats and biases', async () => {
    const graph = await fixtureGraph('mlp-bias-torchscript.onnx');
    const mixed = { layer5: '8bit' } as const;
    const imported = toTrainedNetwork(graph, { preprocessing, quantizer: '2bitsym', mixed });
    const calibration = { samples: randomImages(16, 256, 1) };
    const { model } = quantize(imported, { imported: { preprocessing }, calibration });
    const linear = model.nodes.filter((node) => node.op === 'linear');
    expect(linear.map(({ weights }) => weights.format)).toEqual(['2bitsym', '2bitsym', '8bit']);
    for (const { weights } of linear) expect(weights.bias?.some((bias) => bias !== 0)).toBe(true);
    expect(model.input.quantization.kind).toBe('static');
    expect(integersOf(quantize(imported, { imported: {}, calibration }).model)).toEqual(integersOf(model));
  });
});

describe('formats of layers', () => {
  it('replace a grid where they are named for a layer or have fewer bits', async () => {
    const graph = await fixtureGraph('bitlinear-dynamo.onnx');
    const formats = (options: QuantizeGraphOptions) =>
      quantize(graph, options).report.layers.map(({ format, gridDetected }) => `${format} ${gridDetected}`);
    const kept = '4bitsym true';
    expect(formats({ quantizer: '8bit' })).toEqual([kept, kept, kept]);
    expect(formats({ mixed: { fc2: '8bit' } })).toEqual([kept, '8bit false', kept]);
    expect(formats({ quantizer: 'Ternary' })).toEqual(Array(3).fill('Ternary false'));
    const trained = toTrainedNetwork(graph, { quantizer: 'Ternary', mixed: { fc1: '4bitsym' } });
    const layers = trained.spec.layers.filter((layer) => layer.type === 'linear');
    expect(layers.map(({ weights }) => weights.format)).toEqual(['4bitsym', 'Ternary', 'Ternary']);
  });

  it('must be of layers that there are', async () => {
    const mixed = { fc9: '4bit' } as const;
    for (const name of ['bitlinear-dynamo.onnx', 'mlp-bias-torchscript.onnx']) {
      const graph = await fixtureGraph(name);
      expect(() => quantize(graph, { mixed, calibration: { samples: randomImages(2, 256, 1) } })).toThrow(/fc9/);
      expect(() => toTrainedNetwork(graph, { mixed })).toThrow(/fc9/);
    }
  });
});
