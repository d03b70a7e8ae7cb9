// What was claimed before, and how our figures answer it.
import { tQuantile } from '../statistics/paired-t.js';
import { CONFIDENCE, type ComparedExperiment } from './comparisons.js';
import { type MeasureName, measureOf } from './measures.js';

/**
 * `confirmed`: our runs show it. `not confirmed`: they show nothing of it, or the opposite. `improved`: they show something better than what was
 * reported. `open`: there are too few runs to say.
 */
export type Verdict = 'confirmed' | 'not confirmed' | 'improved' | 'open';

export interface Answer {
  readonly verdict: Verdict;
  /** One sentence with the figures. */
  readonly because: string;
}

export interface Claim {
  /** What was said, in a sentence of our own. */
  readonly said: string;
  judge(compared: ComparedExperiment): Answer;
}

interface Place {
  /** Title of a study; default the first one. */
  readonly study?: string;
  readonly label: string;
}

interface Comparison extends Place {
  /** The configuration that it is compared with; default the baseline. */
  readonly than?: string;
  /** Default: test accuracy. */
  readonly measure?: MeasureName;
}

const SIGNIFICANCE = 1 - CONFIDENCE;
/** Percent: ten of MNIST's test images. */
const GAIN_THAT_MATTERS = 0.1;
const TOO_FEW: Answer = {
  verdict: 'open',
  because: 'No runs yet that answer it: two seeds of both are wanted at least.',
};

/**
 * A test accuracy that was reported of one run. It is confirmed where one more run of ours could be it: within the 95 % prediction interval,
 * mean ± t·s·√(1 + 1/n).
 */
export function reachesReported({ study, label }: Place): Claim {
  return {
    said: `${label}${study === undefined ? '' : ` (${study})`}: the reported test accuracy`,
    judge(compared) {
      const one = compared.study(study).configuration(label);
      const [reported, figure] = [one.reported?.test, one.figures.test];
      if (reported === undefined || figure?.interval === undefined) return TOO_FEW;
      const { count, mean, deviation } = figure;
      const reach = tQuantile(CONFIDENCE, count - 1) * deviation * Math.sqrt(1 + 1 / count);
      const verdict =
        reported < mean - reach ? 'improved' : reported > mean + reach ? 'not confirmed' : ('confirmed' as const);
      const because = `Reported ${reported.toFixed(2)} %; ours ${mean.toFixed(2)} ± ${deviation.toFixed(2)} % over ${count} seeds, so that 95 of 100 further runs lie within ±${reach.toFixed(2)} %.`;
      return { verdict, because };
    },
  };
}

/** A difference that was claimed: confirmed where the paired t test over seeds shows it. */
export function differs(said: string, { direction, ...where }: Comparison & { readonly direction: Direction }): Claim {
  return {
    said,
    judge: (compared) =>
      answer(compared, where, ({ difference, p }) =>
        p < SIGNIFICANCE && Math.sign(difference) === (direction === 'higher' ? 1 : -1) ? 'confirmed' : 'not confirmed',
      ),
  };
}

export type Direction = 'higher' | 'lower';

/**
 * A gain that was looked for in vain: improved where the paired t test over seeds shows one, confirmed where the 95 % interval leaves room for none that
 * matters, else open: a difference that is not significant is not the proof of none.
 */
export function noGain(said: string, where: Comparison): Claim {
  const { better, unit } = measureOf(where.measure ?? 'test');
  return {
    said,
    judge: (compared) =>
      answer(compared, where, (test) => {
        if (isBetter(test, where)) return 'improved';
        const [low, high] = test.interval;
        return (better === 'lower' ? -low : high) <= (unit === '%' ? GAIN_THAT_MATTERS : 0) ? 'confirmed' : 'open';
      }),
  };
}

/** What nobody had measured: improved where the paired t test over seeds shows a gain. */
export function openQuestion(said: string, where: Comparison): Claim {
  return {
    said,
    judge: (compared) => answer(compared, where, (test) => (isBetter(test, where) ? 'improved' : 'not confirmed')),
  };
}

interface PairedFigures {
  readonly difference: number;
  readonly p: number;
  readonly interval: readonly [number, number];
}

function isBetter({ difference, p }: Pick<PairedFigures, 'difference' | 'p'>, { measure = 'test' }: Comparison) {
  const sign = measureOf(measure).better === 'lower' ? -1 : 1;
  return p < SIGNIFICANCE && sign * difference > 0;
}

function answer(
  compared: ComparedExperiment,
  { study, label, than, measure = 'test' }: Comparison,
  verdictOf: (test: PairedFigures) => Verdict,
): Answer {
  const found = compared.study(study);
  const before = than ?? found.study.configurations[0].label;
  // Both must be there, whatever has been run.
  const names = [found.configuration(before).label, found.configuration(label).label] as const;
  const test = found.paired(measure, ...names);
  if (test === undefined) return TOO_FEW;
  const { title, digits, unit } = measureOf(measure);
  const show = (value: number) => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(digits)}`;
  const [low, high] = test.interval;
  return {
    verdict: verdictOf(test),
    because: `${title} of ${label} against ${before}: ${show(test.difference)} ${unit} (95 % interval ${show(low)} to ${show(high)}, ${pText(test.p)}, ${test.pairs} pairs).`,
  };
}

export function pText(p: number): string {
  return p < 0.0001 ? 'p < 0.0001' : `p = ${Number(p.toPrecision(2))}`;
}
