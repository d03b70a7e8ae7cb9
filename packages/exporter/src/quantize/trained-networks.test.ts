// Networks of training as integers: weights, names and operations.
import { type LayerType, ReferenceInference, type TrainedNetwork } from '@bitnetmcu/models';
import { presets } from '@bitnetmcu/models/internal';
import { integerWeights } from '@bitnetmcu/quant';
import { describe, expect, it } from 'vitest';
import { randomInputs, randomNetwork, randomNumbers } from '../__fixtures__/random-network.js';
import {
  conv,
  failure,
  type LayerInput,
  linear,
  nodeNamed,
  outline,
  relu,
  spec,
} from '../__fixtures__/trained-specs.js';
import { quantize } from '../quantize.js';

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
