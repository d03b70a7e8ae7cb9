// The networks and losses on which the TensorFlow.js engine is compared with the compiled one.
import type { NetworkSpecInput } from '@bitnetmcu/models';
import { ACTIVATION_NAMES } from '@bitnetmcu/models/internal';
import { FORMAT_NAMES } from '@bitnetmcu/quant';
import type { CompileOptions } from '../../compile-options.js';
import type { Comparison } from './compare-engines.js';

type LayerInput = NetworkSpecInput['layers'][number];
type Conv = Extract<LayerInput, { type: 'conv2d' }>;
type Linear = Extract<LayerInput, { type: 'linear' }>;

const weights = { format: '4bitsym' } as const;
export const relu = (name: string): LayerInput => ({ type: 'activation', name, function: 'relu' });
export const linear = (name: string, outputs: number, rest: Partial<Linear> = {}): LayerInput => ({
  type: 'linear',
  name,
  outputs,
  weights,
  ...rest,
});
export const conv = (name: string, channels: number, rest: Partial<Conv> = {}): LayerInput => ({
  type: 'conv2d',
  name,
  channels,
  weights,
  ...rest,
});

export function dense(rest: Partial<Linear> = {}): NetworkSpecInput {
  return {
    name: 'dense',
    input: { shape: [19] },
    layers: [linear('a', 13, rest), relu('ra'), linear('b', 11, rest), relu('rb'), linear('c', 5, rest)],
  };
}

/** A first convolution gives every following layer an input with a gradient. */
export function spatial(...layers: LayerInput[]): NetworkSpecInput {
  return {
    name: 'spatial',
    input: { shape: [2, 7, 6] },
    layers: [conv('first', 4), relu('r'), ...layers, linear('last', 3)],
  };
}

/** The same with activations that are rounded nowhere: means of codes lie exactly between two int8 codes now and then. */
function unrounded(network: NetworkSpecInput): NetworkSpecInput {
  const layers = network.layers.map((layer) =>
    layer.type === 'linear' || layer.type === 'conv2d' ? { ...layer, activationQuantizer: 'none' as const } : layer,
  );
  return { ...network, layers };
}

const crossEntropy = { kind: 'crossEntropy', weight: 1, labelSmoothing: 0 } as const;
const smooth: CompileOptions['loss'] = [{ ...crossEntropy, labelSmoothing: 0.1 }];
const distilled: CompileOptions['loss'] = [
  { ...crossEntropy, weight: 0.3 },
  { kind: 'distillation', weight: 0.7, temperature: 3 },
];

