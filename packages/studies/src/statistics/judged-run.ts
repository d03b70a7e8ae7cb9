// What two runs are compared by: the score of an integer network on the samples that it was judged by, and what decides whether these are the same.
import { StudyError } from '../errors.js';
import type { FinishedRun } from '../run/run-record.js';
import { type MainScore, mainScore } from './main-score.js';

/** A network that was judged, wherever it comes from. */
export interface JudgedRun extends MainScore {
  /** What was trained, without what may differ between runs of one recipe: seeds and engine. Compared member by member. */
  readonly recipe: Readonly<Record<string, unknown>>;
  /** Absent where it is not known. */
  readonly seed?: number | undefined;
  /** SHA-256 of its data set. */
  readonly data: string;
  readonly part: 'test' | 'validation';
  /** How the samples of a validation score were chosen, in words; undefined for the test part. */
  readonly split?: string | undefined;
  /** SHA-256 of their numbers, which must be equal for two such scores to be of the same samples; without it the words must be. */
  readonly heldOut?: string | undefined;
  /** As `packRight` writes it. */
  readonly right?: string | undefined;
}

/** The test part where it was asked for, else the held-out samples. @throws StudyError `invalid-argument` for a run that was judged on nothing */
export function judgedRun(run: FinishedRun): JudgedRun {
  const { request, dataset, right } = run;
  const score = run.test ?? run.validation?.integer;
  if (score === undefined) {
    throw new StudyError(
      'invalid-argument',
      'A run was evaluated neither on test samples nor on held-out ones: one of both wanted. Give it a validation split, or run it with the test part.',
    );
  }
  const { config, test } = request;
  return {
    recipe: { ...recipeOf(config), test },
    seed: config.seed,
    data: dataset.sha256,
    ...(run.test
      ? { part: 'test' }
      : {
          part: 'validation',
          split: `${config.validation ?? 'default'} samples by split seed ${config.splitSeed ?? config.seed}`,
          heldOut: run.heldOut,
        }),
    ...mainScore(score, 'task' in config.data ? config.data.task : undefined),
    right,
  };
}

/** A configuration without what may differ between runs of one recipe. */
export function recipeOf(config: object): Readonly<Record<string, unknown>> {
  const {
    seed: _seed,
    splitSeed: _split,
    engine: _engine,
    output: _output,
    checkpointEvery: _every,
    ...recipe
  } = config as Record<string, unknown>;
  return recipe;
}
