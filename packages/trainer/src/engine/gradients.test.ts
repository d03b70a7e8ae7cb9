import type { NetworkSpecInput } from '@bitnetmcu/models';
import { ACTIVATION_NAMES, type ActivationName, type Norm } from '@bitnetmcu/models/internal';
import { describe, expect, it } from 'vitest';
import { createEngine } from './create-engine.js';
import { expectedGradients, type GradientCheck, gradientDifference } from './testing/gradient-check.js';

type LayerInput = NetworkSpecInput['layers'][number];

const weights = { format: '4bitsym' } as const;
const relu = (name: string): LayerInput => ({ type: 'activation', name, function: 'relu' });

/** Odd sizes, so that every vector has a tail. */
function dense(norm: Norm, bias = false): NetworkSpecInput {
  return {
    name: 'dense',
    input: { shape: [19] },
    layers: [
      { type: 'linear', name: 'a', outputs: 13, weights, norm, bias },
      relu('ra'),
      { type: 'linear', name: 'b', outputs: 11, weights, norm, bias },
      relu('rb'),
      { type: 'linear', name: 'c', outputs: 5, weights, norm, bias },
    ],
  };
}

const conv = (name: string, channels: number, more: object = {}): LayerInput =>
  ({ type: 'conv2d', name, channels, weights: { format: '8bit' }, ...more }) as LayerInput;
const depthwise = { groups: 'depthwise' };
const pool = (name: string, more: object = {}): LayerInput => ({ type: 'maxPool2d', name, ...more }) as LayerInput;

/** Layers on maps of 2×11×13 (or as given), flattened into a linear layer. */
function maps(layers: readonly LayerInput[], shape: [number, number, number] = [2, 11, 13]): NetworkSpecInput {
  const head: LayerInput[] = [
    { type: 'flatten', name: 'flatten' },
    { type: 'linear', name: 'fc', outputs: 3, weights },
  ];
  return { name: 'maps', input: { shape }, layers: [...layers, ...head] };
}

/** Between linear layers, with two readers. */
function activatedFeatures(activation: ActivationName): NetworkSpecInput {
  const input = { weights, norm: 'none' } as const;
  return {
    name: 'features',
    input: { shape: [19] },
    layers: [
      { type: 'linear', name: 'a', outputs: 13, ...input },
      { type: 'activation', name: 'fa', function: activation },
      { type: 'linear', name: 'b', outputs: 13, ...input },
      { type: 'activation', name: 'fb', function: activation },
      { type: 'add', name: 'sum', inputs: ['fa', 'fb'] },
      { type: 'linear', name: 'c', outputs: 5, ...input },
    ],
  };
}

/** In what would be a chain, before and behind a pool. */
function activatedMaps(activation: ActivationName): NetworkSpecInput {
  return maps([
    conv('c1', 5),
    { type: 'activation', name: 'f1', function: activation },
    conv('c2', 5, depthwise),
    pool('p2'),
    { type: 'activation', name: 'f2', function: activation },
    conv('c3', 4, { padding: 1 }),
    { type: 'activation', name: 'f3', function: activation },
  ]);
}

