// The counters of a checkpoint: what epoch, step, sums and history say of each other, of the configuration and of the data. A file can be edited
// and have a right checksum; resuming from a step that does not exist would skip training without a word.

import { ModelError } from '@bitnetmcu/models';
import { TrainerError } from '../errors.js';
import { lastRestart } from './actions/index.js';
import type { Checkpoint } from './checkpoint.js';
import { stepCount } from './train-epoch.js';

/** Above this, the optimizer's counter is no longer exact: it is a float of 32 bits. */
const EXACT_STEPS = 2 ** 24;

/**
 * Checks what the file alone can tell.
 * @throws ModelError `invalid-file` naming the counter, what it is and what it can be
 */
export function requireCounters({ config, epoch, step, totals, history, test, state }: Checkpoint): void {
  const { epochs, batchSize } = config;
  const refuse = (reason: string) =>
    new ModelError(
      'invalid-file',
      `${reason}: it was not written by a training run. Resume from an untouched checkpoint.`,
    );
  if (epoch !== history.length) throw refuse(`${epoch} epochs are completed, but ${history.length} have metrics`);
  const misplaced = history.findIndex((metrics, i) => metrics.epoch !== i);
  if (misplaced >= 0) throw refuse(`The metrics of epoch ${misplaced} are those of epoch ${history[misplaced]!.epoch}`);
  if (epoch > epochs) throw refuse(`${epoch} epochs are completed, but the configuration has ${epochs}`);
  if (epoch === epochs && step > 0)
    throw refuse(`All ${epochs} epochs are completed, but ${step} steps of another are done`);
  if (epoch < epochs && test) throw refuse(`It has a test score, but only ${epoch} of ${epochs} epochs are completed`);
  if (totals.correct > totals.samples) throw refuse(`${totals.correct} of ${totals.samples} samples were right`);
  // Every batch but an epoch's last is full.
  if (totals.samples > step * batchSize || totals.samples <= (step - 1) * batchSize) {
    throw refuse(`${step} steps of ${batchSize} samples are done, but the sums are over ${totals.samples} samples`);
  }
  for (const [key, values] of Object.entries(state)) {
    const bad = values.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0) throw refuse(`The state '${key}' is ${values[bad]} at index ${bad}, a finite number is wanted`);
  }
}

/**
 * Checks the counters against the data that the run goes on with.
 * @param samples of one epoch
 * @throws TrainerError `checkpoint-mismatch`
 */
export function requirePosition({ config, epoch, step, totals, state }: Checkpoint, samples: number): void {
  const { batchSize } = config;
  const steps = stepCount(samples, batchSize);
  const refuse = (reason: string) =>
    new TrainerError(
      'checkpoint-mismatch',
      `The checkpoint ${reason}; an epoch has ${steps} steps of ${batchSize} for ${samples} samples. Resume with the data and the configuration of the run that wrote it.`,
    );
  if (step > steps) throw refuse(`stands at step ${step} of an epoch`);
  const seen = Math.min(samples, step * batchSize);
  if (totals.samples !== seen)
    throw refuse(`has sums over ${totals.samples} samples after ${step} steps, ${seen} are wanted`);
  const since = lastRestart(config.actions, epoch, step);
  const done = (epoch - since) * steps + step;
  const counted = state['optimizer.step']?.[0];
  if (counted !== undefined && done < EXACT_STEPS && counted !== done) {
    throw refuse(`counts ${counted} optimizer steps, but ${epoch - since} epochs and ${step} steps are ${done}`);
  }
}
