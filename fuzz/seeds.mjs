// Sound networks that the mutators start from.
import { parseNetworkSpec } from '@bitnetmcu/models';
import { networkParameters } from '@bitnetmcu/models/internal';
import { Random } from '@bitnetmcu/trainer';

/** Values that mean something in a network spec. */
export const SPEC_VOCABULARY = [
  ...['linear', 'conv2d', 'activation', 'maxPool2d', 'avgPool2d', 'crop', 'flatten', 'add', 'dropout', 'custom'],
  ...[
    'depthwise',
    'relu',
    'rms',
    'l1',
    'layer',
    'batch',
    'none',
    'max-abs',
    'shift',
    'PerOutput',
    'PerTensor',
    'input',
  ],
  ...['None', 'Binary', 'BinarySym', 'Ternary', '2bitsym', '4bit', '4bitsym', '5bitsym', '8bit', 'FP130', 'NF4'],
  { method: 'learned' },
  { method: 'fixed', value: 1e-30 },
  { method: 'proportional', factor: 1e30 },
  { method: 'decaying', start: 1, end: 1e-9, epochs: 1 },
  [1, 1],
  [8],
  [2, 6, 6],
];

const weights = (format, more = {}) => ({ format, ...more });

/** Network specs with every kind of layer. */
export const SPECS = [
  {
    name: 'fc',
    input: { shape: [12] },
    layers: [
      { type: 'linear', name: 'fc1', outputs: 8, weights: weights('4bitsym') },
      { type: 'activation', name: 'relu1', function: 'relu' },
      { type: 'dropout', name: 'drop', rate: 0.1 },
      { type: 'linear', name: 'fc2', outputs: 3, weights: weights('FP130', { scaling: 'PerOutput' }) },
    ],
  },
  {
    name: 'cnn',
    description: 'every spatial layer',
    input: { shape: [2, 8, 8], preprocessing: { divisor: 255, mean: 0.5, deviation: 0.25 } },
    layers: [
      { type: 'conv2d', name: 'c1', channels: 4, kernel: [3, 3], padding: 1, weights: weights('8bit') },
      { type: 'activation', name: 'r1', function: 'relu' },
      { type: 'conv2d', name: 'c2', channels: 4, groups: 'depthwise', weights: weights('Ternary'), shift: 3 },
      { type: 'activation', name: 'r2', function: 'relu' },
      { type: 'maxPool2d', name: 'p1', size: 2 },
      { type: 'crop', name: 'crop', top: 0, left: 1, height: 2, width: 2 },
      { type: 'flatten', name: 'flat' },
      { type: 'linear', name: 'fc', outputs: 3, weights: weights('2bitsym') },
    ],
  },
  {
    name: 'residual',
    input: { shape: [1, 6, 6] },
    layers: [
      { type: 'conv2d', name: 'c1', channels: 2, padding: 1, weights: weights('4bit'), bias: true },
      { type: 'activation', name: 'r1', function: 'relu' },
      { type: 'conv2d', name: 'c2', channels: 2, padding: 1, weights: weights('5bitsym') },
      { type: 'add', name: 'sum', inputs: ['c2', 'r1'] },
      { type: 'activation', name: 'r2', function: 'relu' },
      { type: 'avgPool2d', name: 'p', size: [2, 2], stride: [2, 2], padding: [1, 1], countIncludePad: false },
      {
        type: 'linear',
        name: 'fc',
        outputs: 3,
        norm: 'none',
        weights: weights('NF4', { clipping: { method: 'learned' } }),
      },
    ],
  },
  {
    name: 'norms',
    input: { shape: [10] },
    layers: [
      { type: 'linear', name: 'a', outputs: 6, norm: 'batch', weights: weights('BinarySym') },
      { type: 'activation', name: 'ra', function: 'relu' },
      { type: 'linear', name: 'b', outputs: 6, norm: 'layer', bias: true, weights: weights('None') },
      { type: 'linear', name: 'c', outputs: 3, norm: 'l1', activationQuantizer: 'shift', weights: weights('4.6bit') },
    ],
  },
];

/** The specs with random weights. */
export function trainedNetworks() {
  const random = new Random(3);
  return SPECS.map((input) => {
    const spec = parseNetworkSpec(input);
    const parameters = {};
    for (const { key, lengths, required } of networkParameters(spec)) {
      if (required)
        parameters[key] = Float32Array.from(
          { length: lengths[0] },
          () => random.nextBetween(-1, 1) + (key.endsWith('variance') ? 1.5 : 0),
        );
    }
    const provenance = {
      tool: 'fuzz',
      created: '2026-01-01T00:00:00.000Z',
      metrics: { testAccuracy: 0.5 },
      config: { epochs: 3 },
    };
    return { spec, parameters, labels: ['a', 'b', 'c'], provenance };
  });
}
