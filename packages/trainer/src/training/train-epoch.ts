// The loop: the optimizer steps of one epoch, in chunks, from any step on.
import { sin } from '@bitnetmcu/quant/internal';
import type { StepTotals, TrainableNetwork } from '../engine/engine.js';
import { TrainerError } from '../errors.js';
import { ChunkSize, inChunks } from './chunks.js';
import { addTotals } from './metrics.js';
import { learningRates, type Schedule } from './schedule.js';

export interface EpochPlan {
  readonly network: TrainableNetwork;
  /** Samples resident under this name … */
  readonly name: string;
  /** … are visited in this order. */
  readonly order: Uint32Array;
  readonly epoch: number;
  readonly epochs: number;
  readonly learningRate: number;
  readonly schedule: Schedule;
  /** Of weights that swing between two codes, in the last epoch; see dampingIn. */
  readonly damping: number;
  /** Called between two steps; a chunk is trained in pieces that end where they are due. */
  readonly interruptions?: readonly StepInterruption[] | undefined;
}

/** What wants to be called after every step of the run whose number is a multiple of `interval`. */
export interface StepInterruption {
  readonly interval: number;
  /** @param step steps of the epoch that are done */
  act(step: number, steps: number): void;
}

/** Where an epoch stands; `trainEpoch` moves it on. */
export interface EpochPosition {
  /** Optimizer steps done. */
  step: number;
  readonly totals: StepTotals;
}

export function startOfEpoch(): EpochPosition {
  return { step: 0, totals: { loss: 0, correct: 0, samples: 0 } };
}

/** Number of optimizer steps for so many samples. */
export function stepCount(samples: number, batchSize: number): number {
  return Math.ceil(samples / batchSize);
}

/** Damping of an epoch: rises from 0 to `most` as the cosine schedule falls, so that weights first move freely and then settle. */
export function dampingIn(epoch: number, epochs: number, most: number): number {
  const share = sin((Math.PI / 2) * (epoch / epochs));
  return most * share * share;
}

/**
 * Goes on to the end of the epoch, or to the first chunk after `stop()` is true. Cutting into chunks does not change the result.
 * @param onChunk called after each chunk
 * @throws TrainerError `diverged` when the loss is no longer a number.
 */
export async function trainEpoch(
  plan: EpochPlan,
  position: EpochPosition,
  stop: () => boolean,
  onChunk: (position: EpochPosition) => void,
): Promise<void> {
  const { network, name, order, epoch, epochs, learningRate, schedule } = plan;
  const damping = dampingIn(epoch, epochs, plan.damping);
  const { batchSize } = network;
  const steps = stepCount(order.length, batchSize);
  const interruptions = plan.interruptions ?? [];
  const train = (from: number, to: number) => {
    const rates = learningRates(schedule, learningRate, epoch, epochs, steps, from, to);
    const done = network.train(name, {
      order,
      from: from * batchSize,
      to: Math.min(order.length, to * batchSize),
      learningRates: rates,
      damping,
    });
    if (!Number.isFinite(done.loss)) {
      throw new TrainerError(
        'diverged',
        `The loss became ${done.loss} in epoch ${epoch + 1}, steps ${from + 1}–${to} of ${steps}, at a learning rate of ${rates[0]}. Use a lower learning rate or a warm-up.`,
      );
    }
    addTotals(position.totals, done);
    position.step = to;
    for (const { interval, act } of interruptions) if ((epoch * steps + to) % interval === 0) act(to, steps);
  };
  await inChunks(position.step, steps, new ChunkSize(steps), (from, to) => {
    if (stop()) return false;
    for (let at = from; at < to; ) {
      const due = interruptions.map(({ interval }) => at + interval - ((epoch * steps + at) % interval));
      const end = Math.min(to, ...due);
      train(at, end);
      at = end;
    }
    onChunk(position);
    return true;
  });
}
