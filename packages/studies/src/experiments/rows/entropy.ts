// Training towards weights whose codes an entropy coder stores in fewer bits: the training half. The coder is an export of its own.
import { differs, openQuestion } from '../claims.js';
import type { Experiment, ExperimentConfiguration } from '../experiment.js';
import { dense, REPORTED_48 } from '../networks.js';

const learned = { weights: { clipping: { method: 'learned' } } } as const;
const LARGE = [64, 64, 64];

function withEntropy(hidden: readonly number[], weight: number): ExperimentConfiguration {
  return {
    label: `entropy · ${weight}`,
    config: {
      network: dense({ hidden, linear: () => learned }),
      loss: [{ kind: 'crossEntropy' }, { kind: 'entropy', weight }],
    },
  };
}

const learnedClip = (hidden: readonly number[]): ExperimentConfiguration => ({
  label: 'learned clipping',
  config: { network: dense({ hidden, linear: () => learned }) },
});

const FC_12K = 'fc-12k, 30 epochs';

export const entropy: Experiment = {
  name: 'entropy',
  question: 'Can training leave codes that an ideal coder stores in fewer bits at the same accuracy?',
  method:
    'The mean entropy of the weight codes, estimated by soft counts of levels, is a term of the loss; clipping scalars are learned with it, since OCTAV would narrow the ' +
    'range again every epoch. Bytes of packed weights are the same in all configurations: what changes is the entropy that a coder can use, which is in the metrics of every ' +
    'epoch (code entropy of each layer).',
  studies: [
    {
      title: '48-48-48, 30 epochs',
      base: REPORTED_48,
      configurations: [
        { label: 'OCTAV' },
        learnedClip([48, 48, 48]),
        withEntropy([48, 48, 48], 0.02),
        withEntropy([48, 48, 48], 0.05),
      ],
      seeds: 3,
    },
    {
      title: FC_12K,
      base: { network: dense({ hidden: LARGE }), epochs: 30 },
      configurations: [{ label: 'OCTAV' }, learnedClip(LARGE), withEntropy(LARGE, 0.02), withEntropy(LARGE, 0.05)],
      seeds: 5,
    },
  ],
  claims: [
    openQuestion('An entropy term of 0.02 costs no accuracy against OCTAV', { study: FC_12K, label: 'entropy · 0.02' }),
    differs('An entropy term of 0.05 costs accuracy against learned clipping alone', {
      ...{ study: FC_12K, label: 'entropy · 0.05', than: 'learned clipping', direction: 'lower' },
    }),
  ],
};