/** By what is compared. */
export const comparisons: Readonly<Record<string, Comparison>> = {
  'linear, no norm': { network: dense({ norm: 'none' }) },
  'linear, RMS norm': { network: dense({ norm: 'rms' }) },
  'linear, L1 norm': { network: dense({ norm: 'l1' }) },
  'linear, layer norm': { network: dense({ norm: 'layer' }) },
  'linear, batch norm': { network: dense({ norm: 'batch' }) },
  'linear, bias': { network: dense({ bias: true }) },
  'linear, float': { network: dense({ weights: { format: 'None' }, activationQuantizer: 'none' }) },
  'linear, shift quantizer': { network: dense({ activationQuantizer: 'shift' }) },
  'linear, shift quantizer after batch norm': { network: dense({ activationQuantizer: 'shift', norm: 'batch' }) },
  'linear, learned clipping': { network: dense({ weights: { format: '4bit', clipping: { method: 'learned' } } }) },
  'linear, learned clipping per output': {
    network: dense({ weights: { format: '4bit', scaling: 'PerOutput', clipping: { method: 'learned' } } }),
  },
  'linear, learned clipping of ternary weights': {
    network: dense({ weights: { format: 'Ternary', clipping: { method: 'learned' } } }),
  },
  'linear, learned clipping of ternary weights per output': {
    network: dense({
      weights: { format: 'Ternary', scaling: 'PerOutput', clipping: { method: 'learned' } },
      // An int8 code on a tie would hide what is compared.
      activationQuantizer: 'none',
    }),
  },
  'label smoothing': { network: dense(), options: { loss: smooth } },
  distillation: { network: dense(), options: { loss: distilled } },
  'class weights': { network: dense(), options: { loss: [{ ...crossEntropy, classWeights: [0.5, 2, 0, 3, 1] }] } },
  'mean squared error': { network: dense(), options: { loss: [{ kind: 'meanSquaredError', weight: 2 }] } },
  Huber: { network: dense(), options: { loss: [{ kind: 'huber', weight: 1, delta: 0.5 }] } },
  'binary cross-entropy': { network: dense(), options: { loss: [{ kind: 'binaryCrossEntropy', weight: 1 }] } },
  dropout: {
    network: {
      ...dense(),
      layers: [linear('a', 13), relu('r'), { type: 'dropout', name: 'drop', rate: 0.3 }, linear('b', 4)],
    },
  },
  ...Object.fromEntries(
    ACTIVATION_NAMES.map((name) => [
      `activation ${name}`,
      {
        network: spatial(
          conv('c', 5),
          { type: 'activation', name: 'f', function: name },
          conv('d', 3, { kernel: [2, 2] }),
        ),
      },
    ]),
  ),
  'chosen groups of maps and of features': {
    network: spatial(
      conv('c', 6),
      linear('router', 3, { inputs: ['input'] }),
      { type: 'topGroups', name: 't', inputs: ['c', 'router'], keep: 2 },
      conv('d', 4, { kernel: [2, 2] }),
      linear('scores', 2, { inputs: ['input'] }),
      linear('e', 8, { inputs: ['d'] }),
      { type: 'topGroups', name: 'u', inputs: ['e', 'scores'], keep: 1 },
    ),
  },
  'top half of maps': {
    network: spatial(conv('c', 5), { type: 'topRelu', name: 't' }, conv('d', 3, { kernel: [2, 2] })),
  },
  convolution: { network: spatial(conv('c', 5), relu('rc')) },
  'convolution, bias': { network: spatial(conv('c', 5, { bias: true }), relu('rc')) },
  'convolution, stride and padding': { network: spatial(conv('c', 5, { stride: [2, 3], padding: 2 }), relu('rc')) },
  'convolution, 1×1': { network: spatial(conv('c', 6, { kernel: [1, 1] }), relu('rc')) },
  'convolution, wide kernel': { network: spatial(conv('c', 3, { kernel: [2, 3], stride: [2, 1] }), relu('rc')) },
  'convolution, groups': { network: spatial(conv('c', 6, { groups: 2 }), relu('rc')) },
  'convolution, max-abs input': { network: spatial(conv('c', 5, { activationQuantizer: 'max-abs' }), relu('rc')) },
  'convolution, shift input': { network: spatial(conv('c', 5, { activationQuantizer: 'shift' }), relu('rc')) },
  depthwise: { network: spatial(conv('c', 4, { groups: 'depthwise' }), relu('rc')) },
  'depthwise, padding and bias': {
    network: spatial(conv('c', 4, { groups: 'depthwise', padding: 1, bias: true }), relu('rc')),
  },
  'depthwise, multiplier': { network: spatial(conv('c', 8, { groups: 'depthwise' }), relu('rc')) },
  'depthwise, stride 2': {
    network: spatial(conv('c', 4, { groups: 'depthwise', stride: [2, 2], padding: 1 }), relu('rc')),
  },
  'depthwise, unequal strides and multiplier': {
    network: spatial(conv('c', 8, { groups: 'depthwise', stride: [2, 1], kernel: [2, 3] }), relu('rc')),
  },
  'max pooling': { network: spatial({ type: 'maxPool2d', name: 'p' }) },
  'max pooling, overlapping': { network: spatial({ type: 'maxPool2d', name: 'p', size: 3, stride: 2 }) },
  'average pooling': { network: spatial({ type: 'avgPool2d', name: 'p' }) },
  'average pooling, overlapping': { network: spatial({ type: 'avgPool2d', name: 'p', size: 3, stride: 1 }) },
  'max pooling, rectangular and padded': {
    network: spatial({ type: 'maxPool2d', name: 'p', size: [3, 2], stride: [1, 2], padding: [1, 1] }),
  },
  'average pooling, padded': {
    network: spatial({ type: 'avgPool2d', name: 'p', size: [2, 3], stride: [1, 2], padding: [1, 1] }),
  },
  'average pooling without its padding': {
    network: spatial({ type: 'avgPool2d', name: 'p', size: [3, 3], padding: [0, 2], countIncludePad: false }),
  },
  'a signal of one row': {
    network: {
      name: 'signal',
      input: { shape: [2, 1, 23] },
      layers: [
        ...[conv('c1', 4, { kernel: [1, 5], padding: [0, 2] }), relu('r1')],
        { type: 'maxPool2d', name: 'p1', size: [1, 3], stride: [1, 2], padding: [0, 1] },
        ...[conv('c2', 4, { kernel: [1, 3], groups: 'depthwise', stride: [1, 2] }), relu('r2'), linear('last', 3)],
      ],
    },
  },
  'a residual block': {
    network: spatial(
      conv('c', 4, { padding: 1 }),
      relu('rc'),
      conv('d', 4, { padding: 1 }),
      { type: 'add', name: 's', inputs: ['r', 'd'], scale: 'learned' },
      relu('rs'),
    ),
  },
  crop: { network: spatial({ type: 'crop', name: 'p', top: 1, left: 1, height: 3, width: 2 }) },
  flatten: { network: spatial({ type: 'flatten', name: 'f' }, linear('l', 7), relu('rl')) },
  'dropout on maps': { network: spatial({ type: 'dropout', name: 'drop', rate: 0.3 }, conv('c', 3), relu('rc')) },
  'chain of a channel-wise CNN': {
    network: spatial(
      conv('dw1', 4, { groups: 'depthwise' }),
      relu('r1'),
      { type: 'maxPool2d', name: 'p1' },
      { type: 'flatten', name: 'f' },
    ),
  },
};

/** Every weight format in every kind of layer. */
export const formats = FORMAT_NAMES.flatMap((format) =>
  (['PerTensor', 'PerOutput'] as const).flatMap((scaling) => {
    // Sums of few integers often lie exactly between two int8 codes: activations are not rounded here.
    const quantizer = { weights: { format, scaling }, activationQuantizer: 'none' } as const;
    return [
      { what: `linear, ${format} ${scaling}`, network: dense(quantizer) },
      { what: `convolution, ${format} ${scaling}`, network: unrounded(spatial(conv('c', 5, quantizer), relu('rc'))) },
      {
        what: `depthwise, ${format} ${scaling}`,
        network: unrounded(spatial(conv('c', 4, { ...quantizer, groups: 'depthwise' }), relu('rc'))),
      },
    ];
  }),
);
