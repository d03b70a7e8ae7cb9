// The parts of post-training quantization against formulas, brute force and properties.
import { ReferenceModel } from '@bitnetmcu/models/internal';
import { describe, expect, it } from 'vitest';
import type { FloatConv2d, FloatLinear, FloatNetwork } from '../../float/float-network.js';
import { forwardLayer } from '../../float/forward-layer.js';
import { forwardNetwork } from '../../float/forward-network.js';
import { nearestCode } from '../../float/grid.js';
import { readStaticRanges } from '../../float/static-ranges.js';
import { randomTensor } from '../../onnx/__fixtures__/build-graph.js';
import { fixtureGraph, randomImages, uniform } from '../../onnx/__fixtures__/fixtures.js';
import { importFloatNetwork } from '../../onnx/import/import-graph.js';
import { errorSpread, roundRow } from './compensated-rounding.js';
import { equalize } from './equalize.js';
import { secondMoments } from './input-patches.js';
import { quantizeStatic } from './quantize-static.js';
import { clipOf, exactExponent } from './range-search.js';

function linear(name: string, input: string, weight: number[], bias: number[]): FloatLinear {
  const outFeatures = bias.length;
  return {
    name,
    op: 'linear',
    inputs: [input],
    shape: [outFeatures],
    nodes: [name],
    inFeatures: weight.length / outFeatures,
    outFeatures,
    weight: Float32Array.from(weight),
    bias: Float32Array.from(bias),
  };
}

function networkOf(inputs: number, layers: FloatNetwork['layers']): FloatNetwork {
  return { name: 'test', inputShape: [inputs], inputFactor: 1, inputOffset: 0, layers, producer: '' };
}

describe('a layer worked by hand', () => {
  it('becomes codes, a bias in accumulator units and a shift', () => {
    // Weights 0.5·{3, −7; 1, 0} are 4bit with step 0.5. Input 1 is 64: an accumulator counts 0.5/64 = 2^−7.
    const first = linear('a', 'input', [1.5, -3.5, 0.5, 0], [0.25, -1]);
    const relu = { name: 'r', op: 'relu', inputs: ['a'], shape: [2], nodes: ['r'], limit: 127 / 32 } as const;
    const second = linear('b', 'r', [0.5, -0.5, 0.5, 0.5], [0, 0.5]);
    const { model } = quantizeStatic(networkOf(2, [first, relu, second]), { inputScale: 1 / 64 });
    const [a, r, b] = model.nodes;
    expect(a).toMatchObject({ op: 'linear', weights: { format: '4bit', codes: Uint8Array.of(11, 1, 9, 8) } });
    expect(a).toMatchObject({ weights: { bias: Int32Array.of(32, -128) } });
    // 127 stands for 127/32: 2^−7·2^shift = 2^−5.
    expect(r).toMatchObject({ op: 'requantize', shift: 2, min: 0, max: 127 });
    // BinarySym weights of 0.5 on activations of 2^−5: 0.5 is 32 accumulator units.
    expect(b).toMatchObject({ weights: { format: 'BinarySym', bias: Int32Array.of(0, 32) } });
    // x = (1, 0): a = (1.75, −0.5), r = (1.75, 0), b = (0.875, 1.375) in units of 2^−6.
    expect([...new ReferenceModel(model).infer(Int8Array.of(64, 0), 1)]).toEqual([56, 88]);
  });
});

describe('second moments', () => {
  it('are those of the patches that a convolution multiplies', () => {
    const layer: FloatConv2d = {
      name: 'c',
      op: 'conv2d',
      inputs: ['input'],
      shape: [2, 2, 3],
      nodes: [],
      inShape: [2, 3, 5],
      outChannels: 2,
      kernel: [3, 3],
      stride: [2, 2],
      padding: [1, 1],
      groups: 1,
      weight: randomTensor([2, 2, 3, 3], 1).data as Float32Array,
      bias: undefined,
    };
    const x = Float64Array.from(randomTensor([3, 2, 3, 5], 2).data);
    const moments = secondMoments(layer, x, 3, 0, 1000);
    // wᵀ·M·w is the mean square of the layer's outputs.
    for (const output of [0, 1]) {
      const w = layer.weight.subarray(output * 18, (output + 1) * 18);
      let form = 0;
      for (let i = 0; i < 18; i++) for (let j = 0; j < 18; j++) form += w[i]! * moments[i * 18 + j]! * w[j]!;
      const outputs = forwardLayer(layer, [x], 3).filter((_, i) => Math.floor(i / 6) % 2 === output);
      const meanSquare = outputs.reduce((sum, y) => sum + y * y, 0) / outputs.length;
      expect(form).toBeCloseTo(meanSquare, 8);
    }
  });
});

