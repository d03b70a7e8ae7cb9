// How the clipping scalar of the weights is found.
import type { NetworkSpecInput } from '@bitnetmcu/models';
import { differs, openQuestion } from '../claims.js';
import type { Experiment, ExperimentConfiguration } from '../experiment.js';
import { dense, REPORTED_48 } from '../networks.js';

type Linear = Extract<NetworkSpecInput['layers'][number], { type: 'linear' }>;
type Clipping = NonNullable<Linear['weights']['clipping']>;

const { epochs } = REPORTED_48;

const of = (clippingOf: (layer: number) => Clipping) => ({
  network: dense({ linear: (layer) => ({ weights: { clipping: clippingOf(layer) } }) }),
});
const everywhere = (label: string, clipping: Clipping): ExperimentConfiguration => ({
  label,
  config: of(() => clipping),
});

const FROZEN = 'OCTAV, frozen at epoch 10';
const LEARNED = 'learned';
const PROPORTIONAL = '3 · mean |w|';
const WEIGHTED = 'OCTAV, rounding counts 4 times';
const DECAYING = 'from 4 to 2.5 · mean |w|';
const WIDER = 'OCTAV, the first layer 4 · mean |w|';

export const clipping: Experiment = {
  name: 'clipping',
  question: 'Does the clipping scalar with the least squared error (OCTAV) cost test accuracy, and what is better?',
  method:
    'The clipping scalar s of the 4-bit weights is found in other ways, everything else as it is. OCTAV minimizes the squared error of rounding and clipping once an ' +
    'epoch; weighted, a rounding error counts more or less than one of clipping. The others follow mean |w|, are a constant, are trained with the weights, fall over the ' +
    'run, or stop following at an epoch.',
  studies: [
    {
      ...{ title: '48-48-48, 30 epochs', seeds: 5 },
      base: REPORTED_48,
      configurations: [
        { label: 'OCTAV' },
        {
          ...everywhere(FROZEN, { method: 'octav', freezeEpoch: 10 }),
          quick: everywhere('', { method: 'octav', freezeEpoch: 1 }).config!,
        },
        everywhere(WEIGHTED, { method: 'octav', roundingWeight: 4 }),
        everywhere('OCTAV, clipping counts 4 times', { method: 'octav', roundingWeight: 1 / 4 }),
        everywhere('2 · mean |w|', { method: 'proportional', factor: 2 }),
        everywhere(PROPORTIONAL, { method: 'proportional', factor: 3 }),
        everywhere('fixed, 0.5', { method: 'fixed', value: 0.5 }),
        everywhere(LEARNED, { method: 'learned' }),
        everywhere(DECAYING, { method: 'decaying', start: 4, end: 2.5, epochs: (2 * epochs) / 3 }),
        {
          label: WIDER,
          config: of((layer) => (layer === 0 ? { method: 'proportional', factor: 4 } : { method: 'octav' })),
        },
      ],
    },
  ],
  claims: [
    differs('OCTAV costs test accuracy against a scalar in proportion to mean |w|', {
      ...{ label: PROPORTIONAL, direction: 'higher' },
    }),
    openQuestion('Freezing the scalar helps', { label: FROZEN }),
    openQuestion('Weighing rounding noise above clipping noise helps', { label: WEIGHTED }),
    openQuestion('Trained scalars help', { label: LEARNED }),
    openQuestion('Scalars that fall over time help', { label: DECAYING }),
    openQuestion('A wider scalar for the first layer helps', { label: WIDER }),
  ],
  conclusion:
    'No policy differs from OCTAV by what five seeds show. OCTAV needs no setting, so it is the default. The zoo takes trained scalars for most of its networks.',
};
