// Formats that become others in the middle of a run.
import { differs } from '../claims.js';
import type { Experiment, ExperimentConfiguration } from '../experiment.js';
import { dense } from '../networks.js';

const EPOCHS = 40;

function switched(from: '8bit' | '2bitsym', at: number): ExperimentConfiguration {
  const action = { kind: 'switch', weights: { format: '4bitsym' } };
  return {
    label: `${from === '8bit' ? 8 : 2} → 4 at ${at}`,
    config: { network: dense({ format: from }), actions: [{ ...action, at }] },
    quick: { actions: [{ ...action, at: 1 }] },
  };
}

const lossierThan4 = (label: string) =>
  differs(`${label}: more loss than training in the target format`, {
    ...{ label, measure: 'trainLoss', direction: 'higher' },
  });

export const switching: Experiment = {
  name: 'switching',
  question: 'Does it help to train in another weight format first?',
  method:
    'Weights and optimizer moments stay, clipping scalars are found anew for the format that follows. The learning rate is one cosine over the whole run. Reported were switches ' +
    'after 10 and 30 epochs of longer runs; here all have 40 epochs, so that ten are left after the later one.',
  studies: [
    {
      title: `48-48-48, ${EPOCHS} epochs`,
      base: { network: dense(), epochs: EPOCHS },
      configurations: [{ label: '4' }, switched('8bit', 10), switched('8bit', 30), switched('2bitsym', 30)],
      seeds: 3,
    },
  ],
  claims: [
    ...['8 → 4 at 10', '8 → 4 at 30', '2 → 4 at 30'].map(lossierThan4),
    differs('From 8 to 4 bit, switching after 10 epochs gives less loss than after 30', {
      ...{ label: '8 → 4 at 10', than: '8 → 4 at 30', measure: 'trainLoss', direction: 'lower' },
    }),
  ],
  conclusion:
    'Beginning in another format gains no test accuracy; from 8 to 4 bits the later switch left the lower training loss, which is the opposite of what was reported. The zoo trains in the ' +
    'format that it ships.',
};