describe('compensated rounding', () => {
  const columns = 24;
  const random = uniform(5);
  /** Correlated inputs: neighbours share most of their value. */
  const inputs = Array.from({ length: 300 }, () => {
    let common = 0;
    return Float64Array.from({ length: columns }, () => {
      common = 0.8 * common + random() - 0.5;
      return common;
    });
  });
  const moments = new Float64Array(columns * columns);
  for (const x of inputs) {
    for (let i = 0; i < columns; i++)
      for (let j = 0; j < columns; j++) moments[i * columns + j]! += (x[i]! * x[j]!) / 300;
  }
  const levels = Float64Array.from({ length: 16 }, (_, k) => k - 8);
  const step = 0.15;
  const round = (w: number) => nearestCode(levels, w / step);
  const value = (c: number) => levels[c]! * step;
  const error = (weights: Float64Array, codes: Uint8Array) =>
    inputs.reduce((sum, x) => {
      let difference = 0;
      for (let i = 0; i < columns; i++) difference += x[i]! * (weights[i]! - value(codes[i]!));
      return sum + difference * difference;
    }, 0);

  it('inverts the moments: U·Uᵀ-wise the factor is that of their inverse', () => {
    const spread = errorSpread(moments, columns);
    // (UᵀU)·(M + damping) is the identity.
    let trace = 0;
    for (let i = 0; i < columns; i++) trace += moments[i * columns + i]!;
    for (let i = 0; i < columns; i++) {
      for (let j = 0; j < columns; j++) {
        let entry = 0;
        for (let k = 0; k < columns; k++) {
          let inverse = 0;
          for (let m = 0; m < columns; m++) inverse += spread[m * columns + i]! * spread[m * columns + k]!;
          entry += inverse * (moments[k * columns + j]! + (k === j ? (0.01 * trace) / columns : 0));
        }
        expect(entry).toBeCloseTo(i === j ? 1 : 0, 6);
      }
    }
  });

  it('gives outputs nearer to the float ones than rounding to nearest', () => {
    const spread = errorSpread(moments, columns);
    let [compensated, nearest] = [0, 0];
    for (let row = 0; row < 20; row++) {
      const weights = Float64Array.from({ length: columns }, () => (random() - 0.5) * 2);
      compensated += error(weights, roundRow(weights, spread, round, value));
      nearest += error(weights, roundRow(weights, undefined, round, value));
    }
    expect(compensated).toBeLessThan(0.6 * nearest);
  });
});

describe('equalization', () => {
  it('computes the same, with channels of equal range on both sides', async () => {
    const network = importFloatNetwork(await fixtureGraph('lenet-torchscript.onnx'));
    const equalized = equalize(network);
    const images = randomImages(3, 784, 1);
    const logits = (candidate: FloatNetwork) => forwardNetwork(candidate, images, 3).get('fc2')!;
    const expected = logits(network);
    logits(equalized).forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i]!, 4);
    });
    const spreadOf = (candidate: FloatNetwork) => {
      const conv = candidate.layers.find(({ name }) => name === 'conv1') as FloatConv2d;
      const ranges = Array.from({ length: 6 }, (_, o) =>
        Math.max(...conv.weight.subarray(o * 25, (o + 1) * 25).map(Math.abs)),
      );
      return Math.max(...ranges) / Math.min(...ranges);
    };
    expect(spreadOf(equalized)).not.toBeCloseTo(spreadOf(network), 3);
  });

  it('leaves low-bit grids alone', async () => {
    const { network } = readStaticRanges(importFloatNetwork(await fixtureGraph('lenet-qdq-ort.onnx')));
    expect(equalize(network).layers).toEqual(network.layers);
  });
});

describe('scales', () => {
  it('clip by maximum, percentile and squared error', () => {
    const values = Float64Array.from({ length: 20_001 }, (_, i) => i / 20_000);
    values[20_000] = 10;
    expect(clipOf(values, 127, 'max')).toBe(10);
    expect(clipOf(values, 127, 'percentile')).toBeCloseTo(1, 3);
    // One outlier among many is worth less than the resolution of the others at 3 levels, and more at 127.
    expect(clipOf(values, 3, 'mse')).toBeLessThan(8);
  });

  it('know powers of two', () => {
    expect(exactExponent(0.25)).toBe(-2);
    expect(exactExponent(8 * (1 + 1e-8))).toBe(3);
    expect(exactExponent(3)).toBeUndefined();
  });
});

describe('residual networks', () => {
  it('add at scales a power of two apart, at 4 bits too', async () => {
    const network = importFloatNetwork(await fixtureGraph('residual-torchscript.onnx'));
    const calibration = { samples: randomImages(32, 256, 1) };
    const { model, report } = quantizeStatic(network, {
      calibration,
      quantizer: '4bit',
      equalization: 'off',
    });
    const add = model.nodes.find((node) => node.op === 'add')!;
    expect(add).toMatchObject({ inputs: ['relu1', 'conv2'] });
    const [stem, , conv2] = report.layers;
    const relu1 = model.nodes.find(({ name }) => name === 'relu1');
    const scale = stem!.accumulatorScale! * 2 ** (relu1?.op === 'requantize' ? relu1.shift : Number.NaN);
    const leftShift = add.op === 'add' ? add.leftShift : [0, 0];
    expect(scale / conv2!.accumulatorScale!).toBeCloseTo(2 ** (leftShift[0]! - leftShift[1]!), 8);
    expect(report.logitError).toBeLessThan(0.2);
  });
});
