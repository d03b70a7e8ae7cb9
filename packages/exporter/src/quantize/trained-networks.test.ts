import {
  type LayerType,
  type NetworkSpecInput,
  proveAccumulatorBounds,
  type QuantizedNode,
  ReferenceInference,
  type TrainedNetwork,
} from '@bitnetmcu/models';
import { presets } from '@bitnetmcu/models/internal';
import { formats, integerWeights } from '@bitnetmcu/quant';
import { describe, expect, it } from 'vitest';
import { randomInputs, randomNetwork, randomNumbers } from '../__fixtures__/random-network.js';
import { ExporterError } from '../errors.js';
import { quantize } from '../quantize.js';

type LayerInput = NetworkSpecInput['layers'][number];

const relu = (name: string): LayerInput => ({ type: 'activation', name, function: 'relu' });
const conv = (name: string, options: object = {}): LayerInput => ({
  type: 'conv2d',
  name,
  channels: 2,
  weights: { format: '8bit' },
  ...options,
});
const linear = (name: string, outputs: number, options: object = {}): LayerInput => ({
  type: 'linear',
  name,
  outputs,
  weights: { format: '4bitsym' },
  ...options,
});

function spec(shape: readonly number[], ...layers: LayerInput[]): NetworkSpecInput {
  return { name: 'net', input: { shape: shape as [number] }, layers };
}

/** Names and operations of the nodes in order. */
function outline(trained: TrainedNetwork): string[] {
  return quantize(trained).model.nodes.map(
    (node) => `${node.name} ${node.op}${node.op === 'reluShift' ? ` ${node.shift}` : ''}`,
  );
}

function failure(trained: TrainedNetwork): ExporterError {
  try {
    quantize(trained).model;
  } catch (error) {
    if (error instanceof ExporterError) return error;
    throw error;
  }
  throw new Error('the network was accepted');
}

const nodeNamed = (nodes: readonly QuantizedNode[], name: string) => nodes.find((node) => node.name === name)!;

describe('quantize a trained network', () => {
  it('encodes weights with the clipping scalars of training', async () => {
    // 2bitsym, s = 1: the scale is 2, levels ±0.5 and ±1.5 stand for the integers ±1 and ±3.
    const trained: TrainedNetwork = {
      ...randomNetwork(spec([3], linear('fc', 2, { weights: { format: '2bitsym' } })), 1),
      parameters: { 'fc.weight': Float32Array.of(0.1, -0.1, 0.49, 0.51, -0.9, 3), 'fc.clip': Float32Array.of(1) },
    };
    const { model } = quantize(trained);
    const [node] = model.nodes;
    if (node?.op !== 'linear') throw new Error('not linear');
    expect([...integerWeights(node.weights.format, node.weights.codes)]).toEqual([1, -1, 1, 3, -3, 3]);
    const logits = (await new ReferenceInference().load(model)).infer(Int8Array.of(100, -50, 7), 1);
    expect([...logits]).toEqual([100 + 50 + 7, 300 + 150 + 21]);
  });

  it('finds clipping scalars by the policy where the network has none', () => {
    const trained = randomNetwork(spec([40], linear('fc', 4)), 2);
    const { 'fc.clip': clip, ...parameters } = trained.parameters;
    expect(clip).toBeDefined();
    expect(quantize({ ...trained, parameters }).model.nodes).toEqual(quantize(trained).model.nodes);
  });

  it('keeps layers’ names and makes ShiftNorm of ReLU between linear layers', () => {
    expect(outline(randomNetwork(presets['fc-1k'].build(10), 1))).toEqual([
      'fc1 linear',
      'relu1 shiftNorm',
      'fc2 linear',
      'relu2 shiftNorm',
      'fc3 linear',
    ]);
  });

  it('shifts by 4 after convolutions and normalizes before the first linear layer', () => {
    expect(outline(randomNetwork(presets['cnn-16-small'].build(10), 1))).toEqual([
      'conv1 conv2d',
      'conv1_relu reluShift 4',
      'conv2 conv2d',
      'conv2_relu reluShift 4',
      'pool2 maxPool2d',
      'conv3 conv2d',
      'conv3_relu reluShift 4',
      'pool3 maxPool2d',
      'flatten flatten',
      'fc1.norm shiftNorm',
      'fc1 linear',
      'relu1 shiftNorm',
      'fc2 linear',
      'relu2 shiftNorm',
      'fc3 linear',
    ]);
  });

  it('normalizes by division where asked', () => {
    const { nodes } = quantize(randomNetwork(presets['cnn-16-small'].build(10), 1), {
      normalization: 'maxAbsNorm',
    }).model;
    expect(nodes.filter(({ op }) => op === 'maxAbsNorm').map(({ name }) => name)).toEqual([
      'fc1.norm',
      'relu1',
      'relu2',
    ]);
    expect(nodes.some(({ op }) => op === 'shiftNorm')).toBe(false);
  });

  it('drops dropout, keeps crops and pools, and makes int8 for convolutions that quantize their input', () => {
    const layers = [
      { type: 'crop', name: 'crop', top: 1, left: 2, height: 8, width: 7 },
      { type: 'avgPool2d', name: 'avg', size: 2, stride: 1 },
      conv('conv1'),
      relu('relu1'),
      { type: 'dropout', name: 'drop', rate: 0.2 },
      conv('conv2', { activationQuantizer: 'max-abs' }),
      { type: 'maxPool2d', name: 'max' },
      relu('relu2'),
      { type: 'flatten', name: 'flatten' },
      linear('fc', 3, { norm: 'none' }),
    ] as LayerInput[];
    const trained = randomNetwork(spec([1, 10, 10], ...layers), 1);
    expect(outline(trained)).toEqual([
      'crop crop',
      'avg avgPool2d',
      'conv1 conv2d',
      'relu1 reluShift 4',
      'conv2.norm shiftNorm',
      'conv2 conv2d',
      'max maxPool2d',
      'relu2 reluShift 4',
      'flatten flatten',
      'fc.norm shiftNorm',
      'fc linear',
    ]);
    const { nodes } = quantize(trained).model;
    expect(nodeNamed(nodes, 'conv2.norm').inputs).toEqual(['relu1']);
    expect(nodeNamed(nodes, 'avg')).toMatchObject({ size: [2, 2], stride: [1, 1] });
    expect(nodeNamed(nodes, 'max')).toMatchObject({ size: [2, 2], stride: [2, 2] });
  });

  it('takes name, labels and provenance from the options over those of the network', () => {
    const trained = randomNetwork(spec([3], linear('fc', 2)), 7);
    const { model } = quantize(trained, {
      name: 'other',
      labels: ['x', 'y'],
      provenance: { metrics: { accuracy: 0.5 } },
    });
    expect(model).toMatchObject({
      name: 'other',
      labels: ['x', 'y'],
      provenance: { tool: 'test', seed: 7, metrics: { accuracy: 0.5 } },
    });
  });
});

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

