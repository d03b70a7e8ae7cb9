// The model zoo's entries: each is a network, a training recipe and the flash it may take. train.mjs trains and selects.

/** 8-bit convolution weights, 4-bit linear weights and so on: a quantizer as NetworkSpec wants it. */
const quantizer = (format) => ({ format, scaling: 'PerTensor', clipping: { method: 'octav' } });

/**
 * A classifier of 16×16 images: convolutions that each see one channel, then linear layers.
 * @param chain one letter a step: `c` 3×3 convolution from the image, `d` 3×3 depthwise convolution, `p` 2×2 max pooling
 * @param linear pairs of outputs and weight format
 */
function convolutional(name, { chain, channels, convolution = '8bit', linear, input = [1, 16, 16] }) {
  const layers = [];
  let count = 0;
  for (const step of chain) {
    if (step === 'p') {
      layers.push({ name: `pool${count}`, type: 'maxPool2d' });
      continue;
    }
    count++;
    layers.push({
      name: `conv${count}`,
      type: 'conv2d',
      channels,
      ...(step === 'd' && { groups: 'depthwise' }),
      weights: quantizer(convolution),
    });
    layers.push({ name: `relu${count}`, type: 'activation', function: 'relu' });
  }
  layers.push({ name: 'flatten', type: 'flatten' }, ...fullyConnected(linear));
  return { name, input: { shape: input }, layers };
}

function fullyConnected(linear) {
  return linear.flatMap(([outputs, format], index) => {
    const layer = { name: `fc${index + 1}`, type: 'linear', outputs, weights: quantizer(format) };
    const relu = { name: `fcrelu${index + 1}`, type: 'activation', function: 'relu' };
    return index === linear.length - 1 ? [layer] : [layer, relu];
  });
}

/** The centre 14×14 of the image, optionally 2×2-pooled, into linear layers. */
function cropped(name, { pool, linear }) {
  return {
    name,
    input: { shape: [1, 16, 16] },
    layers: [
      { name: 'crop', type: 'crop', top: 1, left: 1, height: 14, width: 14 },
      ...(pool ? [{ name: 'pool', type: 'avgPool2d' }] : []),
      { name: 'flatten', type: 'flatten' },
      ...fullyConnected(linear),
    ],
  };
}

const gentle = { rotation: 10, rotations: 1, translation: 0.08, scale: [0.9, 1.1] };
const strong = {
  rotation: 15,
  rotations: 1,
  translation: 0.1,
  scale: [0.85, 1.15],
  anisotropy: 0.08,
  shear: 10,
  elastic: { amplitude: 1, grid: 5 },
};

const entry = (budget, published, network, recipe = {}) => ({
  name: network.name,
  budget,
  published,
  config: { network, epochs: 60, augmentation: strong, ...recipe },
});

export const entries = [
  entry(
    1126,
    94.22,
    convolutional('mini-cnn-1k', {
      chain: 'cdpdp',
      channels: 20,
      convolution: '4bit',
      linear: [
        [24, '2bitsym'],
        [16, '4bitsym'],
        [10, '4bitsym'],
      ],
    }),
    { augmentation: gentle, epochs: 90 },
  ),
  entry(
    1126,
    94.22,
    cropped('mini-fc-1k', {
      pool: true,
      linear: [
        [62, '2bitsym'],
        [10, '4bitsym'],
      ],
    }),
    { augmentation: gentle, epochs: 120, learningRate: 3e-3 },
  ),
  entry(
    3277,
    98.92,
    convolutional('mini-cnn-3k', {
      chain: 'cddpd',
      channels: 16,
      linear: [
        [48, '2bitsym'],
        [32, '4bitsym'],
        [10, '4bitsym'],
      ],
    }),
  ),
  entry(
    5530,
    99.06,
    convolutional('mini-cnn-5k', {
      chain: 'cddpd',
      channels: 24,
      linear: [
        [56, '2bitsym'],
        [40, '4bitsym'],
        [10, '4bitsym'],
      ],
    }),
  ),
  entry(
    7475,
    99.28,
    convolutional('mini-cnn-7k', {
      chain: 'cddpd',
      channels: 40,
      linear: [
        [56, 'Ternary'],
        [48, '4bitsym'],
        [10, '4bitsym'],
      ],
    }),
  ),
  entry(
    9523,
    99.44,
    convolutional('mini-cnn-9k', {
      chain: 'cddpd',
      channels: 52,
      linear: [
        [60, 'Ternary'],
        [48, '4bitsym'],
        [10, '4bitsym'],
      ],
    }),
  ),
  entry(
    11264,
    99.55,
    convolutional('mini-cnn-11k', {
      chain: 'cddpd',
      channels: 64,
      linear: [
        [60, 'Ternary'],
        [48, '4bitsym'],
        [10, '4bitsym'],
      ],
    }),
  ),
  entry(
    13312,
    99.58,
    convolutional('mini-cnn-13k', {
      chain: 'cddpd',
      channels: 80,
      linear: [
        [56, 'Ternary'],
        [48, '4bitsym'],
        [10, '4bitsym'],
      ],
    }),
  ),
  entry(
    12595,
    99.02,
    cropped('mini-fc-12k', {
      pool: false,
      linear: [
        [128, '2bitsym'],
        [64, '4bitsym'],
        [32, '4bitsym'],
        [10, '4bitsym'],
      ],
    }),
    { augmentation: gentle, epochs: 120, loss: [{ kind: 'crossEntropy', weight: 1, labelSmoothing: 0.1 }] },
  ),
  ...['fc-1k', 'fc-12k', 'fc-12k-fp130', 'fc-12k-binary', 'fc-12k-ternary', 'fc-12k-2bit', 'fc-12k-8bit'].map(
    (name) => ({
      name,
      config: { network: name, epochs: 60, ...(name === 'fc-1k' && { learningRate: 3e-3 }) },
    }),
  ),
  ...['cnn-16-small', 'cnn-16', 'cnn-32', 'cnn-48', 'cnn-64', 'cnn-80-ternary', 'cnn-96-ternary'].map((name) => ({
    name,
    config: { network: name, epochs: 60, augmentation: strong },
  })),
];
