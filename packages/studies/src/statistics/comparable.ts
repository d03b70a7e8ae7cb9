// What keeps two runs from being compared.
import { isDeepStrictEqual } from 'node:util';
import { StudyError } from '../errors.js';
import type { FinishedRun } from '../run/run-record.js';
import { judgedScore, splitOf } from './judged-score.js';

/** Runs of one recipe: nothing but the seeds differs, and no seed is there twice. @throws StudyError `invalid-argument` */
export function requireOneRecipe(runs: readonly FinishedRun[], name: string): void {
  const [first] = runs;
  if (first === undefined) {
    throw new StudyError('invalid-argument', `No runs of ${name} found, at least one wanted. Run it first.`);
  }
  const recipe = recipeOf(first);
  const other = runs.find((run) => !isDeepStrictEqual(recipeOf(run), recipe));
  if (other !== undefined) {
    const keys = Object.keys({ ...recipe, ...recipeOf(other) }) as (keyof typeof recipe)[];
    const differing = keys.filter((key) => !isDeepStrictEqual(recipe[key], recipeOf(other)[key]));
    throw new StudyError(
      'invalid-argument',
      `Runs of ${name} differ in ${differing.join(', ')}: one recipe wanted, whose seeds alone differ. Compare them as recipes of their own.`,
    );
  }
  const seeds = runs.map((run) => run.request.config.seed);
  const twice = seeds.find((seed, i) => seeds.indexOf(seed) !== i);
  if (twice === undefined) return;
  throw new StudyError(
    'invalid-argument',
    `${name} has two runs with the seed ${twice}: each seed once wanted, as a repeated run tells nothing new. Leave one out.`,
  );
}

/** Two runs that were judged on the same samples. @throws StudyError `invalid-argument` */
export function requireComparable(a: FinishedRun, b: FinishedRun, names: readonly [string, string]): void {
  const differ = (what: string, ofA: string, ofB: string, help: string) =>
    new StudyError('invalid-argument', `${names[0]} and ${names[1]} have ${what}, ${ofA} and ${ofB}: ${help}`);
  if (a.dataset.sha256 !== b.dataset.sha256) {
    const short = ({ dataset }: FinishedRun) => `SHA-256 ${dataset.sha256.slice(0, 12)}…`;
    throw differ('other data', short(a), short(b), 'the same data wanted. Run both on the same.');
  }
  const [one, other] = [judgedScore(a), judgedScore(b)];
  if (one.part !== other.part || one.measure !== other.measure) {
    const shown = ({ part, measure }: typeof one) => `${measure} of ${part} samples`;
    throw differ(
      'other scores',
      shown(one),
      shown(other),
      'the same wanted. Run both with the test part, or both without.',
    );
  }
  if (one.part === 'validation' && splitOf(a) !== splitOf(b)) {
    throw differ(
      'other held-out samples',
      splitOf(a),
      splitOf(b),
      'the same wanted. Give both the same splitSeed and validation.',
    );
  }
}

function recipeOf({ request: { config, test }, dataset }: FinishedRun) {
  const { seed: _, splitSeed: __, engine: ___, ...recipe } = config;
  return { ...recipe, test, dataset: dataset.sha256 };
}
