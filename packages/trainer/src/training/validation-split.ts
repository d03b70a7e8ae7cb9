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
 * and recordings stay whole, as in the test part, so that others may be held out than were asked for, or none; of data sets known by name, and with
 * `splitBy: random`, any samples are drawn.
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
export function validationNumbers(samples: Samples, config: SplitConfig): SplitNumbers {
  const count = countOf(samples, config);
  const { seed, splitSeed = seed } = config;
  if (!isStratified(config)) return splitNumbers(samples.count, count, splitSeed);
  const heldOut = stratifiedNumbers(samples, count, splitSeed);
  return { heldOut, rest: othersOf(samples.count, heldOut) };
}

/** How many samples `splitForValidation` holds out. @throws as that */
export function heldOutCount(samples: Samples, split: SplitConfig): number {
  const count = countOf(samples, split);
  return isStratified(split) ? stratifiedNumbers(samples, count, split.splitSeed ?? split.seed).length : count;
}

function countOf({ count }: Samples, { validation }: SplitConfig): number {
  const heldOut = validationCount(validation, count);
  if (heldOut < count) return heldOut;
  throw new TrainerError(
    'invalid-argument',
    `${heldOut} validation samples cannot be held out of ${count} training samples. Set validation (--validation) to 0 … ${count - 1}, or to a share such as 0.15; 0 trains with all.`,
  );
}

const isStratified = ({ data }: SplitConfig): boolean =>
  data !== undefined && 'splitBy' in data && data.splitBy !== 'random';

/** The numbers of about `count` samples that are held out. Whether there are any does not depend on the seed. */
export const stratifiedNumbers = (samples: Samples, count: number, seed: number): Uint32Array =>
  stratifiedChoice(
    { labels: strata(samples), groups: samples.groups, areClasses: samples.targets === undefined },
    count,
    seed,
  );

/**
 * What a run holds out, with the number of those that come out: none where each class has one recording only.
 * @param isAsked whether the number was asked for
 * @param onNotice gets a sentence where it is not what was asked for
 * @throws TrainerError `invalid-config` where samples were asked for and none can be held out; as `splitForValidation`
 */
export function settleValidation(
  samples: Samples,
  split: SplitConfig & { readonly validation: number },
  isAsked: boolean,
  onNotice?: (notice: string) => void,
): number {
  const { validation } = split;
  const held = heldOutCount(samples, split);
  if (held === validation) return validation;
  const why = samples.groups
    ? `what belongs together (recordings, groups) stays whole${wholes(samples, held)}`
    : 'each class that can be is in both parts';
  if (held === 0 && isAsked) {
    throw new TrainerError(
      'invalid-config',
      `${validation} of ${samples.count} training samples shall be held out for validation, and none can be: ${why}. Set validation (--validation) to 0, or have more recordings of each class.`,
    );
  }
  onNotice?.(`${held} of ${samples.count} training samples are held out for validation, not ${validation}: ${why}.`);
  return held === 0 ? 0 : validation;
}

function wholes({ targets }: Samples, held: number): string {
  if (held === 0) return targets ? ', and there is one only' : ', and a class is in one of them only';
  return targets ? '' : ', and each class that can be is in both parts';
}

/** Classes, or fifths of the first number to be predicted. */
function strata({ labels, targets, count }: Samples): Uint16Array {
  if (!targets) return labels;
  const outputs = targets.length / Math.max(1, count);
  return fifths(targets, outputs);
}
