// What a finished run is judged by: the score of its integer network, on the test part where it was asked for, else on the held-out samples.
import { StudyError } from '../errors.js';
import type { FinishedRun } from '../run/run-record.js';

export interface JudgedScore {
  readonly part: 'test' | 'validation';
  /** At most 1: share that is right, or R². */
  readonly value: number;
  readonly measure: 'accuracy' | 'R²';
}

/** @throws StudyError `invalid-argument` for a run that was evaluated on nothing */
export function judgedScore(run: FinishedRun): JudgedScore {
  const [part, score] = run.test ? (['test', run.test] as const) : (['validation', run.validation?.integer] as const);
  if (score === undefined) {
    throw new StudyError(
      'invalid-argument',
      'A run was evaluated neither on test samples nor on held-out ones: one of both wanted. Give it a validation split, or run it with the test part.',
    );
  }
  return { part, value: score.accuracy, measure: score.r2 === undefined ? 'accuracy' : 'R²' };
}

/** What must be equal for two validation scores to be of the same samples. */
export function splitOf({ request: { config } }: FinishedRun): string {
  return `${config.validation ?? 'default'} samples by split seed ${config.splitSeed ?? config.seed}`;
}
