// Averages of weights (stochastic weight averaging, exponential moving average) together with quantization.
import { differs, noGain, openQuestion } from '../claims.js';
import type { Experiment, ExperimentConfiguration } from '../experiment.js';
import { REPORTED_48 } from '../networks.js';

const { epochs: EPOCHS } = REPORTED_48;
const PERIOD = 5;
const COSINE = { kind: 'cosine', end: 0 } as const;
const CYCLIC = { kind: 'warmRestarts', period: PERIOD, end: 0.05 } as const;

/** In the quick form everything counts from the second epoch on. */
const averaged = (
  label: string,
  schedule: object,
  average: Readonly<Record<string, number>>,
): ExperimentConfiguration => ({
  label,
  config: { schedule, actions: [{ kind: 'average', ...average }] },
  quick: { actions: [{ kind: 'average', ...average, from: 1, ...(average.every && { every: 1 }) }] },
});

const MEAN = 'cosine, mean of the last 5 epochs';
const MOVING = 'cosine, moving average';
const CYCLES = 'cyclic, mean of 4 cycles';

export const swa: Experiment = {
  name: 'swa',
  question: 'Are averaged weights better than the last ones, when weights are quantized?',
  method:
    'The mean of the weights after epochs (stochastic weight averaging, Izmailov et al. 2018) and the exponential moving average over steps, of which each keeps 99.9 %, under a cosine and a cyclic ' +
    'learning rate. Averages replace the weights at the end, and their clipping scalars are found anew, since averaging leaves the quantization levels. An averaged run and the one without ' +
    `average are the same up to there, to the bit: their difference is the averaging alone. The cyclic rate is a cosine from 0.001 to a twentieth of it every ${PERIOD} epochs; its average is over the last four ends of ` +
    'cycles. What was reported is of 90 epochs, with averages of 98.74 to 98.75 % against 98.12 to 98.83 % along a cycle.',
  studies: [
    {
      title: `48-48-48, ${EPOCHS} epochs`,
      base: REPORTED_48,
      configurations: [
        { label: 'cosine', config: { schedule: COSINE } },
        averaged(MEAN, COSINE, { from: EPOCHS - 5 }),
        averaged(MOVING, COSINE, { from: EPOCHS / 2, decay: 0.999 }),
        { label: 'cyclic', config: { schedule: CYCLIC } },
        averaged(CYCLES, CYCLIC, { from: EPOCHS - 4 * PERIOD, every: PERIOD }),
      ],
      seeds: 3,
    },
  ],
  claims: [
    differs('Averaging is usually worse than normal training: the mean of cycles against a cosine', {
      ...{ label: CYCLES, direction: 'lower' },
    }),
    differs('Averaging is worse than the last weights: the mean of cycles against the last cycle', {
      ...{ label: CYCLES, than: 'cyclic', direction: 'lower' },
    }),
    noGain('A cyclic rate alone is hardly worse than a cosine, and no better', { label: 'cyclic' }),
    openQuestion('The mean of the last epochs under a cosine gains', { label: MEAN }),
    openQuestion('A moving average under a cosine gains', { label: MOVING }),
  ],
  conclusion:
    'With weights that are quantized in training, means of weights gain nothing: under a cosine the last weights are as good or better. The zoo does not take them.',
};