const checks: Readonly<Record<string, GradientCheck>> = {
  ...Object.fromEntries(
    ACTIVATION_NAMES.flatMap((name) => [
      [`activation ${name} of features`, { network: activatedFeatures(name) }],
      [`activation ${name} of maps`, { network: activatedMaps(name) }],
    ]),
  ),
  'linear without norm': { network: dense('none') },
  'linear with RMS norm': { network: dense('rms') },
  'linear with L1 norm': { network: dense('l1') },
  'linear with layer norm': { network: dense('layer') },
  'linear with batch norm': { network: dense('batch') },
  'linear with bias': { network: dense('rms', true) },
  'conv, dw, pool, dw, pool as in the presets, 18 channels': {
    network: maps(
      [
        conv('c1', 18),
        relu('r1'),
        conv('c2', 18, depthwise),
        relu('r2'),
        pool('p2'),
        conv('c3', 18, depthwise),
        relu('r3'),
        pool('p3'),
      ],
      [1, 14, 14],
    ),
    batch: 33,
    entries: 2,
  },
  'conv, dw, dw, pool, dw with bias': {
    network: maps([
      ...[conv('c1', 5, { bias: true }), relu('r1'), conv('c2', 5, { ...depthwise, bias: true }), relu('r2')],
      ...[
        conv('c3', 5, { ...depthwise, bias: true }),
        relu('r3'),
        pool('p3'),
        conv('c4', 5, { ...depthwise, kernel: [2, 3], bias: true }),
        relu('r4'),
      ],
    ]),
  },
  'convolutions without ReLU and pooling': {
    network: maps([conv('c1', 6), conv('c2', 6, depthwise), conv('c3', 6, depthwise)]),
  },
  'depthwise convolution of the sample, 5×5': {
    network: maps([conv('c1', 2, { ...depthwise, kernel: [5, 5] }), relu('r1'), pool('p1')]),
  },
  '5×5 convolution, then 5×5 depthwise': {
    network: maps([
      conv('c1', 7, { kernel: [5, 5] }),
      relu('r1'),
      conv('c2', 7, { ...depthwise, kernel: [5, 5] }),
      relu('r2'),
    ]),
  },
  'strides, padding and rectangular kernels': {
    network: maps([
      ...[conv('c1', 4, { kernel: [3, 4], stride: [2, 1], padding: 2 }), relu('r1')],
      ...[conv('c2', 4, { ...depthwise, kernel: [4, 3], stride: [1, 2], padding: 1 }), relu('r2')],
    ]),
  },
  'a signal of one row: 1×N kernels, windows and padding': {
    network: maps(
      [
        ...[conv('c1', 4, { kernel: [1, 5], padding: [0, 2] }), relu('r1')],
        ...[pool('p1', { size: [1, 3], stride: [1, 2], padding: [0, 1] })],
        ...[conv('c2', 4, { ...depthwise, kernel: [1, 4], padding: [0, 1], stride: [1, 2] }), relu('r2')],
        ...[{ type: 'avgPool2d', name: 'p2', size: [1, 3], stride: 1, padding: [0, 1] } as LayerInput],
      ],
      [2, 1, 41],
    ),
  },
  'padded and rectangular pools outside chains': {
    network: maps([
      pool('p0', { size: [2, 3], padding: [1, 2], stride: [2, 1] }),
      ...[conv('c1', 4, { groups: 2, padding: [0, 1] }), relu('r1')],
      { type: 'avgPool2d', name: 'p1', size: [3, 2], padding: [2, 1], stride: [1, 2] } as LayerInput,
      ...[
        conv('c2', 6, { kernel: [2, 3] }),
        { type: 'crop', name: 'k', top: 1, left: 1, height: 4, width: 5 } as LayerInput,
      ],
      { type: 'avgPool2d', name: 'p2', size: [2, 3], padding: [1, 1], countIncludePad: false } as LayerInput,
      pool('p3', { size: [1, 2], padding: [0, 1] }),
    ]),
  },
  'padded and rectangular pools in a chain': {
    network: maps([
      ...[conv('c1', 5), relu('r1'), pool('p1', { size: [3, 2], padding: [1, 1], stride: [1, 2] })],
      ...[conv('c2', 5, { ...depthwise, padding: [1, 0] }), relu('r2')],
      { type: 'avgPool2d', name: 'p2', size: [2, 3], padding: [1, 2], countIncludePad: false } as LayerInput,
    ]),
  },
  'residual blocks of convolutions': {
    network: maps(
      [
        ...[conv('c1', 6), relu('r1')],
        ...[conv('c2', 6, { padding: 1 }), relu('r2'), conv('c3', 6, { padding: 1 })],
        { type: 'add', name: 's1', inputs: ['r1', 'c3'] },
        relu('r3'),
        ...[conv('c4', 6, { ...depthwise, padding: 1 })],
        { type: 'add', name: 's2', inputs: ['c4', 'r3'] },
      ],
      [2, 7, 9],
    ),
  },
  'residual blocks of linear layers, and a sum of one tensor with itself': {
    network: {
      name: 'residual',
      input: { shape: [9] },
      layers: [
        { type: 'linear', name: 'a', outputs: 9, weights, norm: 'none' },
        { type: 'add', name: 's1', inputs: ['input', 'a'] },
        relu('r1'),
        { type: 'linear', name: 'b', outputs: 9, weights },
        { type: 'add', name: 's2', inputs: ['b', 'r1'] },
        { type: 'add', name: 's3', inputs: ['s2', 's2'] },
        { type: 'linear', name: 'c', outputs: 4, weights, norm: 'none' },
      ],
    },
  },
  'pooling windows that overlap or leave a rest': {
    network: maps([
      conv('c1', 4),
      relu('r1'),
      pool('p1', { size: 3, stride: 2 }),
      conv('c2', 4, { ...depthwise, kernel: [2, 2] }),
      pool('p2', { size: 3, stride: 1 }),
    ]),
  },
  'average pooling': {
    network: maps([
      ...[conv('c1', 4), relu('r1'), { type: 'avgPool2d', name: 'p1' } as LayerInput],
      ...[
        conv('c2', 4, { ...depthwise, kernel: [2, 2] }),
        { type: 'avgPool2d', name: 'p2', size: 2, stride: 1 } as LayerInput,
      ],
    ]),
  },
  'convolutions that mix channels, groups, channel multiplier': {
    network: maps([
      ...[
        conv('c1', 4, { bias: true }),
        relu('r1'),
        conv('c2', 6, { groups: 2, bias: true, padding: 1, stride: [2, 1] }),
        relu('r2'),
        pool('p2'),
      ],
      ...[conv('c3', 12, { ...depthwise, kernel: [1, 2] }), relu('r3'), conv('c4', 3, { kernel: [1, 1], bias: true })],
    ]),
  },
  'crop and pooling of the sample and between convolutions': {
    network: maps([
      ...[
        { type: 'crop', name: 'k1', top: 1, left: 2, height: 9, width: 10 } as LayerInput,
        pool('p0', { size: 2, stride: 1 }),
      ],
      ...[conv('c1', 4), { type: 'crop', name: 'k2', top: 1, left: 0, height: 4, width: 5 } as LayerInput, relu('r1')],
      ...[{ type: 'avgPool2d', name: 'p1', size: 2, stride: 1 } as LayerInput, pool('p2', { size: 2, stride: 1 })],
    ]),
  },
  'activation quantizers before convolutions, rounding off': {
    network: maps([
      ...[
        conv('c1', 4, { activationQuantizer: 'max-abs' }),
        relu('r1'),
        conv('c2', 4, { ...depthwise, activationQuantizer: 'shift' }),
        relu('r2'),
      ],
      conv('c3', 5, { activationQuantizer: 'max-abs' }),
    ]),
  },
  'label smoothing': { network: dense('rms'), loss: [{ kind: 'crossEntropy', weight: 1, labelSmoothing: 0.1 }] },
  'class weights, with smoothing': {
    network: dense('rms'),
    loss: [{ kind: 'crossEntropy', weight: 0.5, labelSmoothing: 0.1, classWeights: [0.2, 3, 1, 0, 7] }],
  },
  'mean squared error': { network: dense('none', true), loss: [{ kind: 'meanSquaredError', weight: 1.5 }] },
  'Huber, errors on both sides of delta': {
    network: dense('none', true),
    loss: [{ kind: 'huber', weight: 2, delta: 0.7 }],
  },
  'binary cross-entropy': { network: dense('rms', true), loss: [{ kind: 'binaryCrossEntropy', weight: 3 }] },
  'squared error and Huber together': {
    network: dense('none', true),
    loss: [
      { kind: 'meanSquaredError', weight: 0.5 },
      { kind: 'huber', weight: 1, delta: 2 },
    ],
  },
  'distillation beside cross-entropy': {
    network: dense('rms'),
    loss: [
      { kind: 'crossEntropy', weight: 0.3, labelSmoothing: 0 },
      { kind: 'distillation', weight: 0.7, temperature: 3 },
    ],
  },
};

const machine = [
  { kind: 'native' },
  { kind: 'native', simd: 'avx2' },
  { kind: 'native', simd: 'baseline' },
  { kind: 'wasm' },
] as const;

describe('gradients against central differences in doubles', async () => {
  // Which of the addon's instruction sets there are depends on the machine.
  const engines = (await Promise.all(machine.map((options) => createEngine(options).catch(() => null)))).filter(
    (engine) => engine !== null,
  );

  it('run on at least one engine', () => expect(engines.length).toBeGreaterThan(0));

  it.each(Object.entries(checks))('%s', (_, check) => {
    const expected = expectedGradients(engines[0]!, check);
    for (const engine of engines) {
      const { worst, where, loss } = gradientDifference(engine, expected);
      expect(loss, engine.info.simd).toBeLessThan(2e-5);
      expect(worst, `${engine.info.simd} ${where}`).toBeLessThan(2e-4);
    }
  });
});
