// Rewinding: weights that were not pruned go back to what they were early in the run, and are trained again (lottery tickets: Frankle and Carbin 2018,
// arXiv:1803.03635; rewinding to an early epoch: Frankle et al. 2019, arXiv:1903.01611), or to other random ones, as the control.
import { z } from 'zod';
import type { TrainableNetwork } from '../../engine/engine.js';
import { mixSeeds } from '../../random.js';
import { type ActionMeans, defineAction, refuseAction } from './action-definition.js';
import { applyMasks } from './masking.js';

const schema = z.strictObject({
  kind: z.literal('rewind'),
  at: z.array(z.int().min(1).max(99_999)).min(1).max(1000).describe('epochs before each rewinding'),
  values: z
    .enum(['early', 'random'])
    .default('early')
    .describe('early: the weights before the epoch after `to`; random: first weights of another seed, as a control'),
  to: z.int().min(0).max(99_999).default(0).describe('epochs that the weights to go back to were trained'),
});

/** Found for weights, and made by pruning: these stay. */
const NOT_REWOUND = /\.(clip|mask)$/;
/** What an optimizer remembers. */
const MOMENTS = /\.(firstMoment|secondMoment|velocity)$/;
const STEP = 'optimizer.step';

export const rewind = defineAction(schema, ({ at, values, to }, means) => {
  const first = Math.min(...at);
  if (first <= to)
    refuseAction(means, `'at' has ${first}, and the weights to go back to are those after ${to} epochs. Rewind later.`);
  const late = at.find((epoch) => epoch >= means.epochs);
  if (late !== undefined)
    refuseAction(means, `'at' has ${late}, and the run has ${means.epochs} epochs. Leave it out.`);
  if (values === 'random' && to !== 0)
    refuseAction(means, "'to' is of early weights. Leave it out where they are random.");
  const kept: Record<string, Float32Array> = {};
  return {
    state({ parameters }) {
      if (values === 'random') return {};
      for (const [name, { length }] of Object.entries(parameters)) {
        if (!NOT_REWOUND.test(name)) kept[name] = new Float32Array(length);
      }
      return Object.fromEntries(Object.entries(kept).map(([name, array]) => [`${means.place}.early.${name}`, array]));
    },
    epochStarted({ network, epoch }) {
      if (values === 'early' && epoch === to) {
        for (const [name, array] of Object.entries(kept)) array.set(network.parameters[name]!);
      }
      if (!at.includes(epoch)) return;
      restart(network, values === 'early' ? kept : randomWeights(means, epoch));
    },
  };
});

/** First weights that depend on the run's seed and the epoch. */
function randomWeights({ compile, seed }: ActionMeans, epoch: number): Record<string, Float32Array> {
  const other = compile(mixSeeds(seed, 0x7e5e + epoch));
  try {
    const entries = Object.entries(other.parameters).filter(([name]) => !NOT_REWOUND.test(name));
    return Object.fromEntries(entries.map(([name, values]) => [name, values.slice()]));
  } finally {
    other.dispose();
  }
}

/** Weights from elsewhere with the masks of now, and an optimizer that has seen nothing. */
function restart(network: TrainableNetwork, values: Readonly<Record<string, Float32Array>>): void {
  for (const [name, array] of Object.entries(values)) network.parameters[name]!.set(array);
  applyMasks(network);
  for (const [name, array] of Object.entries(network.state)) if (MOMENTS.test(name) || name === STEP) array.fill(0);
}
