// Scales of trained networks as integers: per output, shifts after convolutions, norms.
import { proveAccumulatorBounds, type TrainedNetwork } from '@bitnetmcu/models';
import { formats, integerWeights } from '@bitnetmcu/quant';
import { describe, expect, it } from 'vitest';
import { randomNetwork } from '../__fixtures__/random-network.js';
import { conv, failure, linear, nodeNamed, outline, relu, spec } from '../__fixtures__/trained-specs.js';
import { quantize } from '../quantize.js';

describe('scaling per output', () => {
  const perOutput = (format: string) =>
    randomNetwork(spec([30], linear('fc', 6, { weights: { format, scaling: 'PerOutput' } })), 3);

  it.each(['2bitsym', '4bitsym', '4bit', 'FP130', '8bit', 'Ternary'] as const)(
    '%s: weight ≈ integer · 2^shift · one common step',
    (format) => {
      const trained = perOutput(format);
      const weights = trained.parameters['fc.weight']!.map((weight, i) => weight * 2 ** Math.floor(i / 30));
      const clips = trained.parameters['fc.clip']!.map((clip, o) => clip * 2 ** o);
      const [node] = quantize({ ...trained, parameters: { 'fc.weight': weights, 'fc.clip': clips } }).model.nodes;
      if (node?.op !== 'linear') throw new Error('not linear');
      const { codes, outputShifts } = node.weights;
      const { levels, scaleNumerator } = formats[format];
      // The step of output o is clip/numerator; the common one is that of any output divided by its power of two.
      const common = clips[2]! / scaleNumerator / 2 ** outputShifts![2]!;
      for (let o = 0; o < 6; o++) {
        expect(clips[o]! / scaleNumerator / 2 ** outputShifts![o]!).toBeCloseTo(common, 6);
        const step = common * 2 ** outputShifts![o]!;
        // Each code is the level nearest to its weight, or an outermost one (FP130 rounds down: its cells begin at the level).
        if (format === 'FP130') continue;
        for (let i = o * 30; i < o * 30 + 30; i++) {
          const error = Math.abs(levels[codes[i]!]! * step - weights[i]!);
          expect(error).toBeLessThanOrEqual(
            Math.min(...levels.map((level) => Math.abs(level * step - weights[i]!))) + 1e-6 * step,
          );
        }
      }
    },
  );

  it('quantizes anew with the rounded scalars where ratios are no powers of two', () => {
    const trained = perOutput('8bit');
    const clips = trained.parameters['fc.clip']!.map((clip, o) => clip * (1 + 0.13 * o));
    const [node] = quantize({ ...trained, parameters: { ...trained.parameters, 'fc.clip': clips } }).model.nodes;
    if (node?.op !== 'linear') throw new Error('not linear');
    const { codes, outputShifts } = node.weights;
    const real = (i: number) => integerWeights('8bit', codes)[i]! * 2 ** (outputShifts?.[Math.floor(i / 30)] ?? 0);
    const weights = trained.parameters['fc.weight']!;
    // One common factor fits all outputs: the slope of real over weight, output by output.
    const slopes = Array.from({ length: 6 }, (_, o) => {
      const range = Array.from({ length: 30 }, (_, i) => 30 * o + i);
      return (
        range.reduce((sum, i) => sum + real(i) * weights[i]!, 0) / range.reduce((sum, i) => sum + weights[i]! ** 2, 0)
      );
    });
    for (const slope of slopes) expect(slope / slopes[0]!).toBeCloseTo(1, 1);
  });
});

