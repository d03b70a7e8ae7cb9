// The model zoo's entries: each is a network, a training recipe and the flash it may take. train.mjs trains and selects.
import { buildPreset } from '@bitnetmcu/models';

/** A quantizer as NetworkSpec wants it. Learned clipping scalars are better than OCTAV's where there are few levels (docs/numeric-formats.md). */
const quantizer = (format, clipping = 'learned') => ({ format, scaling: 'PerTensor', clipping: { method: clipping } });

/**
 * Convolutions, 2×2 max pooling, two or three convolutions over all channels, one linear layer. Ternary weights where most weights are.
 * @param first convolutions before the pool
 * @param channels of the convolutions behind it
 * @param side of the images
 * @param output weight format of the linear layer
 */
function mixing(name, first, channels, { side = 16, output = '2bitsym', dropout = 0, clipping = 'learned' } = {}) {
  const weights = (format) => quantizer(format, clipping);
  const convolution = (number, settings) => [
    { name: `conv${number}`, type: 'conv2d', ...settings },
    { name: `relu${number}`, type: 'activation', function: 'relu' },
  ];
  const convolutions = first.map((settings, i) => convolution(i + 1, { ...settings, weights: weights('4bitsym') }));
  const mixers = channels.map((count, i) =>
    convolution(first.length + i + 1, {
      ...{ channels: count, weights: weights('Ternary'), activationQuantizer: 'shift' },
    }),
  );
  return {
    name,
    input: { shape: [1, side, side] },
    layers: [
      ...convolutions.flat(),
      { name: 'pool', type: 'maxPool2d' },
      ...mixers.flat(),
      { name: 'flatten', type: 'flatten' },
      ...(dropout > 0 ? [{ name: 'dropout', type: 'dropout', rate: dropout }] : []),
      ...fullyConnected([[10, output]], clipping),
    ],
  };
}

/** One convolution first. */
const single = (name, [first, ...channels], options) => mixing(name, [{ channels: first }], channels, options);

/** A convolution and a depthwise one first. */
const depthwise = (name, [first, ...channels], options) =>
  mixing(name, [{ channels: first }, { channels: first, groups: 'depthwise' }], channels, options);

function fullyConnected(linear, clipping) {
  return linear.flatMap(([outputs, format], index) => {
    const layer = {
      ...{ name: `fc${index + 1}`, type: 'linear', outputs },
      ...{ weights: quantizer(format, clipping), activationQuantizer: 'shift' },
    };
    const relu = { name: `fcrelu${index + 1}`, type: 'activation', function: 'relu' };
    return index === linear.length - 1 ? [layer] : [layer, relu];
  });
}

/**
 * A crop of the image into linear layers, by way of means over windows that overlap: a small network has
 * no weights to spare for detail that moves by a pixel.
 */
function cropped(name, { side, crop, pool, linear }) {
  return {
    name,
    input: { shape: [1, side, side] },
    layers: [
      { name: 'crop', type: 'crop', ...crop },
      { name: 'pool', type: 'avgPool2d', ...pool },
      { name: 'flatten', type: 'flatten' },
      ...fullyConnected(linear),
    ],
  };
}

/** 11×11 means of the 24×24 pixels in the middle. */
const centre = { side: 28, crop: { top: 2, left: 2, height: 24, width: 24 }, pool: { size: 4, stride: 2 } };

/** A network with float weights and activations that only teaches; it is not published. */
function teacher(name, channels, recipe) {
  const float = { ...quantizer('None') };
  const layers = channels.flatMap(([count, settings, pools], i) => [
    { name: `conv${i + 1}`, type: 'conv2d', channels: count, weights: float, ...settings },
    { name: `relu${i + 1}`, type: 'activation', function: 'relu' },
    ...(pools ? [{ name: `pool${i + 1}`, type: 'maxPool2d' }] : []),
  ]);
  const last = [
    { name: 'flatten', type: 'flatten' },
    { name: 'dropout', type: 'dropout', rate: 0.3 },
    { name: 'fc', type: 'linear', outputs: 10, weights: float, activationQuantizer: 'none' },
  ];
  const crop = { name: 'crop', type: 'crop', ...centre.crop };
  const network = { name, input: { shape: [1, 28, 28] }, layers: [crop, ...layers, ...last] };
  return { name, teaches: true, config: { network, optimizer: adamw, ...recipe } };
}

/** The preset's network with learned clipping, and linear layers that read what ShiftNorm will give them. */
function shifted(preset) {
  const { layers, ...network } = buildPreset(preset);
  return {
    ...network,
    layers: layers.map((layer) => {
      if (!('weights' in layer)) return layer;
      // FP130 rounds towards 0, which biases the gradient of a learned scalar: it can shrink until two levels are left.
      const clipping = { method: layer.weights.format === 'FP130' ? 'octav' : 'learned' };
      const weights = { ...layer.weights, clipping };
      return layer.type === 'linear' ? { ...layer, weights, activationQuantizer: 'shift' } : { ...layer, weights };
    }),
  };
}

// Every epoch draws all its images anew (plain: 0): small networks learn from light deformations, larger ones from strong ones.
const light = { plain: 0, rotation: 6, rotations: 1, translation: 0.03, scale: [0.95, 1.05] };
const gentle = { plain: 0, rotation: 10, rotations: 1, translation: 0.05, scale: [0.9, 1.1] };
const elastic = { ...gentle, elastic: { amplitude: 1, grid: 5 } };
const medium = { ...elastic, rotation: 12, translation: 0.07, scale: [0.88, 1.12], anisotropy: 0.05, shear: 5 };
const clothes = { plain: 0, rotation: 4, rotations: 1, translation: 0.04, scale: [0.95, 1.05], flip: 0.5 };

