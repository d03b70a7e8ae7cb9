// The networks and samples of the benchmarks; those of bench/peers read the same ones.

import { entries } from '../../../zoo/entries.mjs';

const linear = (name, outputs, format) => ({
  type: 'linear',
  name,
  outputs,
  weights: { format, clipping: { method: 'proportional', factor: 2 } },
});
const relu = (name) => ({ type: 'activation', name, function: 'relu' });
const conv = (name, channels, groups) => ({
  type: 'conv2d',
  name,
  channels,
  groups,
  weights: { format: '8bit', clipping: { method: 'proportional', factor: 2 } },
});

/** conv → depthwise → pool → depthwise → pool → linear 96-64-10. */
export function cnn(channels) {
  return {
    name: `cnn-${channels}`,
    input: { shape: [1, 16, 16] },
    layers: [
      ...[conv('conv1', channels, 1), relu('relu1'), conv('conv2', channels, 'depthwise'), relu('relu2')],
      ...[{ type: 'maxPool2d', name: 'pool2' }, conv('conv3', channels, 'depthwise'), relu('relu3')],
      ...[
        { type: 'maxPool2d', name: 'pool3' },
        { type: 'flatten', name: 'flatten' },
      ],
      ...[linear('fc1', 96, '2bitsym'), relu('relu4'), linear('fc2', 64, '4bitsym'), relu('relu5')],
      linear('fc3', 10, '4bitsym'),
    ],
  };
}

/** Convolutions of all channels, with margins: no chain. */
const mixing = (name, channels, more = {}) => ({ ...conv(name, channels, 1), kernel: 3, padding: 1, ...more });

export const networks = {
  fc: {
    name: 'fc',
    input: { shape: [256] },
    layers: [
      ...[linear('fc1', 64, '4bitsym'), relu('relu1'), linear('fc2', 64, '4bitsym'), relu('relu2')],
      ...[linear('fc3', 64, '4bitsym'), relu('relu3'), linear('fc4', 10, '4bitsym')],
    ],
  },
  'cnn-64': cnn(64),
  'conv-16-24-32': {
    name: 'conv-16-24-32',
    input: { shape: [1, 16, 16] },
    layers: [
      ...[mixing('conv1', 16), relu('relu1'), { type: 'maxPool2d', name: 'pool1' }, mixing('conv2', 24), relu('relu2')],
      ...[{ type: 'maxPool2d', name: 'pool2' }, mixing('conv3', 32, { stride: 2 }), relu('relu3')],
      ...[
        { type: 'flatten', name: 'flatten' },
        linear('fc1', 32, '4bitsym'),
        relu('relu4'),
        linear('fc2', 10, '4bitsym'),
      ],
    ],
  },
};

/** 478 bytes of weights: convolutions of all channels, then the mean of each map. */
networks['mini-cnn-478b'] = {
  name: 'mini-cnn-478b',
  input: { shape: [1, 16, 16] },
  layers: [
    ...[{ ...conv('conv1', 7, 1), weights: { format: '4bitsym' } }, relu('relu1'), { type: 'maxPool2d', name: 'pool' }],
    ...[11, 12].flatMap((channels, i) => [
      { ...conv(`conv${i + 2}`, channels, 1), weights: { format: 'Ternary' }, activationQuantizer: 'shift' },
      relu(`relu${i + 2}`),
    ]),
    { type: 'avgPool2d', name: 'mean', size: 3 },
    { type: 'flatten', name: 'flatten' },
    { ...linear('fc1', 10, '4bitsym'), activationQuantizer: 'shift' },
  ],
};

/** What a search trains most: convolutions of all channels with ternary weights, as the zoo's small networks have them. */
for (const name of ['mini-cnn-1k', 'mini-cnn-3k', 'mini-cnn-13k'])
  networks[name] = entries.find((entry) => entry.name === name).config.network;

/** Noise with one bright pixel that tells the class: timing does not depend on the values. */
export function samples(count, features = 256) {
  let state = 1;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  };
  const bytes = Uint8Array.from({ length: count * features }, next);
  const labels = Uint16Array.from({ length: count }, () => next() % 10);
  labels.forEach((label, i) => {
    bytes[i * features + label * 20] = 255;
  });
  return { count, bytes, labels };
}
