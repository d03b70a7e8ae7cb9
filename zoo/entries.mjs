// The model zoo's entries: each is a network, a training recipe and the flash it may take. train.mjs trains and selects.
import { buildPreset } from '@bitnetmcu/models';

/** A quantizer as NetworkSpec wants it. Learned clipping scalars are 0.1 % better than OCTAV's in most networks here. */
const quantizer = (format, clipping = 'learned') => ({ format, scaling: 'PerTensor', clipping: { method: clipping } });

/**
 * A classifier of 16×16 images: a convolution and a depthwise one at full size, 2×2 max pooling, two convolutions over all channels, one
 * linear layer. Ternary weights where most weights are. RAM: 36·4 bytes a channel before the pool, 16·4 bytes a channel after it.
 * @param channels of the first two convolutions, of the third and of the fourth
 * @param output weight format of the linear layer
 * @param depthwise without the depthwise convolution the maps are larger: for the smallest networks
 */
function mixing(name, channels, { output = '2bitsym', depthwise = true, dropout = 0, clipping = 'learned' } = {}) {
  const [first, third, fourth] = channels;
  const convolutions = [
    { channels: first, weights: quantizer('4bitsym', clipping) },
    ...(depthwise ? [{ channels: first, weights: quantizer('4bitsym', clipping), groups: 'depthwise' }] : []),
    { channels: third, weights: quantizer('Ternary', clipping), activationQuantizer: 'shift' },
    { channels: fourth, weights: quantizer('Ternary', clipping), activationQuantizer: 'shift' },
  ];
  const layers = convolutions.flatMap((convolution, index) => [
    { name: `conv${index + 1}`, type: 'conv2d', ...convolution },
    { name: `relu${index + 1}`, type: 'activation', function: 'relu' },
    ...(index === (depthwise ? 1 : 0) ? [{ name: 'pool', type: 'maxPool2d' }] : []),
  ]);
  layers.push({ name: 'flatten', type: 'flatten' });
  if (dropout > 0) layers.push({ name: 'dropout', type: 'dropout', rate: dropout });
  layers.push(...fullyConnected([[10, output]], clipping));
  return { name, input: { shape: [1, 16, 16] }, layers };
}

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

/** A crop of the 16×16 image, optionally 2×2-pooled, into linear layers. */
function cropped(name, { crop, pool, linear }) {
  return {
    name,
    input: { shape: [1, 16, 16] },
    layers: [
      { name: 'crop', type: 'crop', ...crop },
      ...(pool ? [{ name: 'pool', type: 'avgPool2d' }] : []),
      { name: 'flatten', type: 'flatten' },
      ...fullyConnected(linear),
    ],
  };
}

/** The preset's network with learned clipping, and linear layers that read what ShiftNorm will give them. */
function shifted(preset) {
  const { layers, ...network } = buildPreset(preset);
  return {
    ...network,
    layers: layers.map((layer) => {
      if (!('weights' in layer)) return layer;
      const weights = { ...layer.weights, clipping: { method: 'learned' } };
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

/** What the teacher makes of every image, for networks without convolutions. Teacher and pupil of one seed hold out the same images. */
const taughtBy = (teacher) => [
  { kind: 'crossEntropy', weight: 0.1 },
  { kind: 'distillation', weight: 0.9, temperature: 3, teacher: `runs/zoo/${teacher}/seed-{seed}/checkpoint.bnc` },
];

const adamw = { kind: 'adamw', weightDecay: 0.05 };
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
  entry(1126, 94.22, mixing('mini-cnn-1k', [9, 16, 17], { output: 'Ternary', depthwise: false, clipping: 'octav' }), {
    ...{ epochs: 200, learningRate: 6e-3, augmentation: gentle },
  }),
  entry(3277, 98.92, mixing('mini-cnn-3k', [12, 24, 40], { depthwise: false, clipping: 'octav' }), {
    ...{ epochs: 120, learningRate: 4e-3, augmentation: elastic },
  }),
  entry(5529, 99.06, mixing('mini-cnn-5k', [18, 30, 66]), {
    ...{ epochs: 110, learningRate: 3e-3, augmentation: elastic },
  }),
  entry(7475, 99.28, mixing('mini-cnn-7k', [18, 36, 80], { dropout: 0.1 }), {
    ...{ epochs: 110, learningRate: 3e-3, augmentation: medium },
  }),
  entry(9523, 99.44, mixing('mini-cnn-9k', [18, 38, 100], { dropout: 0.2 }), {
    ...{ epochs: 120, learningRate: 2.5e-3, augmentation: medium },
  }),
  entry(11_264, 99.55, mixing('mini-cnn-11k', [18, 42, 112], { dropout: 0.2, clipping: 'octav' }), {
    ...{ epochs: 130, learningRate: 2.5e-3, augmentation: medium },
  }),
  entry(13_312, 99.58, mixing('mini-cnn-13k', [18, 42, 136], { dropout: 0.2 }), {
    ...{ epochs: 180, learningRate: 2.5e-3, augmentation: medium },
  }),
  entry(
    1126,
    94.22,
    cropped('mini-fc-1k', {
      crop: { top: 1, left: 2, height: 14, width: 12 },
      pool: true,
      linear: [
        [42, '4bitsym'],
        [10, '4bitsym'],
      ],
    }),
    { epochs: 400, learningRate: 5e-3, augmentation: light, optimizer: { kind: 'adam', damping: 0.3 } },
  ),
  entry(
    12_595,
    99.02,
    cropped('mini-fc-12k', {
      crop: { top: 1, left: 1, height: 14, width: 14 },
      pool: false,
      linear: [
        [128, '2bitsym'],
        [64, '4bitsym'],
        [32, '4bitsym'],
        [10, '4bitsym'],
      ],
    }),
    { epochs: 300, learningRate: 4e-3, augmentation: elastic, loss: taughtBy('mini-cnn-11k') },
  ),
  entry(
    12_608,
    98.86,
    cropped('mini-fc-fp130', {
      crop: { top: 1, left: 1, height: 14, width: 14 },
      pool: false,
      linear: [
        [96, 'FP130'],
        [56, 'FP130'],
        [10, 'FP130'],
      ],
    }),
    {
      ...{ epochs: 250, learningRate: 4e-3, augmentation: elastic, loss: taughtBy('mini-cnn-11k') },
      optimizer: { ...adamw, damping: 0.1 },
    },
  ),
  entry(11_264, undefined, mixing('fashion-11k', [18, 42, 112], { dropout: 0.2 }), {
    ...{ data: { kind: 'fashion-mnist' }, epochs: 150, learningRate: 2.5e-3, augmentation: clothes },
  }),
  ...[
    ...['fc-1k', 'fc-12k', 'fc-12k-fp130', 'fc-12k-binary', 'fc-12k-ternary', 'fc-12k-2bit', 'fc-12k-8bit'],
    ...['cnn-16-small', 'cnn-16', 'cnn-32', 'cnn-48', 'cnn-64', 'cnn-80-ternary', 'cnn-96-ternary'],
  ].map((name) => ({
    name,
    config: { network: shifted(name), optimizer: adamw, epochs: 60, learningRate: 2e-3, augmentation: elastic },
  })),
];
