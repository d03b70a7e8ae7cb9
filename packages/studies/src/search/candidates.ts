// Runs of a search as the candidates that they are of: a network with its recipe, trained once, or once for each of several held-out parts.
import { type Fitness, nonDominatedSort } from '../front/domination.js';
import { canonicalJson } from '../run/canonical-json.js';
import type { FinishedRun, RunRecord } from '../run/run-record.js';
import type { NetworkCosts } from './budget.js';

export interface SearchedRun {
  readonly record: RunRecord;
  /** Estimated. */
  readonly costs: NetworkCosts;
  /** Whether the record was there already. */
  readonly known: boolean;
}

export interface Candidate {
  /** That of the first held-out part first. */
  readonly records: readonly FinishedRun[];
  readonly costs: NetworkCosts;
  /** Accuracy on the held-out samples, the mean over the records. */
  readonly validation: number;
}

/** Those that were judged by as many held-out parts as any. */
export function candidatesOf(runs: readonly SearchedRun[]): Candidate[] {
  const groups = new Map<string, { records: FinishedRun[]; costs: NetworkCosts }>();
  // A short run of one candidate may be the whole run of another.
  for (const { record, costs } of new Map(runs.map((run) => [run.record.key, run])).values()) {
    if (record.status !== 'finished') continue;
    const { splitSeed: _, ...config } = record.request.config;
    const key = canonicalJson(config);
    const group = groups.get(key) ?? { records: [], costs };
    group.records.push(record);
    groups.set(key, group);
  }
  const all = [...groups.values()];
  const most = Math.max(0, ...all.map(({ records }) => records.length));
  return all
    .filter(({ records }) => records.length === most)
    .map(({ records, costs }) => ({
      costs,
      records: [...records].sort((a, b) => (a.request.config.splitSeed ?? 0) - (b.request.config.splitSeed ?? 0)),
      validation: records.reduce((sum, record) => sum + validationOf(record), 0) / records.length,
    }));
}

export function validationOf({ validation }: FinishedRun): number {
  return validation?.integer.accuracy ?? 0;
}

/** Candidates that no other one is better than; of equal ones the first. */
export function frontOf(candidates: readonly Candidate[], fitness: (candidate: Candidate) => Fitness): Candidate[] {
  const [front = []] = nonDominatedSort(candidates.map(fitness));
  const seen = new Set<string>();
  return front.flatMap((i) => {
    const text = JSON.stringify(fitness(candidates[i]!).objectives);
    if (seen.has(text)) return [];
    seen.add(text);
    return [candidates[i]!];
  });
}