describe('shifts after convolutions', () => {
  /** Weights of one sign and the greatest size: the worst chain there is. */
  function worstChain(length: number, options: object = {}): TrainedNetwork {
    const layers = Array.from({ length }, (_, k) => [
      conv(`conv${k}`, k === 0 ? options : {}),
      relu(`relu${k}`),
    ]).flat();
    const trained = randomNetwork(
      spec([1, 16, 16], ...layers, { type: 'flatten', name: 'flatten' }, linear('fc', 2)),
      1,
    );
    const parameters = Object.fromEntries(
      Object.entries(trained.parameters).map(([name, values]) => [
        name,
        name.startsWith('conv') && name.endsWith('weight') ? values.map(() => 1) : values,
      ]),
    );
    return { ...trained, parameters };
  }

  it('are raised until no accumulator can overflow, and no further', () => {
    const { model } = quantize(worstChain(5));
    const shifts = model.nodes.flatMap((node) => (node.op === 'reluShift' ? [node.shift] : []));
    expect(Math.max(...shifts)).toBeGreaterThan(4);
    expect(() => proveAccumulatorBounds(model)).not.toThrow();
    const raised = model.nodes.findIndex((node) => node.op === 'reluShift' && node.shift > 4);
    const lower = model.nodes.map((node, i) =>
      i === raised && node.op === 'reluShift' ? { ...node, shift: node.shift - 1 } : node,
    );
    expect(() => proveAccumulatorBounds({ ...model, nodes: lower })).toThrow(/can reach/);
  });

  it('that a layer fixes stay, or are refused', () => {
    const { model } = quantize(worstChain(2, { shift: 9 }));
    expect(nodeNamed(model.nodes, 'relu0')).toMatchObject({ shift: 9 });
    const fixed = worstChain(4);
    const layers = fixed.spec.layers.map((layer) => (layer.type === 'conv2d' ? { ...layer, shift: 0 } : layer));
    expect(failure({ ...fixed, spec: { ...fixed.spec, layers } })).toMatchObject({
      code: 'accumulator-overflow',
      layer: 'conv2',
    });
  });

  it.each([
    ['8bit', 4], // integers up to 2^7: the original's fixed shift
    ['5bitsym', 2], // 31 < 2^5
    ['4bitsym', 1], // 15 < 2^4
    ['2bitsym', 0],
  ] as const)('start at the scale of the format: %s at %i', (format, shift) => {
    const weights = { format, scaling: 'PerTensor', clipping: { method: 'octav' } } as const;
    const flatten = { type: 'flatten', name: 'flatten' } as const;
    const trained = randomNetwork(
      spec([1, 8, 8], conv('conv', { weights }), relu('relu'), flatten, linear('fc', 2)),
      1,
    );
    expect(nodeNamed(quantize(trained).model.nodes, 'relu')).toMatchObject({ shift });
  });

  it('start where the option says', () => {
    const trained = randomNetwork(
      spec([1, 8, 8], conv('conv'), relu('relu'), { type: 'flatten', name: 'flatten' }, linear('fc', 2)),
      1,
    );
    expect(nodeNamed(quantize(trained, { convolutionShift: 2 }).model.nodes, 'relu')).toMatchObject({ shift: 2 });
  });
});

describe('norms', () => {
  const batch = (change: (parameters: Record<string, Float32Array>) => void): TrainedNetwork => {
    const trained = randomNetwork(spec([4], linear('fc', 2, { norm: 'batch' })), 1);
    const parameters: Record<string, Float32Array> = {
      ...trained.parameters,
      'fc.norm.mean': Float32Array.of(1, 2, 3, 4),
      'fc.norm.variance': new Float32Array(4).fill(4),
      'fc.norm.gain': new Float32Array(4).fill(3),
      // gain / √variance = 1.5: these cancel the means.
      'fc.norm.shift': Float32Array.of(1.5, 3, 4.5, 6),
    };
    change(parameters);
    return { ...trained, parameters };
  };

  it('batch norm that only scales vanishes', () => {
    expect(outline(batch(() => {}))).toEqual(['fc linear']);
  });

  it.each([
    ['batch norm that moves features apart', batch((p) => p['fc.norm.gain']!.set([4], 2))],
    ['batch norm that shifts', batch((p) => p['fc.norm.shift']!.set([0], 1))],
    ['batch norm that turns a sign', batch((p) => p['fc.norm.gain']!.fill(-3))],
    ['layer norm', randomNetwork(spec([4], linear('fc', 2, { norm: 'layer' })), 1)],
  ])('%s is refused with the remedy', (_, trained) => {
    const error = failure(trained);
    expect(error).toMatchObject({ code: 'unfoldable-norm', layer: 'fc' });
    expect(error.message).toContain('"norm": "rms"');
  });
});
