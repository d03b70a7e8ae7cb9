// Residual connections around linear layers, with and without a learned scale.
import type { NetworkSpecInput } from '@bitnetmcu/models';
import type { FormatName } from '@bitnetmcu/quant';
import { differs, noGain, reachesReported } from '../claims.js';
import type { Experiment, ExperimentConfiguration, ReportedFigures } from '../experiment.js';
import { dense } from '../networks.js';

type Layer = NetworkSpecInput['layers'][number];

/** Where the sum stands: before or behind the ReLU of a hidden layer. */
type Place = 'inside' | 'outside';

const OUTPUTS = 64;

/** 64-64-64; hidden layers 2 and 3 add what they read to what they give. The last layer's norm leaves every sample its own scale. */
function residualNetwork(format: FormatName, place?: Place, scale?: 'learned'): NetworkSpecInput {
  const plain = dense({ hidden: [OUTPUTS, OUTPUTS, OUTPUTS], format });
  if (place === undefined) return plain;
  const layers = plain.layers.flatMap((layer): Layer[] => {
    const number = /^act([23])$/.exec(layer.name)?.[1];
    if (number === undefined) return [layer];
    const [x, f] = [`out${Number(number) - 1}`, `fc${number}`];
    const source = x === 'out1' ? 'act1' : x;
    const sum = (name: string, summand: string): Layer => ({
      ...{ type: 'add', name, inputs: [source, summand] },
      ...(scale && { scale }),
    });
    const relu = (name: string): Layer => ({ type: 'activation', name, function: 'relu' });
    return place === 'inside'
      ? [sum(`sum${number}`, f), relu(`out${number}`)]
      : [relu(`act${number}`), sum(`out${number}`, `act${number}`)];
  });
  return { ...plain, layers };
}

const LABELS = {
  'relu(x + f(x))': ['inside'],
  'x + relu(f(x))': ['outside'],
  's·x + relu(f(x))': ['outside', 'learned'],
  'relu(s·x + f(x))': ['inside', 'learned'],
} as const satisfies Readonly<Record<string, readonly [Place, 'learned'?]>>;

const PLAIN = 'relu(f(x))';

type Figures = Readonly<Partial<Record<keyof typeof LABELS | typeof PLAIN, ReportedFigures>>>;

function configurations(format: FormatName, figures: Figures): [ExperimentConfiguration, ...ExperimentConfiguration[]] {
  const reported = (label: keyof Figures) => figures[label] && { reported: figures[label] };
  return [
    { label: PLAIN, ...reported(PLAIN) },
    ...Object.entries(LABELS).map(([label, [place, scale]]) => ({
      ...{ label, config: { network: residualNetwork(format, place, scale) } },
      ...reported(label as keyof Figures),
    })),
  ];
}

const title = (format: FormatName) => `64-64-64, 20 epochs, ${format}`;
const [FOUR, TWO] = [title('4bitsym'), title('2bitsym')];

export const residual: Experiment = {
  name: 'residual',
  question: 'Do residual connections help small fully connected networks, and does a learned scale help them?',
  method:
    'Hidden layers 2 and 3 add what they read to what they give, before or behind the ReLU, plainly or times one learned number a layer (1 at first). RMS norms stand in ' +
    'front of every layer. Sums need scales that are known beforehand: calibration finds them, and the norms between sums are computed in integers, where the plain network has ' +
    'shifts. In integers the first summand is multiplied by the learned scale as an integer of 64 … 127 and a shift.',
  studies: [
    {
      title: FOUR,
      base: { network: residualNetwork('4bitsym'), epochs: 20 },
      configurations: configurations('4bitsym', {
        [PLAIN]: { test: 98.52, trainLoss: 0.0702 },
        'relu(x + f(x))': { test: 98.72, trainLoss: 0.0764 },
        'x + relu(f(x))': { test: 98.59, trainLoss: 0.0798 },
        's·x + relu(f(x))': { test: 98.59, trainLoss: 0.0687 },
        'relu(s·x + f(x))': { test: 98.65, trainLoss: 0.0715 },
      }),
      seeds: 5,
    },
    {
      title: TWO,
      base: { network: residualNetwork('2bitsym'), epochs: 20 },
      configurations: configurations('2bitsym', {
        'relu(x + f(x))': { test: 98.05, trainLoss: 0.1108 },
        's·x + relu(f(x))': { test: 97.92, trainLoss: 0.1071 },
        'relu(s·x + f(x))': { test: 97.86, trainLoss: 0.1067 },
      }),
      seeds: 5,
    },
  ],
  claims: [
    ...[FOUR, TWO].map((study) => reachesReported({ study, label: 'relu(x + f(x))' })),
    ...[FOUR, TWO].flatMap((study) =>
      Object.keys(LABELS).map((label) =>
        differs(`${study}: ${label} is better than without a connection`, { study, label, direction: 'higher' }),
      ),
    ),
    ...[FOUR, TWO].map((study) =>
      differs(`${study}: a learned scale lowers the training loss of relu(x + f(x))`, {
        ...{ study, label: 'relu(s·x + f(x))', than: 'relu(x + f(x))', measure: 'trainLoss', direction: 'lower' },
      }),
    ),
    ...[FOUR, TWO].map((study) =>
      noGain(`${study}: a learned scale does not make relu(x + f(x)) more accurate`, {
        ...{ study, label: 'relu(s·x + f(x))', than: 'relu(x + f(x))' },
      }),
    ),
  ],
  conclusion:
    'Sums around layers of the same width cost test accuracy or change nothing, at 2 and at 4 bits; the gain that was reported of relu(x + f(x)) at 4 bits is not there, and a learned ' +
    'scale lowers the training loss alone. On the CH32V003 they cost norms that are computed, sums, and memory: at 2 bits 1.3 kB of flash, 450 bytes of RAM and 2.2 times the cycles; at 4 bits the fast kernels of 64-64-64 do not ' +
    'fit beside them any more, which is 20 times the cycles; of 48-48-48 they do, for 3 times. The zoo does not take them.',
};
