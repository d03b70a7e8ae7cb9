// A comparison as one sentence in plain words.
import type { Comparison } from './compare-runs.js';
import type { MeanAndDeviation } from './mean-deviation.js';

export type ComparisonFacts = Omit<Comparison, 'sentence'>;

/** Where several comparisons were looked at together: how many, and what p is then. */
export interface Together {
  readonly comparisons: number;
  readonly p: number;
}

/** @param names as they may be shown */
export function describeComparison(
  facts: ComparisonFacts,
  names: readonly [string, string],
  significance: number,
  together?: Together,
): string {
  const { measure, part, difference, test, real } = facts;
  const [a, b] = names;
  const unit = measure === 'accuracy' ? ' percentage points' : '';
  const size = (value: number) => amount(measure, Math.abs(value));
  const both = `${a} ${shown(measure, facts.a)}, ${b} ${shown(measure, facts.b)} on ${part === 'test' ? 'test' : 'held-out'} samples`;
  if (test === undefined) {
    return `${both}: one run of each and no answers sample by sample cannot say whether the difference is real; run both with several seeds.`;
  }
  const corrected =
    together && together.comparisons > 1
      ? `, ${pText(together.p)} after Holm's correction for ${together.comparisons} comparisons`
      : '';
  const chance = `p = ${pText(test.p)}${corrected}`;
  const how =
    test.test === 'McNemar'
      ? `McNemar's test over ${test.samples} samples: ${test.onlyA} right in ${a} alone, ${test.onlyB} in ${b} alone, ${chance}`
      : `paired t test over ${test.pairs} seeds, ${chance}, ${Math.round(100 * (1 - significance))} % interval${corrected && ' of this comparison alone'} ${signed(measure, test.interval[0])} to ${signed(measure, test.interval[1])}${unit}`;
  const scope =
    test.test === 'McNemar' ? ' It is about these two networks; about recipes several seeds would tell.' : '';
  if (!real) return `No real difference between ${a} and ${b} (${both}; ${how}).${scope}`;
  const [better, worse] = difference > 0 ? [b, a] : [a, b];
  return `${better} is better than ${worse} by ${size(difference)}${unit}, a real difference (${both}; ${how}).${scope}`;
}

function shown(measure: ComparisonFacts['measure'], { count, mean, deviation }: MeanAndDeviation): string {
  const spread = count > 1 ? ` ± ${amount(measure, deviation)}` : '';
  return `${amount(measure, mean)}${spread}${measure === 'accuracy' ? ' %' : ''}`;
}

function amount(measure: ComparisonFacts['measure'], value: number): string {
  return measure === 'accuracy' ? (100 * value).toFixed(2) : value.toFixed(3);
}

function signed(measure: ComparisonFacts['measure'], value: number): string {
  return `${value < 0 ? '−' : '+'}${amount(measure, Math.abs(value))}`;
}

function pText(p: number): string {
  if (p >= 0.9995) return '1.000';
  return p < 0.001 ? p.toExponential(1).replace('e-', '·10^−') : p.toFixed(3);
}
