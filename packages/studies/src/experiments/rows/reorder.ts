// Neurons beside those with similar weights, for coders of weights.
import { openQuestion } from '../claims.js';
import type { Experiment } from '../experiment.js';
import { dense, REPORTED_64 } from '../networks.js';

const TITLE = '64-64-64, 20 epochs';
/** Clipping scalars are learned with it, as in the experiment entropy. */
const LIGHT = {
  network: dense({ hidden: [64, 64, 64], linear: () => ({ weights: { clipping: { method: 'learned' } } }) }),
  loss: [{ kind: 'crossEntropy' }, { kind: 'entropy', weight: 0.02 }],
};
const reorder = { actions: [{ kind: 'reorder' }] };

const PLAIN = 'as trained';
const REORDERED = 'reordered';
const LOW = 'entropy term 0.02';
const LOW_REORDERED = 'entropy term 0.02, reordered';

export const reordering: Experiment = {
  name: 'reorder',
  question: 'Do coded weights take less flash where neighbouring neurons have similar weights?',
  method:
    'Hidden neurons of a trained network can stand in any order: the integers of the outputs stay the same. Here each is followed by the one left whose weights are nearest (sum of absolute differences), ' +
    'of networks of 64-64-64 neurons as they are trained and of those trained towards a low entropy of the codes. Flash, RAM and cycles are those of the CH32V003 with kernels that decode prefix codes, ' +
    'which look at no neighbour, and with its default kernels. What a coder would come to that does is computed: the bits of each code given the code of the neuron before for the same input, the table that ' +
    'it needs paid for, beside the entropy of the codes by themselves. Accuracy cannot differ.',
  studies: [
    {
      ...{ title: TITLE, seeds: 3, targets: ['ch32v003', 'ch32v003:coded'], measures: ['codeBits', 'neighbourBits'] },
      base: REPORTED_64,
      configurations: [
        { label: PLAIN },
        { label: REORDERED, config: reorder },
        { label: LOW, config: LIGHT },
        { label: LOW_REORDERED, config: { ...LIGHT, ...reorder } },
      ],
    },
  ],
  claims: [
    openQuestion('Reordering makes codes cheaper that are coded by the one before', {
      ...{ label: REORDERED, measure: 'neighbourBits' },
    }),
    openQuestion('Of weights trained towards a low entropy, too', {
      ...{ label: LOW_REORDERED, than: LOW, measure: 'neighbourBits' },
    }),
    {
      said: 'Reordered codes by the one before take fewer bits than codes by themselves',
      judge(compared) {
        const runs = [REORDERED, LOW_REORDERED].flatMap((label) => {
          const { codeBits, neighbourBits } = compared.study(TITLE).configuration(label).figures;
          return codeBits && neighbourBits ? [{ label, own: codeBits.mean, by: neighbourBits.mean }] : [];
        });
        if (runs.length < 2) return { verdict: 'open', because: 'Too few runs.' };
        return {
          verdict: runs.every(({ own, by }) => by < own) ? 'improved' : 'not confirmed',
          because: runs
            .map(
              ({ label, own, by }) =>
                `${label}: ${by.toFixed(3)} bits a weight by the neighbour, ${own.toFixed(3)} by themselves.`,
            )
            .join(' '),
        };
      },
    },
  ],
  conclusion:
    'As was reported, it does not pay: neighbours of reordered neurons save 0.06 bits a weight against the order that training left, but a coder that looks at the one before needs more bits than one that does not ' +
    '(3.09 against 2.99, and 2.47 against 2.37 with the entropy term), since its table is paid for. Flash and cycles of the coders that there are stay the same. The zoo does not reorder.',
};
