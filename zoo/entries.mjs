// The model zoo's entries: each is a network, a training recipe and the flash it may take. train.mjs trains and selects.
import { buildPreset } from '@bitnetmcu/models';

/** 8-bit convolution weights, 4-bit linear weights and so on: a quantizer as NetworkSpec wants it. */
const quantizer = (format) => ({ format, scaling: 'PerTensor', clipping: { method: 'octav' } });

/**
 * A classifier of 16×16 images: a convolution and a depthwise one at full size, 2×2 max pooling, two convolutions over all channels, one
 * linear layer. Ternary weights where most weights are. RAM: 36·4 bytes a channel before the pool, 16·4 bytes a channel after it.
 * @param channels of the first two convolutions, of the third and of the fourth
 * @param output weight format of the linear layer
 * @param depthwise without the depthwise convolution the maps are larger: for the smallest networks
 */
function mixing(name, channels, { output = '2bitsym', depthwise = true, dropout = 0 } = {}) {
  const [first, third, fourth] = channels;
  const convolutions = [
    { channels: first, weights: quantizer('4bitsym') },
    ...(depthwise ? [{ channels: first, weights: quantizer('4bitsym'), groups: 'depthwise' }] : []),
    { channels: third, weights: quantizer('Ternary'), activationQuantizer: 'shift' },
    { channels: fourth, weights: quantizer('Ternary'), activationQuantizer: 'shift' },
  ];
  const layers = convolutions.flatMap((convolution, index) => [
    { name: `conv${index + 1}`, type: 'conv2d', ...convolution },
    { name: `relu${index + 1}`, type: 'activation', function: 'relu' },
    ...(index === (depthwise ? 1 : 0) ? [{ name: 'pool', type: 'maxPool2d' }] : []),
  ]);
  layers.push({ name: 'flatten', type: 'flatten' });
  if (dropout > 0) layers.push({ name: 'dropout', type: 'dropout', rate: dropout });
  layers.push(...fullyConnected([[10, output]]));
  return { name, input: { shape: [1, 16, 16] }, layers };
}

function fullyConnected(linear) {
  return linear.flatMap(([outputs, format], index) => {
    const layer = {
      ...{ name: `fc${index + 1}`, type: 'linear', outputs },
      ...{ weights: quantizer(format), activationQuantizer: 'shift' },
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

/** The preset's network with linear layers that read what ShiftNorm will give them. */
function shifted(preset) {
  const { layers, ...network } = buildPreset(preset);
  return {
    ...network,
    layers: layers.map((layer) => (layer.type === 'linear' ? { ...layer, activationQuantizer: 'shift' } : layer)),
  };
}

// Every epoch draws all its images anew (plain: 0): small networks learn from light deformations, larger ones from strong ones.
const light = { plain: 0, rotation: 6, rotations: 1, translation: 0.03, scale: [0.95, 1.05] };
const gentle = { plain: 0, rotation: 10, rotations: 1, translation: 0.05, scale: [0.9, 1.1] };
const elastic = { ...gentle, elastic: { amplitude: 1, grid: 5 } };
const medium = { ...elastic, rotation: 12, translation: 0.07, scale: [0.88, 1.12], anisotropy: 0.05, shear: 5 };

/** Outputs of the best network of 3 kB, for networks without convolutions; on training images only. */
const distillation = [
  { kind: 'crossEntropy', weight: 0.1 },
  { kind: 'distillation', weight: 0.9, temperature: 3, teacher: 'runs/zoo/mini-cnn-3k/seed-2/checkpoint.bnc' },
];

const adamw = { kind: 'adamw', weightDecay: 0.05 };
const entry = (budget, published, network, recipe) => ({
  name: network.name,
  budget,
  published,
  config: { network, optimizer: adamw, ...recipe },
});

export const entries = [
  entry(1126, 94.22, mixing('mini-cnn-1k', [9, 16, 17], { output: 'Ternary', depthwise: false }), {
    ...{ epochs: 200, learningRate: 6e-3, augmentation: gentle },
  }),
  entry(3277, 98.92, mixing('mini-cnn-3k', [12, 24, 40], { depthwise: false }), {
    ...{ epochs: 120, learningRate: 4e-3, augmentation: elastic },
  }),
  entry(11_264, 99.55, mixing('mini-cnn-11k', [18, 42, 112], { dropout: 0.2 }), {
    ...{ epochs: 130, learningRate: 2.5e-3, augmentation: medium },
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
    { epochs: 300, learningRate: 5e-3, augmentation: light, optimizer: { kind: 'adam' } },
  ),
  entry(
    12_595,
    99.02,
    cropped('mini-fc-12k', {
      crop: { top: 1, left: 1, height: 14, width: 14 },
      pool: false,
      linear: [
        [156, 'Ternary'],
        [64, '4bitsym'],
        [32, '4bitsym'],
        [10, '4bitsym'],
      ],
    }),
    { epochs: 220, learningRate: 2e-3, augmentation: elastic, loss: distillation },
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
    { epochs: 80, learningRate: 2e-3, augmentation: elastic, loss: distillation },
  ),
  entry(11_264, undefined, mixing('fashion-11k', [18, 42, 112]), {
    ...{ data: { kind: 'fashion-mnist' }, epochs: 80, learningRate: 2.5e-3 },
    augmentation: { plain: 0, rotation: 4, rotations: 1, translation: 0.04, scale: [0.95, 1.05] },
  }),
  ...[
    ...['fc-1k', 'fc-12k', 'fc-12k-fp130', 'fc-12k-binary', 'fc-12k-ternary', 'fc-12k-2bit', 'fc-12k-8bit'],
    ...['cnn-16-small', 'cnn-16', 'cnn-32', 'cnn-48', 'cnn-64', 'cnn-80-ternary', 'cnn-96-ternary'],
  ].map((name) => ({
    name,
    config: { network: shifted(name), optimizer: adamw, epochs: 20, learningRate: 2e-3, augmentation: elastic },
  })),
];
