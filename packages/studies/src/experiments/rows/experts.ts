// Mixtures of experts: a router chooses which groups of channels a convolutional network computes.
import type { NetworkSpecInput } from '@bitnetmcu/models';
import { differs, noGain, openQuestion } from '../claims.js';
import type { Experiment, ExperimentConfiguration } from '../experiment.js';

type Layer = NetworkSpecInput['layers'][number];

/** How channels are chosen. */
interface Choice {
  readonly groups: number;
  readonly keep: number;
}

/** The chain of the presets, 3×3 convolutions and pools channel by channel, then linear layers; with a router a choice behind the chain. */
function convolutional(channels: number, choice?: Choice): NetworkSpecInput {
  const weights = { format: '8bit' } as const;
  const conv = (name: string, rest: object): Layer => ({ type: 'conv2d', name, channels, weights, ...rest }) as Layer;
  const relu = (name: string): Layer => ({ type: 'activation', name, function: 'relu' });
  const linear = (name: string, outputs: number, rest: object = {}): Layer =>
    ({ type: 'linear', name, outputs, weights: { format: '4bitsym' }, ...rest }) as Layer;
  const chosen: readonly Layer[] = choice
    ? [
        linear('router', choice.groups, { inputs: ['input'] }),
        { type: 'topGroups', name: 'chosen', inputs: ['pool3', 'router'], keep: choice.keep },
      ]
    : [];
  return {
    name: choice ? `experts-${channels}-${choice.keep}-of-${choice.groups}` : `chain-${channels}`,
    input: { shape: [1, 16, 16] },
    layers: [
      ...[conv('conv1', {}), relu('relu1')],
      ...[conv('conv2', { groups: 'depthwise' }), relu('relu2'), { type: 'maxPool2d', name: 'pool2' } as Layer],
      ...[conv('conv3', { groups: 'depthwise' }), relu('relu3'), { type: 'maxPool2d', name: 'pool3' } as Layer],
      ...chosen,
      { type: 'flatten', name: 'flatten' },
      ...[linear('fc1', 64), relu('act1'), linear('fc2', 48), relu('act2'), linear('fc3', 10)],
    ],
  };
}

const balanced = (weight: number) => ({ loss: [{ kind: 'crossEntropy' }, { kind: 'balance', weight }] });

function chosenOf(channels: number, choice: Choice, weight: number): ExperimentConfiguration {
  const label = `${choice.keep} of ${choice.groups} groups of ${channels / choice.groups}${weight > 0 ? '' : ', unbalanced'}`;
  return { label, config: { network: convolutional(channels, choice), ...(weight > 0 && balanced(weight)) } };
}

const SMALL = '16 channels';
const LARGE = '32 channels';
const HALF = chosenOf(32, { groups: 4, keep: 2 }, 0.02);
const UNBALANCED = chosenOf(32, { groups: 4, keep: 2 }, 0);
const SINGLE = chosenOf(32, { groups: 2, keep: 1 }, 0.02);
const THIRD = chosenOf(48, { groups: 6, keep: 2 }, 0.02);

export const experts: Experiment = {
  name: 'experts',
  question: 'Is a convolutional network better for having more channels than it computes for any sample?',
  method:
    'A linear layer of 4 bits on the pixels, the router, scores groups of channels; those with the largest scores are computed, the others are 0 and cost nothing on the device. ' +
    'The choice is trained straight through: scores get the gradient that their softmax would have in its place. A term of the loss keeps the groups in use (load balancing, weight 0.02). ' +
    'All experts compute 16 channels for a sample: of 32 in 2 or 4 groups, or of 48 in 6. Beside them stand the plain networks of 16 channels, which takes the same cycles but for the router, and of 32. ' +
    'Cycles are those of the CH32V003, of a digit and in the dense worst case.',
  studies: [
    {
      ...{ title: '15 epochs', seeds: 5 },
      base: { network: convolutional(16), epochs: 15 },
      configurations: [
        { label: SMALL },
        HALF,
        UNBALANCED,
        SINGLE,
        THIRD,
        { label: LARGE, config: { network: convolutional(32) } },
      ],
    },
  ],
  claims: [
    openQuestion('Two of four groups of 8 channels are better than 16 channels', { label: HALF.label }),
    openQuestion('One of two groups of 16 channels is better than 16 channels', { label: SINGLE.label }),
    openQuestion('Two of six groups of 8 channels are better than 16 channels', { label: THIRD.label }),
    differs('32 channels that are all computed are better than 16', { label: LARGE, direction: 'higher' }),
    differs('Computing half of 32 channels costs accuracy against computing all', {
      ...{ label: HALF.label, than: LARGE, direction: 'lower' },
    }),
    noGain('Balancing gains nothing', { label: HALF.label, than: UNBALANCED.label }),
  ],
  conclusion:
    'No. At the cycles of 16 channels none of the mixtures is better than the plain network, and one of two groups is 0.2 % worse; 32 channels that are all computed are 0.4 % better, for 1.9 times the cycles. A mixture ' +
    'takes 3 % more cycles than the 16 channels for its router, and 3.8 to 6.3 kB more of flash, for the linear layer behind, which reads all channels, the router, and the code of both. The zoo does not take them.',
};