/** What the teacher makes of every image, for networks without convolutions. Teacher and pupils hold out the same images. */
const taught = [
  { kind: 'crossEntropy', weight: 0.1 },
  { kind: 'distillation', weight: 0.9, temperature: 3, teacher: 'runs/zoo/teacher-28/seed-1/checkpoint.bnc' },
];

const adamw = { kind: 'adamw', weightDecay: 0.05 };
const preset = (name, recipe) => ({ name, config: { network: shifted(name), optimizer: adamw, ...recipe } });
const entry = (budget, published, network, recipe) => ({
  name: network.name,
  budget,
  published,
  config: { network, optimizer: adamw, ...recipe },
});

/** The training configuration of an entry for a seed: `{seed}` in it stands for that. */
export function configOf({ config }, seed) {
  return { ...JSON.parse(JSON.stringify(config).replaceAll('{seed}', seed)), seed };
}

export const entries = [
  teacher(
    'teacher-28',
    [
      [32, { kernel: 5, stride: 2 }],
      [48, {}, true],
      [128, {}],
    ],
    { epochs: 60, learningRate: 2.5e-3, augmentation: medium, splitSeed: 1 },
  ),
  entry(1126, 94.22, single('mini-cnn-1k', [9, 16, 17], { output: 'Ternary', clipping: 'octav' }), {
    ...{ epochs: 200, learningRate: 6e-3, augmentation: gentle },
  }),
  entry(3277, 98.92, single('mini-cnn-3k', [12, 24, 40], { clipping: 'octav' }), {
    ...{ epochs: 120, learningRate: 4e-3, augmentation: elastic },
  }),
  entry(5529, 99.06, depthwise('mini-cnn-5k', [18, 30, 66]), {
    ...{ epochs: 110, learningRate: 3e-3, augmentation: elastic },
  }),
  entry(7475, 99.28, depthwise('mini-cnn-7k', [18, 36, 80], { dropout: 0.1 }), {
    ...{ epochs: 110, learningRate: 3e-3, augmentation: medium },
  }),
  entry(9523, 99.44, depthwise('mini-cnn-9k', [18, 38, 100], { dropout: 0.2 }), {
    ...{ epochs: 120, learningRate: 2.5e-3, augmentation: medium },
  }),
  entry(11_264, 99.55, depthwise('mini-cnn-11k', [18, 42, 112], { dropout: 0.2, clipping: 'octav' }), {
    ...{ epochs: 130, learningRate: 2.5e-3, augmentation: medium },
  }),
  entry(13_312, 99.58, depthwise('mini-cnn-13k', [18, 30, 40, 118], { side: 20, dropout: 0.2 }), {
    ...{ epochs: 150, learningRate: 2.5e-3, augmentation: medium, splitSeed: 1 },
  }),
  entry(
    1126,
    94.22,
    cropped('mini-fc-1k', {
      side: 28,
      crop: { top: 3, left: 4, height: 23, width: 20 },
      pool: { size: 5, stride: 3 },
      linear: [
        [70, '2bitsym'],
        [10, '4bitsym'],
      ],
    }),
    { epochs: 400, learningRate: 5e-3, augmentation: light, optimizer: { kind: 'adam', damping: 0.3 } },
  ),
  entry(
    12_595,
    99.02,
    cropped('mini-fc-12k', {
      ...centre,
      linear: [
        [148, '4bitsym'],
        [64, '2bitsym'],
        [32, '4bitsym'],
        [10, '4bitsym'],
      ],
    }),
    { epochs: 250, learningRate: 4e-3, augmentation: elastic, loss: taught, splitSeed: 1 },
  ),
  entry(
    12_608,
    98.86,
    cropped('mini-fc-fp130', {
      ...centre,
      linear: [
        [140, 'FP130'],
        [50, 'FP130'],
        [10, 'FP130'],
      ],
    }),
    {
      ...{ epochs: 250, learningRate: 4e-3, augmentation: elastic, loss: taught, splitSeed: 1 },
      optimizer: { ...adamw, damping: 0.1 },
    },
  ),
  entry(11_264, undefined, depthwise('fashion-11k', [18, 30, 40, 96], { side: 20, dropout: 0.2 }), {
    ...{ data: { kind: 'fashion-mnist' }, epochs: 120, learningRate: 2.5e-3, augmentation: clothes, splitSeed: 1 },
  }),
  ...[
    ...['fc-12k-binary', 'fc-12k-ternary', 'fc-12k-2bit', 'fc-12k-8bit'],
    ...['cnn-16-small', 'cnn-16', 'cnn-32', 'cnn-48', 'cnn-64', 'cnn-80-ternary', 'cnn-96-ternary'],
  ].map((name) => preset(name, { epochs: 40, learningRate: 2e-3, augmentation: elastic })),
  preset('fc-1k', {
    ...{
      epochs: 300,
      learningRate: 5e-3,
      augmentation: light,
      optimizer: { kind: 'adam', damping: 0.3 },
      splitSeed: 1,
    },
  }),
  ...['fc-12k', 'fc-12k-fp130'].map((name) =>
    preset(name, { epochs: 200, learningRate: 4e-3, augmentation: elastic, splitSeed: 1 }),
  ),
];
