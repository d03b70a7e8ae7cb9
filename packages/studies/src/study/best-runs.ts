// Of a study whose runs were chosen: those that are worth a look.
import { bestFirst } from '../front/crowding.js';
import type { RunRecord } from '../run/run-record.js';
import type { SampledStudy } from './sampled-study.js';

const MOST = 10;

/** The best that finished: of one objective by it, of several by front and crowding; all where the study does not say what is better. */
export function bestRuns<T extends { readonly record: RunRecord }>(
  { fitness }: Pick<SampledStudy, 'fitness'>,
  runs: readonly T[],
): T[] {
  const finished = runs.filter(({ record }) => record.status === 'finished');
  if (fitness === undefined) return finished;
  // A run of a point and the whole run of another one may be the same.
  const distinct = [...new Map(finished.map((run) => [run.record.key, run])).values()];
  const values = distinct.map(({ record }) => fitness(record as Extract<RunRecord, { status: 'finished' }>));
  return bestFirst(values)
    .slice(0, MOST)
    .map((i) => distinct[i]!);
}
