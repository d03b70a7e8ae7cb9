import type { NetworkSpecInput } from '@bitnetmcu/models';
import { ACTIVATION_NAMES } from '@bitnetmcu/models/internal';
import { FORMAT_NAMES, inverseScalesFromClips, quantizeWeights } from '@bitnetmcu/quant';
import { describe, expect, it } from 'vitest';
import type { CompileOptions, OptimizerSpec } from '../compile-options.js';
import { createEngine } from '../create-engine.js';
import type { Engine } from '../engine.js';
import { createTfjsEngine } from './create-tfjs-engine.js';
import { type Comparison, compileOn, difference, gradientsOf, snapshot } from './testing/compare-engines.js';

type LayerInput = NetworkSpecInput['layers'][number];
type Conv = Extract<LayerInput, { type: 'conv2d' }>;
type Linear = Extract<LayerInput, { type: 'linear' }>;

const weights = { format: '4bitsym' } as const;
const relu = (name: string): LayerInput => ({ type: 'activation', name, function: 'relu' });
const linear = (name: string, outputs: number, rest: Partial<Linear> = {}): LayerInput => ({
  type: 'linear',
  name,
  outputs,
  weights,
  ...rest,
});
const conv = (name: string, channels: number, rest: Partial<Conv> = {}): LayerInput => ({
  type: 'conv2d',
  name,
  channels,
  weights,
  ...rest,
});

function dense(rest: Partial<Linear> = {}): NetworkSpecInput {
  return {
    name: 'dense',
    input: { shape: [19] },
    layers: [linear('a', 13, rest), relu('ra'), linear('b', 11, rest), relu('rb'), linear('c', 5, rest)],
  };
}

/** A first convolution gives every following layer an input with a gradient. */
function spatial(...layers: LayerInput[]): NetworkSpecInput {
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

const comparisons: Readonly<Record<string, Comparison>> = {
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

const formats = FORMAT_NAMES.flatMap((format) =>
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

const adam: OptimizerSpec = { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01 };

/** Loss, gradients and logits within 1e-5, relative to the largest value of each tensor. */
function compareEngines(engines: readonly Engine[], comparison: Comparison, fakeQuantization: boolean): void {
  const [compiled, tfjs] = compileOn(engines, comparison);
  for (const network of [compiled!, tfjs!]) network.setFakeQuantization(fakeQuantization);
  const [expected, actual] = [gradientsOf(compiled!), gradientsOf(tfjs!)];
  expect(Math.abs(actual.totals.loss / expected.totals.loss - 1)).toBeLessThan(1e-5);
  // Classes may tie; sums of errors cannot.
  const hasTargets = comparison.options?.loss?.some(({ kind }) => kind === 'meanSquaredError' || kind === 'huber');
  if (hasTargets) expect(actual.totals.correct).toBeCloseTo(expected.totals.correct, 3);
  const { worst, where } = difference(actual.gradients, expected.gradients);
  expect(worst, where).toBeLessThan(1e-5);
  const logits = [compiled!, tfjs!].map((network) => {
    const values = new Float32Array(12 * network.outputs);
    network.evaluate('samples', 0, 12, values);
    return { values };
  });
  const evaluated = difference(logits[1]!, logits[0]!);
  expect(evaluated.worst, evaluated.where).toBeLessThan(1e-5);
  compiled!.dispose();
  tfjs!.dispose();
}

/** The real tfjs-node where `npm run test:tfjs-node` gives it; it takes 700 MB. */
const backends = process.env.BITNETMCU_TFJS_NODE ? (['node', 'cpu', 'wasm'] as const) : (['cpu', 'wasm'] as const);

describe.each(backends)('the TensorFlow.js engine on %s and the compiled engine', async (backend) => {
  const engines = [await createEngine(), await createTfjsEngine({ backend })] as const;

  const compare = (comparison: Comparison, fakeQuantization: boolean) =>
    compareEngines(engines, comparison, fakeQuantization);

  it.each(Object.entries(comparisons))('%s: same gradients and logits without rounding', (_, comparison) => {
    compare(comparison, false);
  });

  it.each(Object.entries(comparisons))('%s: same gradients and logits with rounding', (_, comparison) => {
    compare(comparison, true);
  });

  it.each([
    adam,
    { ...adam, kind: 'adamw' },
    { kind: 'sgd', momentum: 0.9, nesterov: true, weightDecay: 0.01 },
    { kind: 'sgd', momentum: 0, nesterov: false, weightDecay: 0 },
  ] satisfies OptimizerSpec[])('$kind: same parameters and state after a step', (optimizer) => {
    const network = spatial(
      conv('c', 5, { bias: true, weights: { format: 'Ternary', scaling: 'PerOutput' } }),
      relu('rc'),
      linear('l', 6, { norm: 'batch', bias: true, weights: { format: '4bit', clipping: { method: 'learned' } } }),
      relu('rl'),
    );
    const order = Uint32Array.from({ length: 9 }, (_, i) => i);
    const [expected, actual] = compileOn(engines, { network, options: { optimizer } }).map((trained) => {
      trained.train('samples', { order, from: 0, to: 9, learningRates: Float32Array.of(0.01), damping: 20 });
      return snapshot(trained);
    });
    const { worst, where } = difference(actual!, expected!);
    expect(worst, where).toBeLessThan(optimizer.kind === 'sgd' ? 1e-5 : 1e-4);
  });

  it('pulls damped weights the same share of the way to their codes', () => {
    const network = dense({ weights: { format: '2bitsym', clipping: { method: 'fixed', value: 1 } } });
    const order = Uint32Array.from({ length: 9 }, (_, i) => i);
    const sgd = { kind: 'sgd', momentum: 0, nesterov: false, weightDecay: 0 } as const;
    const stepped = (damping: number, learningRate: number) =>
      compileOn(engines, { network, options: { optimizer: sgd } }).map((trained) => {
        const before = trained.parameters['a.weight']!.slice();
        trained.train('samples', { order, from: 0, to: 9, learningRates: Float32Array.of(learningRate), damping });
        const after = trained.parameters['a.weight']!.slice();
        trained.dispose();
        return { before, after };
      });
    const [free, damped, settled] = [stepped(0, 0.01), stepped(25, 0.01), stepped(1e9, 0.01)];
    free.forEach(({ before, after }, engine) => {
      const { dequantized } = quantizeWeights('2bitsym', before, {
        outputs: 13,
        inverseScales: inverseScalesFromClips('2bitsym', [1]),
      });
      for (let i = 0; i < before.length; i++) {
        const way = dequantized[i]! - before[i]!;
        expect(damped[engine]!.after[i]! - after[i]!).toBeCloseTo(0.25 * way, 5);
        // Never beyond the code's value.
        expect(settled[engine]!.after[i]! - after[i]!).toBeCloseTo(way, 5);
      }
    });
  });
});

describe('weight formats', async () => {
  // Weights are quantized on the host, whatever the backend.
  const engines = [await createEngine(), await createTfjsEngine({ backend: 'cpu' })] as const;

  it.each(formats)('$what: same codes', ({ network }) => compareEngines(engines, { network }, true));
});
