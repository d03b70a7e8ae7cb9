// Several recipes, or networks, each compared with the first one; p values are corrected for how many comparisons there are.
import { visibleText } from '@bitnetmcu/models/internal';
import { comparisonFacts } from './compare-runs.js';
import { type ComparisonFacts, describeComparison } from './describe-comparison.js';
import { holm } from './holm.js';
import type { JudgedRun } from './judged-run.js';

export interface ComparedSide {
  readonly name: string;
  readonly runs: readonly JudgedRun[];
}

export interface ComparisonWithFirst extends ComparisonFacts {
  /** Names. */
  readonly first: string;
  readonly other: string;
  /** p after Holm's correction, by which the difference is real; absent without a test. */
  readonly corrected?: number | undefined;
  readonly sentence: string;
}

const SIGNIFICANCE = 0.05;

/** @throws StudyError `invalid-argument` as `compareRuns` */
export function compareWithFirst([first, ...others]: readonly [
  ComparedSide,
  ...ComparedSide[],
]): ComparisonWithFirst[] {
  const names = others.map(({ name }) => [visibleText(first.name), visibleText(name)] as const);
  const facts = others.map(({ runs }, i) => comparisonFacts(first.runs, runs, names[i]!, SIGNIFICANCE));
  const tested = facts.flatMap(({ test }, i) => (test ? [{ i, p: test.p }] : []));
  const corrected = new Map(holm(tested.map(({ p }) => p)).map((p, k) => [tested[k]!.i, p]));
  return facts.map((one, i) => {
    const p = corrected.get(i);
    const judged = { ...one, real: p === undefined ? undefined : p < SIGNIFICANCE };
    const together = p === undefined ? undefined : { comparisons: tested.length, p };
    const sentence = describeComparison(judged, names[i]!, SIGNIFICANCE, together);
    return { ...judged, first: names[i]![0], other: names[i]![1], corrected: p, sentence };
  });
}
