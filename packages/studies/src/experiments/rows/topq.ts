// ReLU that passes the top half of a sample's activations.
import type { NetworkSpecInput } from '@bitnetmcu/models';
import { differs, reachesReported } from '../claims.js';
import type { Experiment } from '../experiment.js';
import { dense } from '../networks.js';

/** The network with `topRelu` behind the hidden layers of these numbers. */
function withTop(numbers: readonly number[]): NetworkSpecInput {
  const plain = dense();
  const names = new Set(numbers.map((number) => `act${number}`));
  const layers = plain.layers.map((layer) =>
    names.has(layer.name) ? ({ type: 'topRelu', name: layer.name } as const) : layer,
  );
  return { ...plain, layers };
}

const TOP = 'top half';

export const topq: Experiment = {
  name: 'topq',
  question: 'What does it cost to pass only the activations above half of the largest one?',
  method:
    '2·relu(x − m/2), m the largest activation of a layer and sample, in the place of ReLU: in all hidden layers, or in one. Norms stand in front of every layer, as in the reported ' +
    'runs. It needs no scale: the integers are those of training but for the power of two that ShiftNorm takes.',
  studies: [
    {
      title: '48-48-48, 30 epochs',
      base: { network: dense(), epochs: 30 },
      configurations: [
        { label: 'ReLU', reported: { test: 98.71, trainLoss: 0.072, active: 39.4 } },
        {
          ...{ label: TOP, config: { network: withTop([1, 2, 3]) } },
          reported: { test: 98.15, trainLoss: 0.11, active: 22.4 },
        },
        { label: 'top half in the first layer', config: { network: withTop([1]) } },
        { label: 'top half in the last hidden layer', config: { network: withTop([3]) } },
      ],
      seeds: 3,
    },
  ],
  claims: [
    reachesReported({ label: 'ReLU' }),
    reachesReported({ label: TOP }),
    differs('The top half leaves fewer activations above zero', { label: TOP, measure: 'active', direction: 'lower' }),
    differs('The top half costs test accuracy', { label: TOP, direction: 'lower' }),
    differs('The top half raises the training loss', { label: TOP, measure: 'trainLoss', direction: 'higher' }),
  ],
  conclusion:
    'The reported direction holds: 44 % of the activations above zero become 27 %, for 0.8 points of test accuracy. It saves no cycles worth having, since the layer that reads the ' +
    'pixels takes most of them: the zoo does not take it.',
};
