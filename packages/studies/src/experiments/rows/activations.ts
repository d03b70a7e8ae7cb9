// Activation functions in the place of ReLU, trained and as integers.
import type { NetworkSpecInput } from '@bitnetmcu/models';
import { differs, noGain, reachesReported } from '../claims.js';
import type { Experiment, ExperimentConfiguration, ReportedFigures } from '../experiment.js';
import { type DenseOptions, dense, REPORTED_48 } from '../networks.js';

type Name = NonNullable<DenseOptions['activation']>;

/** Without norms: the cheapest form in integers. */
function withoutNorms(activation: Name): NetworkSpecInput {
  return dense({ activation, linear: () => ({ norm: 'none' }) });
}

const TABLE: readonly (readonly [label: string, name: Name, reported?: ReportedFigures])[] = [
  ['GELU', 'gelu', { test: 98.62, train: 97.64, active: 41.9 }],
  ['LeakyReLU 1/8', 'leakyRelu', { test: 98.44, train: 97.2, testLoss: 0.0513, trainLoss: 0.0908, active: 36.8 }],
  ['LeakyReLU 1/16', 'leakyRelu16', { test: 98.4, train: 97.28, testLoss: 0.049, trainLoss: 0.0867, active: 38.7 }],
  ['HardSwish', 'hardSwish', { test: 98.73, train: 97.63, active: 40.3 }],
  ['ReLU6', 'relu6'],
  ['ReLU²', 'squaredRelu', { test: 98.54, train: 97.5, testLoss: 0.0491, trainLoss: 0.0802, active: 63.8 }],
  ['x·relu(x+1)/6', 'xReluPlus1', { test: 98.51, train: 97.42, testLoss: 0.0468, trainLoss: 0.0829, active: 53.1 }],
  ['x·relu(x+2)/6', 'xReluPlus2', { test: 98.54, train: 97.6, testLoss: 0.0436, trainLoss: 0.076, active: 49 }],
  ['x·relu(x+3)/6', 'xReluPlus3', { test: 98.72, train: 97.63, testLoss: 0.0385, trainLoss: 0.0758, active: 43.2 }],
  ['x·relu(x+4)/6', 'xReluPlus4', { test: 98.67, train: 97.57, testLoss: 0.0437, trainLoss: 0.0772, active: 39.9 }],
  ['relu(x+1)−1', 'shiftedRelu1', { test: 98.44, train: 97.3, testLoss: 0.0497, trainLoss: 0.0873, active: 40.8 }],
  ['relu(x+2)−2', 'shiftedRelu2', { test: 98.13, train: 96.44, testLoss: 0.0556, trainLoss: 0.1158, active: 44.2 }],
  ['x·relu6(x+1)/6', 'xRelu6Plus1', { test: 98.39, train: 97.54, testLoss: 0.0517, trainLoss: 0.0779, active: 52.4 }],
  ['x·relu6(x+2)/6', 'xRelu6Plus2', { test: 98.55, train: 97.49, testLoss: 0.0441, trainLoss: 0.0792, active: 42.7 }],
  ['x·relu6(x+4)/6', 'xRelu6Plus4', { test: 98.55, train: 97.54, testLoss: 0.0435, trainLoss: 0.0792, active: 38.8 }],
];

const RELU: ExperimentConfiguration = {
  label: 'ReLU',
  reported: { test: 98.43, train: 97.34, testLoss: 0.0483, trainLoss: 0.0812, active: 43.2 },
};

const others = TABLE.map(
  ([label, name, reported]): ExperimentConfiguration => ({
    label,
    config: { network: dense({ activation: name }) },
    ...(reported && { reported }),
  }),
);

/** HardSwish that becomes ReLU with some epochs left. */
function swapped(healing: number): ExperimentConfiguration {
  const actions = (at: number) => [{ kind: 'switch', at, activation: 'relu' }];
  return {
    label: `HardSwish, then ReLU for ${healing} of 30 epochs`,
    config: { network: dense({ activation: 'hardSwish' }), actions: actions(30 - healing) },
    quick: { actions: actions(1) },
  };
}

const SWAPS = [1, 3, 10].map(swapped);

const REPORTED = '48-48-48, 30 epochs';
const SWAPPED = '48-48-48, swapped to ReLU';
const WITHOUT = '48-48-48, 30 epochs, no norms';

const better = (label: string) =>
  differs(`${label} has a better test accuracy than ReLU`, { label, direction: 'higher' });

export const activations: Experiment = {
  name: 'activations',
  question: 'Is another activation function better than ReLU in a small quantized network?',
  method:
    'Fifteen functions in the place of ReLU, with RMS norms, as the reported figures were. Integer inference looks each up in a table of 256 entries between scales that calibration ' +
    'finds; the RMS norms in front of a table are computed, where for ReLU a shift replaces them. x·relu6(x+3)/6 is HardSwish, and x·relu(x+0) is ReLU² but for a factor, ' +
    'which the norm behind it divides out again. A second study trains with HardSwish and swaps it for ReLU with 10, 3 or 1 of 30 epochs left, at the learning rate that the cosine has by then. A ' +
    'third one leaves the norms out.',
  studies: [
    {
      title: REPORTED,
      base: REPORTED_48,
      configurations: [RELU, ...others],
      seeds: 5,
    },
    {
      title: SWAPPED,
      base: REPORTED_48,
      configurations: [
        { label: 'ReLU' },
        { label: 'HardSwish', config: { network: dense({ activation: 'hardSwish' }) } },
        ...SWAPS,
      ],
      seeds: 5,
    },
    {
      title: WITHOUT,
      base: { network: withoutNorms('relu'), epochs: 30 },
      configurations: [
        { label: 'ReLU' },
        { label: 'GELU', config: { network: withoutNorms('gelu') } },
        { label: 'HardSwish', config: { network: withoutNorms('hardSwish') } },
      ],
      seeds: 5,
    },
  ],
  claims: [
    reachesReported({ label: 'ReLU' }),
    reachesReported({ label: 'HardSwish' }),
    reachesReported({ label: 'GELU' }),
    ...['GELU', 'HardSwish', 'x·relu(x+3)/6', 'x·relu(x+4)/6'].map(better),
    differs('relu(x+2)−2 is worse than ReLU', { label: 'relu(x+2)−2', direction: 'lower' }),
    ...SWAPS.map(({ label }) => noGain(`${label}: no better than ReLU from the beginning`, { study: SWAPPED, label })),
    differs('Ten epochs heal more of the swap than one', {
      ...{ study: SWAPPED, label: SWAPS[2]!.label, than: SWAPS[0]!.label, direction: 'higher' },
    }),
    differs('HardSwish leaves fewer activations above zero than ReLU', {
      ...{ label: 'HardSwish', measure: 'active', direction: 'lower' },
    }),
  ],
  conclusion:
    'Several functions are about 0.1 % above ReLU, which five seeds do not prove for one of them among so many; none reaches the best figures reported. A function by table costs ' +
    '1.8 kB of flash and 3.5 times the cycles of 48-48-48 on the CH32V003, since norms have to be computed in front of it and zeros, which kernels skip, become rare. That flash buys seven more ' +
    'neurons a layer. A swap to ReLU costs more than beginning with it. The zoo stays with ReLU.',
};
