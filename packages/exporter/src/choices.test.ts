// Options that are names: a misspelt one is refused with its nearest, and none is taken for another.
import type { NetworkSpecInput, TrainedNetwork } from '@bitnetmcu/models';
import { describe, expect, it } from 'vitest';
import { randomNetwork } from './__fixtures__/random-network.js';
import { type ExportCOptions, exportC } from './c/export-c.js';
import { fixtureGraph, randomImages } from './onnx/__fixtures__/fixtures.js';
import { type ExportOnnxOptions, exportOnnx } from './onnx/export/export-onnx.js';
import type { QuantizeNetworkOptions } from './quantize/options.js';
import { quantize } from './quantize.js';

const spec: NetworkSpecInput = {
  name: 'net',
  input: { shape: [256] },
  layers: [{ type: 'linear', name: 'fc', outputs: 10, weights: { format: '4bitsym' } }],
};
const network = randomNetwork(spec, 1);
/** The same with a bias, which needs static scales. */
const biased: TrainedNetwork = {
  ...network,
  spec: {
    ...network.spec,
    layers: network.spec.layers.map((layer) => ({ ...layer, norm: 'none', bias: true })) as never,
  },
  parameters: { ...network.parameters, 'fc.bias': new Float32Array(10).fill(0.5) },
};
const { model } = quantize(network);
const calibration = { samples: randomImages(8, 256, 1) };

const refusal = (code: string, text: string) =>
  expect.objectContaining({ name: 'ExporterError', code, message: expect.stringContaining(text) });

describe('exportC', () => {
  it.each([
    [{ layout: 'bogus' }, 'invalid-option', '"bogus"'],
    [{ kernels: 'fastt' }, 'invalid-option', 'Did you mean "fast"?'],
    [{ kernels: 'fastt', target: 'ch32v003' }, 'invalid-option', 'Did you mean "fast"?'],
    [{ layout: 'nomul' }, 'no-target', 'ch32v003'],
    [{ kernels: 'plain', target: 'ch32v003', layout: 'nomul' }, 'no-kernels', '"nomul"'],
    [{ kernels: 'fast', target: 'ch32v003', layout: 'plain' }, 'no-kernels', 'ch32v003'],
    [{ target: 'ch32v003', layout: 'mul' }, 'no-kernels', 'nomul'],
  ] as const)('refuses %j', (options, code, text) => {
    expect(() => exportC(model, options as ExportCOptions)).toThrow(refusal(code, text));
  });

  it.each([
    [{}, 'plain'],
    [{ layout: 'plain' }, 'plain'],
    [{ kernels: 'plain', target: 'ch32v003' }, 'plain'],
    [{ layout: 'plain', target: 'ch32v003' }, 'plain'],
    [{ target: 'attiny85' }, 'plain'],
    [{ layout: 'nomul', target: 'ch32v003' }, 'nomul'],
    [{ kernels: 'fast', target: 'rp2040' }, 'mul'],
  ] as const)('takes %j', (options, layout) => {
    expect(exportC(model, options as ExportCOptions).layout).toBe(layout);
  });
});

describe('exportOnnx', () => {
  it.each([
    [{ form: 'intger' }, 'Did you mean "integer"?'],
    [{ input: 'uint8' }, 'Did you mean "int8"?'],
    [{ form: null }, '"null"'],
  ])('refuses %j', (options, text) => {
    expect(() => exportOnnx(model, options as ExportOnnxOptions)).toThrow(refusal('invalid-option', text));
  });
});

describe('quantize', () => {
  const wrong = [
    [{ activations: 'statik' }, 'Did you mean "static"?'],
    [{ activations: 'scalefree' }, 'Did you mean "scale-free"?'],
    [{ normalization: 'shiftnorm' }, 'Did you mean "shiftNorm"?'],
    [{ ranges: 'maxx' }, 'Did you mean "max"?'],
    [{ rounding: 'neerest' }, 'Did you mean "nearest"?'],
    [{ equalization: 'none' }, 'auto, on, off'],
    [{ biasCorrection: 'no' }, 'true or false'],
    [{ inputScale: Number.NaN }, 'a positive number'],
    [{ inputScale: 0 }, 'a positive number'],
    [{ activations: 'scale-free', inputScale: 1 }, 'leave it out'],
  ] as const;

  it.each(wrong)('refuses %j, of networks and graphs', async (options, text) => {
    const choice = options as QuantizeNetworkOptions;
    const graph = await fixtureGraph('bitlinear-dynamo.onnx');
    expect(() => quantize(network, { calibration, ...choice })).toThrow(refusal('invalid-option', text));
    expect(() => quantize(graph, choice)).toThrow(refusal('invalid-option', text));
  });

  it('refuses an input scale that the way which suits the network has no use for', async () => {
    expect(() => quantize(network, { inputScale: 1 })).toThrow(refusal('invalid-option', 'scale-free'));
    const graph = await fixtureGraph('bitlinear-dynamo.onnx');
    expect(() => quantize(graph, { inputScale: 1 })).toThrow(refusal('invalid-option', 'scale-free'));
    expect(quantize(biased, { calibration, inputScale: 0.25 }).model.input.quantization).toEqual({
      kind: 'static',
      scale: 4,
    });
  });

  it('notes a graph in the provenance of what was one, and of nothing else', () => {
    expect(quantize(biased, { calibration }).model.provenance).toEqual({ tool: 'test', seed: 1 });
    expect(quantize(network).model.provenance).toEqual({ tool: 'test', seed: 1 });
    const preprocessing = { divisor: 255, mean: 0, deviation: 1 };
    expect(quantize(biased, { calibration, imported: { preprocessing } }).model.provenance).toEqual({
      tool: 'test',
      seed: 1,
      onnx: { preprocessing },
    });
  });
});
