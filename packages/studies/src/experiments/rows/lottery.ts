// Lottery tickets: sparse networks that train as well as dense ones, if they begin with the right weights.
import { openQuestion } from '../claims.js';
import type { Experiment, ExperimentConfiguration } from '../experiment.js';
import { dense } from '../networks.js';

const ROUND = 8;
const ROUNDS = 3;
const SHARE = 0.9;
const AT = Array.from({ length: ROUNDS }, (_, round) => ROUND * (round + 1));

const prune = (first: number, every: number, count: number) => ({
  ...{ kind: 'prune', of: 'weights', share: SHARE, scope: 'network' },
  schedule: { kind: 'rounds', first, every, count },
});

/** Quick: one round before the second epoch. */
const ticket = (label: string, rewind?: Readonly<Record<string, unknown>>): ExperimentConfiguration => ({
  label,
  config: { actions: [prune(ROUND, ROUND, ROUNDS), ...(rewind ? [{ kind: 'rewind', at: AT, ...rewind }] : [])] },
  quick: { actions: [prune(1, 1, 1), ...(rewind ? [{ kind: 'rewind', at: [1], ...rewind, to: 0 }] : [])] },
});

const EARLY = 'rewound to epoch 1';
const FIRST = 'rewound to the first weights';
const RANDOM = 'other random weights';

export const lottery: Experiment = {
  name: 'lottery',
  question: 'Do the weights that survive pruning train better from where they began than from elsewhere?',
  method:
    `Iterative magnitude pruning (Frankle and Carbin 2018) of 48-48-48 with 4-bit weights that have a zero: ${ROUNDS} rounds of ${ROUND} epochs, after each of which the least weights of the network go, ${100 * SHARE} % in all, ` +
    'and the rest goes back to its first weights, to those after an epoch (Frankle et al. 2019), or to other random ones, which is the control; or it stays and is trained on. Every round is a cosine of its own ' +
    'and begins with an optimizer that has seen nothing. The dense network is trained by the same rounds without pruning.',
  studies: [
    {
      title: `48-48-48, ${ROUNDS + 1} rounds of ${ROUND} epochs`,
      base: {
        network: dense({ format: '4bit' }),
        epochs: ROUND * (ROUNDS + 1),
        schedule: { kind: 'warmRestarts', period: ROUND },
      },
      configurations: [
        { label: 'dense' },
        ticket(FIRST, {}),
        ticket(EARLY, { to: 1 }),
        ticket(RANDOM, { values: 'random' }),
        ticket('trained on'),
      ],
      seeds: 3,
    },
  ],
  claims: [
    openQuestion('The first weights are better than other random ones', { label: FIRST, than: RANDOM }),
    openQuestion('The weights after an epoch are better than other random ones', { label: EARLY, than: RANDOM }),
    openQuestion('Going back is better than training on', { label: EARLY, than: 'trained on' }),
    openQuestion('A ticket is better than the dense network', { label: EARLY }),
  ],
  conclusion:
    'First weights matter: a sparse network from its own first weights is 3 points better than the same one from others. But training on is as good as going back, and the dense ' +
    'network is 2 points better than any ticket. The zoo does not take them.',
};
