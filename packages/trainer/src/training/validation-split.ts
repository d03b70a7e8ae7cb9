// Which training samples are held out to select among epochs, and to judge a recipe.
import { selectSamples, splitNumbers } from '../data/dataset.js';
import { othersOf } from '../data/divide.js';
import { fifths } from '../data/raw/targets.js';
import { stratifiedChoice } from '../data/stratified-split.js';
import type { Samples } from '../engine/engine.js';
import { TrainerError } from '../errors.js';
import type { TrainingConfig } from './config.js';

/** The original project's recipe for 60 000 images, and no more than this share of a smaller data set. */
const VALIDATION_SAMPLES = 5000;
const VALIDATION_SHARE = 0.15;

/** How many samples are held out where nothing is said. */
function defaultValidation(trainingSamples: number): number {
  return Math.min(VALIDATION_SAMPLES, Math.floor(VALIDATION_SHARE * trainingSamples));
}

/** How many samples a configuration holds out: a number, a share below 1, or nothing said. */
export function validationCount(validation: number | undefined, trainingSamples: number): number {
  if (validation === undefined) return defaultValidation(trainingSamples);
  return validation > 0 && validation < 1 ? Math.max(1, Math.round(validation * trainingSamples)) : validation;
}

export type SplitConfig = Pick<TrainingConfig, 'validation' | 'seed' | 'splitSeed'> & {
  readonly data?: TrainingConfig['data'];
};

/**
 * The training samples of a run in the part it trains with and the part that it holds out for validation. Of one's own data each class gives its share
 * and recordings stay whole, as in the test part; of data sets known by name, and with `splitBy: random`, any samples are drawn.
 * @throws TrainerError `invalid-argument` if validation leaves nothing to train with.
 */
export function splitForValidation(samples: Samples, config: SplitConfig): { rest: Samples; heldOut: Samples } {
  const { rest, heldOut } = validationNumbers(samples, config);
  return { rest: selectSamples(samples, rest), heldOut: selectSamples(samples, heldOut) };
}

export interface SplitNumbers {
  readonly rest: Uint32Array;
  readonly heldOut: Uint32Array;
}

/** As `splitForValidation`, the numbers of the samples, ascending. */
export function validationNumbers(
  samples: Samples,
  { validation, seed, splitSeed = seed, data }: SplitConfig,
): SplitNumbers {
  const heldOut = validationCount(validation, samples.count);
  if (heldOut >= samples.count) {
    throw new TrainerError(
      'invalid-argument',
      `${heldOut} validation samples cannot be held out of ${samples.count} training samples. Set validation (--validation) to 0 … ${samples.count - 1}, or to a share such as 0.15; 0 trains with all.`,
    );
  }
  const isStratified = data !== undefined && 'splitBy' in data && data.splitBy === 'stratified';
  if (!isStratified) return splitNumbers(samples.count, heldOut, splitSeed);
  const numbers = stratifiedChoice({ labels: strata(samples), groups: samples.groups }, heldOut, splitSeed);
  return { heldOut: numbers, rest: othersOf(samples.count, numbers) };
}

/** Classes, or fifths of the first number to be predicted. */
function strata({ labels, targets, count }: Samples): Uint16Array {
  if (!targets) return labels;
  const outputs = targets.length / Math.max(1, count);
  return fifths(targets, outputs);
}
