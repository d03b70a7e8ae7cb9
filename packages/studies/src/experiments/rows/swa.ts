// Averages of weights (stochastic weight averaging, exponential moving average) together with quantization.
import { differs, noGain, openQuestion, reachesReported } from '../claims.js';
import type { Experiment, ExperimentConfiguration } from '../experiment.js';
import { REPORTED_48 } from '../networks.js';

const EPOCHS = 90;
const PERIOD = 10;
const LAST = { kind: 'cosine', end: 0 } as const;
const CYCLIC = { kind: 'warmRestarts', period: PERIOD, end: 0.05 } as const;
const CONSTANT = { kind: 'constant' } as const;

/** In the quick form everything counts from the second epoch on. */
const averaged = (
  label: string,
  schedule: object,
  average: Readonly<Record<string, number>>,
  reported?: ExperimentConfiguration['reported'],
): ExperimentConfiguration => ({
  label,
  config: { schedule, actions: [{ kind: 'average', ...average }] },
  quick: { actions: [{ kind: 'average', ...average, from: 1, ...(average.every && { every: 1 }) }] },
  ...(reported && { reported }),
});

const study = (epochs: number) => `48-48-48, ${epochs} epochs`;

export const swa: Experiment = {
  name: 'swa',
  question: 'Are averaged weights better than the last ones, when weights are quantized?',
  method:
    'The mean of the weights after epochs (stochastic weight averaging, Izmailov et al. 2018) and the exponential moving average over steps, under a cosine, a cyclic and a constant ' +
    'learning rate. Averages replace the weights at the end, and their clipping scalars are found anew, since averaging leaves the quantization levels. An averaged run and the one without ' +
    'average are the same up to there, to the bit: their difference is the averaging alone. The cyclic rate is a cosine from 0.001 to a twentieth of it every ten epochs; its averages are over the last six ends of cycles.',
  studies: [
    {
      title: study(EPOCHS),
      base: { network: REPORTED_48.network, epochs: EPOCHS },
      configurations: [
        { label: 'cosine', config: { schedule: LAST } },
        averaged('cosine, mean of the last 10 epochs', LAST, { from: 80 }),
        averaged('cosine, moving average 0.999', LAST, { from: 45, decay: 0.999 }),
        { label: 'cyclic', config: { schedule: CYCLIC } },
        averaged('cyclic, mean of 6 cycles', CYCLIC, { from: 30, every: PERIOD }, { test: 98.75 }),
        { label: 'constant', config: { schedule: CONSTANT } },
        averaged('constant, mean of the last 30 epochs', CONSTANT, { from: 60 }),
        averaged('constant, moving average 0.999', CONSTANT, { from: 45, decay: 0.999 }),
      ],
      seeds: 3,
    },
    {
      title: study(30),
      base: REPORTED_48,
      configurations: [
        { label: 'cosine', config: { schedule: LAST } },
        averaged('cosine, mean of the last 5 epochs', LAST, { from: 25 }),
        averaged('cosine, moving average 0.99', LAST, { from: 15, decay: 0.99 }),
        averaged('cosine, moving average 0.999', LAST, { from: 15, decay: 0.999 }),
      ],
      seeds: 5,
    },
  ],
  claims: [
    reachesReported({ label: 'cyclic, mean of 6 cycles' }),
    differs('Averaging is usually worse than normal training: the mean of cycles against a cosine', {
      ...{ label: 'cyclic, mean of 6 cycles', than: 'cosine', direction: 'lower' },
    }),
    differs('Averaging is usually worse than the last weights: the mean of cycles against the last cycle', {
      ...{ label: 'cyclic, mean of 6 cycles', than: 'cyclic', direction: 'lower' },
    }),
    noGain('A cyclic rate alone is hardly worse than a cosine, and no better', { label: 'cyclic' }),
    openQuestion('The mean of the last epochs under a cosine gains', { label: 'cosine, mean of the last 10 epochs' }),
    openQuestion('A moving average under a cosine gains', { label: 'cosine, moving average 0.999' }),
    openQuestion('A mean makes up for a rate that never falls', {
      ...{ label: 'constant, mean of the last 30 epochs', than: 'constant' },
    }),
    openQuestion('In 30 epochs, a moving average over a hundred steps gains', {
      ...{ study: study(30), label: 'cosine, moving average 0.99' },
    }),
  ],
};
