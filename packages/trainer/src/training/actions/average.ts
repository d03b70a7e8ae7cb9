// Averages of weights, which become the network's at the end: stochastic weight averaging (Izmailov et al. 2018, arXiv:1803.05407), the mean
// of the weights after some epochs, and the exponential moving average over steps (Polyak and Juditsky 1992).
import { z } from 'zod';
import type { TrainableNetwork } from '../../engine/engine.js';
import { type ActionMeans, defineAction, refuseAction } from './action-definition.js';
import type { EpochAction, EpochContext } from './epoch-action.js';
import { applyMasks } from './masking.js';
import { settleStatistics } from './settle-statistics.js';

const schema = z.strictObject({
  kind: z.literal('average'),
  from: z
    .int()
    .min(0)
    .max(99_999)
    .optional()
    .describe('epochs before the first whose weights count; default: three quarters of all'),
  every: z
    .int()
    .min(1)
    .max(100_000)
    .default(1)
    .describe('epochs between two whose weights count; with a cyclic learning rate its period'),
  decay: z
    .number()
    .gt(0)
    .lt(1)
    .optional()
    .describe('makes it the exponential moving average: share of the average that a step keeps; then without `every`'),
});
type Spec = z.output<typeof schema>;

export const average = defineAction(schema, (spec, means) => {
  const from = spec.from ?? Math.floor((means.epochs * 3) / 4);
  if (spec.decay !== undefined && spec.every !== 1) {
    refuseAction(
      means,
      `'every' is ${spec.every}, and an average with a decay counts every step. Leave one of them out.`,
    );
  }
  if (from + spec.every > means.epochs) {
    refuseAction(
      means,
      `no weights are averaged: the first are those after epoch ${from + spec.every}, and the run has ${means.epochs}. Set 'from' to less.`,
    );
  }
  return spec.decay === undefined ? meanOfEpochs(from, spec, means) : movingAverage(from, spec.decay, means);
});

/** The mean of the weights after the epochs from + every, from + 2·every, … */
function meanOfEpochs(from: number, { every }: Spec, { place }: ActionMeans): EpochAction {
  const averages = new Averages(place);
  return {
    ...averages.hooks,
    async epochTrained(context) {
      const since = context.epoch + 1 - from;
      if (since > 0 && since % every === 0) averages.move(context.network, 1 / (since / every));
      if (context.epoch + 1 === context.epochs) await averages.takeOver(context);
    },
  };
}

/** Begins with the weights before the epoch after `from`, then goes 1 − decay of the way to those of each step. */
function movingAverage(from: number, decay: number, { place }: ActionMeans): EpochAction {
  const averages = new Averages(place);
  return {
    ...averages.hooks,
    epochStarted({ epoch, network }) {
      if (epoch === from) averages.move(network, 1);
    },
    stepped({ epoch, network }) {
      if (epoch >= from) averages.move(network, 1 - decay);
    },
    async epochTrained(context) {
      if (context.epoch + 1 === context.epochs) await averages.takeOver(context);
    },
  };
}

/** Clipping scalars belong to the weights that they were found for, and masks are no numbers: neither is averaged. */
const NOT_AVERAGED = /\.(clip|mask)$/;

class Averages {
  readonly #place: string;
  readonly #averages: Record<string, Float32Array> = {};
  #samples: { readonly name: string; readonly count: number } = { name: '', count: 0 };

  constructor(place: string) {
    this.#place = place;
  }

  get hooks(): Pick<EpochAction, 'state' | 'samplesLoaded'> {
    return {
      state: ({ parameters }) => {
        for (const [name, { length }] of Object.entries(parameters)) {
          if (!NOT_AVERAGED.test(name)) this.#averages[name] = new Float32Array(length);
        }
        return Object.fromEntries(
          Object.entries(this.#averages).map(([name, values]) => [`${this.#place}.average.${name}`, values]),
        );
      },
      samplesLoaded: (_, name, { count }) => {
        this.#samples = { name, count };
      },
    };
  }

  /** Goes `share` of the way to the network's weights. */
  move({ parameters }: TrainableNetwork, share: number): void {
    for (const [name, average] of Object.entries(this.#averages)) {
      const values = parameters[name]!;
      for (let i = 0; i < average.length; i++) average[i]! += share * (values[i]! - average[i]!);
    }
  }

  /** The averages become the network's weights; what was measured of the weights before is measured again. */
  async takeOver({ network, epoch }: EpochContext): Promise<void> {
    for (const [name, average] of Object.entries(this.#averages)) network.parameters[name]!.set(average);
    applyMasks(network);
    network.updateClipping(epoch);
    await settleStatistics(network, this.#samples);
  }
}
