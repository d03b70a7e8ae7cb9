// compareRuns: two recipes, or two networks, and whether they differ by more than chance.
import { visibleText } from '@bitnetmcu/models/internal';
import { StudyError } from '../errors.js';
import type { FinishedRun } from '../run/run-record.js';
import { requireComparable, requireOneRecipe } from './comparable.js';
import { type ComparisonFacts, describeComparison } from './describe-comparison.js';
import { type JudgedRun, judgedRun } from './judged-run.js';
import { type McNemar, mcnemar } from './mcnemar.js';
import { type MeanAndDeviation, meanAndDeviation } from './mean-deviation.js';
import { type PairedT, pairedT } from './paired-t.js';
import { unpackRight } from './right-bits.js';

export interface CompareRunsOptions {
  /** What the sentence calls the two; default `a` and `b`. */
  readonly names?: readonly [string, string];
  /** A difference is real where p is below; default 0.05. */
  readonly significance?: number;
}

export interface Comparison {
  readonly part: JudgedRun['part'];
  readonly measure: JudgedRun['measure'];
  /** Over the runs that are paired. */
  readonly a: MeanAndDeviation;
  readonly b: MeanAndDeviation;
  /** Mean of b − a over the pairs. */
  readonly difference: number;
  /** Over the seeds that both have, or over the samples of the only run of each; absent where neither can be. */
  readonly test?: PairedT | McNemar | undefined;
  /** Absent without a test. */
  readonly real?: boolean | undefined;
  /** One sentence for people. */
  readonly sentence: string;
}

/** Below it a t test has no strength, whatever the difference. */
const LEAST_SEEDS = 2;

/**
 * Compares runs of two recipes that differ in nothing but the seed among themselves: a paired t test over the seeds that both have, or, of one run
 * each, McNemar's test over the samples.
 * @throws StudyError `invalid-argument` for runs that cannot be compared: other data, another split, a recipe that is several
 *
 * @example
 * ```ts
 * import { compareRuns, type FinishedRun } from '@bitnetmcu/studies';
 *
 * const tell = (before: FinishedRun[], after: FinishedRun[]) =>
 *   console.log(compareRuns(before, after, { names: ['before', 'after'] }).sentence);
 * ```
 */
export function compareRuns(
  a: readonly FinishedRun[],
  b: readonly FinishedRun[],
  options: CompareRunsOptions = {},
): Comparison {
  return compareJudged(a.map(judgedRun), b.map(judgedRun), options);
}

function compareJudged(
  a: readonly JudgedRun[],
  b: readonly JudgedRun[],
  { names = ['a', 'b'], significance = 0.05 }: CompareRunsOptions,
): Comparison {
  const shown = [visibleText(names[0]), visibleText(names[1])] as const;
  const facts = comparisonFacts(a, b, shown, significance);
  return { ...facts, sentence: describeComparison(facts, shown, significance) };
}

/**
 * A comparison without its sentence.
 * @param shown what messages call the two
 * @throws StudyError as `compareRuns`
 */
export function comparisonFacts(
  a: readonly JudgedRun[],
  b: readonly JudgedRun[],
  shown: readonly [string, string],
  significance: number,
): ComparisonFacts {
  requireOneRecipe(a, shown[0]);
  requireOneRecipe(b, shown[1]);
  const pairs = pairsOf(a, b, shown);
  for (const [one, other] of pairs) requireComparable(one, other, shown);
  const values = (side: 0 | 1) => pairs.map((pair) => pair[side].value);
  const test =
    pairs.length >= LEAST_SEEDS ? pairedT(values(0), values(1), 1 - significance) : answersTest(...pairs[0]!);
  const { part, measure } = pairs[0]![0];
  return {
    part,
    measure,
    a: meanAndDeviation(values(0)),
    b: meanAndDeviation(values(1)),
    difference: pairs.reduce((sum, [one, other]) => sum + other.value - one.value, 0) / pairs.length,
    test,
    real: test && test.p < significance,
  };
}

type Pair = readonly [a: JudgedRun, b: JudgedRun];

/** By seed; one run each is a pair whatever its seed. */
function pairsOf(a: readonly JudgedRun[], b: readonly JudgedRun[], names: readonly [string, string]): Pair[] {
  if (a.length === 1 && b.length === 1) return [[a[0]!, b[0]!]];
  const bySeed = new Map(b.map((run) => [run.seed, run]));
  const pairs = a.flatMap((run): Pair[] => {
    const other = bySeed.get(run.seed);
    return other ? [[run, other]] : [];
  });
  if (pairs.length >= LEAST_SEEDS) return pairs.sort(([x], [y]) => x.seed! - y.seed!);
  const seeds = (runs: readonly JudgedRun[]) => runs.map(({ seed = 'unknown' }) => seed).join(', ');
  throw new StudyError(
    'invalid-argument',
    `${names[0]} was run with the seeds ${seeds(a)}, ${names[1]} with ${seeds(b)}: at least ${LEAST_SEEDS} seeds that both have wanted, or one run each. Run both with the same seeds.`,
  );
}

function answersTest(a: JudgedRun, b: JudgedRun): McNemar | undefined {
  return a.right === undefined || b.right === undefined
    ? undefined
    : mcnemar(unpackRight(a.right), unpackRight(b.right));
}
