// What keeps two runs from being compared.
import { isDeepStrictEqual } from 'node:util';
import { StudyError } from '../errors.js';
import type { JudgedRun } from './judged-run.js';

/** Runs of one recipe: nothing but the seeds differs, and no seed is there twice. @throws StudyError `invalid-argument` */
export function requireOneRecipe(runs: readonly JudgedRun[], name: string): void {
  const [first] = runs;
  if (first === undefined) {
    throw new StudyError('invalid-argument', `No runs of ${name} found, at least one wanted. Run it first.`);
  }
  const { recipe } = first;
  const other = runs.find((run) => !isDeepStrictEqual(run.recipe, recipe));
  if (other !== undefined) {
    const keys = Object.keys({ ...recipe, ...other.recipe });
    const differing = keys.filter((key) => !isDeepStrictEqual(recipe[key], other.recipe[key]));
    throw new StudyError(
      'invalid-argument',
      `Runs of ${name} differ in ${differing.join(', ')}: one recipe wanted, whose seeds alone differ. Compare them as recipes of their own.`,
    );
  }
  const seeds = runs.map(({ seed }) => seed);
  const twice = seeds.findIndex((seed, i) => seeds.indexOf(seed) !== i);
  if (twice === -1) return;
  throw new StudyError(
    'invalid-argument',
    `${name} has two runs with the seed ${seeds[twice] ?? 'unknown'}: each seed once wanted, as a repeated run tells nothing new. Leave one out.`,
  );
}

/** Two runs that were judged on the same samples. @throws StudyError `invalid-argument` */
export function requireComparable(a: JudgedRun, b: JudgedRun, names: readonly [string, string]): void {
  const differ = (what: string, ofA: string, ofB: string, help: string) =>
    new StudyError('invalid-argument', `${names[0]} and ${names[1]} have ${what}, ${ofA} and ${ofB}: ${help}`);
  if (a.data !== b.data) {
    const short = ({ data }: JudgedRun) => `SHA-256 ${data.slice(0, 12)}…`;
    throw differ('other data', short(a), short(b), 'the same data wanted. Run both on the same.');
  }
  if (a.part !== b.part || a.measure !== b.measure) {
    const shown = ({ part, measure }: JudgedRun) => `${measure} of ${part} samples`;
    throw differ('other scores', shown(a), shown(b), 'the same wanted. Run both with the test part, or both without.');
  }
  if ((a.heldOut ?? a.split) === (b.heldOut ?? b.split)) return;
  const shown = ({ split, heldOut }: JudgedRun) =>
    `${split} (SHA-256 ${heldOut?.slice(0, 12).concat('…') ?? 'unknown'})`;
  const help = 'the same wanted. Give both the same splitSeed, validation, splitBy and groups.';
  throw differ('other held-out samples', shown(a), shown(b), help);
}
