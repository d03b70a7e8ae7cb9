// Networks that start larger than they end.
import type { FormatName } from '@bitnetmcu/quant';
import { differs, openQuestion } from '../claims.js';
import type { Experiment, ExperimentConfiguration } from '../experiment.js';
import { dense, REPORTED_48 } from '../networks.js';

const NEURONS = '48-48-48, neurons';
const WEIGHTS = '48-48-48, single weights';
const SPARSE: FormatName = '4bit';

const once = (epoch: number) => ({ kind: 'once', epoch });
const gradual = (from: number, to: number) => ({ kind: 'gradual', from, to });

/** In the quick form pruning is complete before the second epoch. */
function pruned(
  label: string,
  network: ReturnType<typeof dense>,
  action: Readonly<Record<string, unknown>> & { readonly schedule: object },
): ExperimentConfiguration {
  const actions = [{ kind: 'prune', ...action }];
  const quick = 'from' in action.schedule ? { kind: 'gradual', from: 0, to: 1, every: 1 } : once(1);
  return { label, config: { network, actions }, quick: { actions: [{ kind: 'prune', ...action, schedule: quick }] } };
}

const neurons = (width: number, schedule: object) =>
  pruned(`${width} → 48 ${'from' in schedule ? 'gradually' : 'at once'}`, dense({ hidden: [width, width, width] }), {
    of: 'neurons',
    share: 1 - 48 / width,
    schedule,
  });

const weights = (percent: number, scope: 'layer' | 'network') =>
  pruned(`${percent} % of ${scope === 'layer' ? 'each layer' : 'the network'}`, dense({ format: SPARSE }), {
    ...{ of: 'weights', share: percent / 100, scope, schedule: gradual(2, 20) },
  });

export const pruning: Experiment = {
  name: 'pruning',
  question: 'Is a network better for having been larger, and how many of its weights does it need?',
  method:
    'Neurons: hidden layers of 64 or 96 neurons are trained, the neurons with the least mean magnitude of weights are taken away, at once after 10 of 30 epochs or gradually up to epoch 15 (the cubic of ' +
    'Zhu and Gupta 2017), and the 48 that are left are trained on. Pruned neurons vanish from the exported network, so that all have the bytes of 48-48-48. Single weights: of 4-bit weights with ' +
    'a zero, the least half or four fifths go gradually up to epoch 20, in every layer or over all layers. Their zeros take as many bytes as other weights until they are coded.',
  studies: [
    {
      title: NEURONS,
      base: REPORTED_48,
      configurations: [
        { label: '48' },
        neurons(64, once(10)),
        neurons(64, gradual(2, 15)),
        neurons(96, gradual(2, 15)),
      ],
      seeds: 3,
    },
    {
      title: WEIGHTS,
      base: { network: dense({ format: SPARSE }), epochs: REPORTED_48.epochs },
      configurations: [{ label: 'all weights' }, weights(50, 'layer'), weights(80, 'layer'), weights(80, 'network')],
      seeds: 3,
    },
  ],
  claims: [
    openQuestion('Starting with 64 neurons and pruning a quarter of them gains', { label: '64 → 48 gradually' }),
    openQuestion('Starting with twice the neurons gains', { label: '96 → 48 gradually' }),
    openQuestion('Going gradually is better than at once', { label: '64 → 48 gradually', than: '64 → 48 at once' }),
    differs('Half of the weights can go only at a loss', {
      ...{ study: WEIGHTS, label: '50 % of each layer', direction: 'lower' },
    }),
    differs('Four fifths of the weights can go only at a loss', {
      ...{ study: WEIGHTS, label: '80 % of each layer', direction: 'lower' },
    }),
    openQuestion('Choosing over the whole network is better than in every layer', {
      ...{ study: WEIGHTS, label: '80 % of the network', than: '80 % of each layer' },
    }),
  ],
  conclusion:
    'Neurons: a network that was larger and lost a quarter or half of them is no better than one trained at its size, so the zoo takes none. Single weights: half of them ' +
    'cost 0.17 %, and no kernel skips them; where weights are coded they save flash, which an entropy term does at no loss (entropy). If weights are pruned, then over the whole ' +
    'network.',
};