describe('what has no integer form', () => {
  const biased = (bias: number): TrainedNetwork => {
    const trained = randomNetwork(spec([4], linear('fc', 2, { bias: true })), 1);
    return { ...trained, parameters: { ...trained.parameters, 'fc.bias': Float32Array.of(0, bias) } };
  };

  it('a bias of zeros vanishes, any other needs calibration', () => {
    expect(outline(biased(0))).toEqual(['fc linear']);
    expect(failure(biased(0.1))).toMatchObject({ code: 'no-calibration', layer: 'fc' });
  });

  it.each([
    ['float-layer', 'fc1', spec([4], linear('fc1', 2, { weights: { format: 'None' } }))],
    ['unsupported-graph', 'fc2', spec([4], linear('fc1', 3), linear('fc2', 2))],
    ['unsupported-graph', 'own', spec([4], { type: 'custom', name: 'own', kind: 'swish', outputShape: [4] })],
  ])('%s names the layer', (code, layer, described) => {
    expect(failure(randomNetwork(described, 1))).toMatchObject({ code, layer });
  });
});

it('every layer type of a spec becomes integers that run', async () => {
  const random = randomNumbers(9);
  const seen = new Set<LayerType>();
  let alive = 0;
  for (let run = 0; run < 30; run++) {
    const layers: LayerInput[] = [];
    let size = 12;
    for (let k = 0; k < 3; k++) {
      const depthwise = k > 0 && random() < 0.5;
      layers.push(
        conv(`conv${k}`, {
          channels: depthwise ? 4 : 4,
          groups: depthwise ? 'depthwise' : 1,
          activationQuantizer: random() < 0.3 ? 'shift' : 'none',
        }),
        relu(`relu${k}`),
      );
      size -= 2;
      if (random() < 0.5 && size > 5) {
        layers.push({ type: random() < 0.5 ? 'maxPool2d' : 'avgPool2d', name: `pool${k}` });
        size = Math.floor(size / 2);
      }
      if (random() < 0.3 && size > 4)
        layers.push(
          { type: 'crop', name: `crop${k}`, top: 0, left: 1, height: size, width: --size },
          { type: 'dropout', name: `drop${k}`, rate: 0.1 },
        );
      if (size < 3 || layers.some((layer) => layer.type === 'crop')) break;
    }
    layers.push({ type: 'flatten', name: 'flatten' }, linear('fc', 3));
    for (const layer of layers) seen.add(layer.type);
    const { model } = quantize(randomNetwork(spec([1, 12, 12], ...layers), run));
    const logits = (await new ReferenceInference().load(model)).infer(randomInputs(144, run), 1);
    if (logits.some((logit) => logit !== 0)) alive++;
  }
  // Random convolutions may all be negative behind a ReLU, but seldom are.
  expect(alive).toBeGreaterThan(24);
  expect([...seen].sort()).toEqual([
    'activation',
    'avgPool2d',
    'conv2d',
    'crop',
    'dropout',
    'flatten',
    'linear',
    'maxPool2d',
  ]);
});
