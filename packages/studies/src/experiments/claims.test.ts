// Claims on results whose statistics are worked by hand.
import { describe, expect, it } from 'vitest';
import { differs, noGain, openQuestion, reachesReported } from './claims.js';
import { compareExperiment } from './comparisons.js';
import type { Experiment } from './experiment.js';
import type { ExperimentResults } from './results.js';

const experiment: Experiment = {
  name: 'one',
  question: '',
  method: '',
  studies: [
    {
      title: 'study',
      base: {},
      configurations: [{ label: 'plain', reported: { test: 98.4 } }, { label: 'other' }, { label: 'never run' }],
      seeds: 3,
    },
  ],
  claims: [],
};

const runs = (test: readonly number[], testLoss: readonly number[] = []) =>
  test.map((value, i) => ({
    seed: i + 1,
    figures: { test: value, ...(testLoss[i] !== undefined && { testLoss: testLoss[i] }) },
  }));

function compared(plain: ReturnType<typeof runs>, other: ReturnType<typeof runs>) {
  const one = (label: string, of: ReturnType<typeof runs>) => ({
    label,
    trained: '',
    runs: of,
    failed: [],
    targets: [],
  });
  const results: ExperimentResults = {
    version: 1,
    ...{ experiment: 'one', command: '', date: '', quick: false, trainingSeconds: 0, versions: {} },
    machine: { cpu: '', cores: 1, node: '' },
    studies: [{ title: 'study', configurations: [one('plain', plain), one('other', other)] }],
  };
  return compareExperiment(experiment, results);
}

describe('compareExperiment', () => {
  it('has mean, deviation and the interval of Student’s t', () => {
    const { figures } = compared(runs([98, 98.5, 99]), runs([98]))
      .study()
      .configuration('plain');
    // t of 2 degrees of freedom at 95 %: 4.3027; the deviation is ½.
    expect(figures.test).toMatchObject({ count: 3, mean: 98.5, deviation: 0.5 });
    expect(figures.test!.interval![0]).toBeCloseTo(98.5 - (4.30265 * 0.5) / Math.sqrt(3), 4);
    expect(figures.testLoss).toBeUndefined();
  });

  it('pairs by seed, and corrects for the comparisons that there are', () => {
    const of = compared(runs([98, 98.5, 99]), [...runs([98.1, 98.7]), { seed: 9, figures: { test: 0 } }]).study();
    expect(of.paired('test', 'plain', 'other')).toMatchObject({ pairs: 2 });
    expect(of.paired('test', 'plain', 'other')!.difference).toBeCloseTo(0.15, 9);
    expect(of.configuration('other').against!.corrected).toBe(of.configuration('other').against!.p);
    expect(of.configuration('plain').against).toBeUndefined();
    expect(() => of.configuration('another')).toThrow(/"plain", "other", "never run" wanted/);
    expect(() => compared([], []).study('no')).toThrow(/one has no study "no"/);
  });
});

describe('a claim', () => {
  const judge = (claim: ReturnType<typeof differs>, plain: number[], other: number[], loss?: [number[], number[]]) =>
    claim.judge(compared(runs(plain, loss?.[0]), runs(other, loss?.[1]))).verdict;

  it('of a reported figure is confirmed where one more run could be it', () => {
    const claim = reachesReported({ label: 'plain' });
    const of = (values: number[]) => claim.judge(compared(runs(values), [])).verdict;
    // ±4.3027·0.1·√(4/3) = ±0.497
    expect(of([98.7, 98.8, 98.9])).toBe('confirmed');
    expect(of([98.8, 98.9, 99])).toBe('improved');
    expect(of([97.7, 97.8, 97.9])).toBe('not confirmed');
    expect(of([98.4])).toBe('open');
  });

  it('of a difference wants the direction and the test', () => {
    const claim = differs('', { label: 'other', direction: 'higher' });
    expect(judge(claim, [98, 98.1, 98.2], [98.5, 98.6, 98.71])).toBe('confirmed');
    expect(judge(claim, [98.5, 98.6, 98.71], [98, 98.1, 98.2])).toBe('not confirmed');
    expect(judge(claim, [98, 98.1, 98.2], [98.5, 97.9, 98.4])).toBe('not confirmed');
    expect(claim.judge(compared(runs([98, 98.1, 98.2]), runs([98.5, 98.6, 98.71]))).because).toMatch(
      /^test of other against plain: \+0\.50 % \(95 % interval \+0\.49 to \+0\.52, p < 0\.0001, 3 pairs\)\.$/,
    );
  });

  it('of no gain, and of nothing known, is improved by a gain: of a loss that is a lower one', () => {
    const where = { label: 'other', measure: 'testLoss' } as const;
    const [high, low] = [
      [0.05, 0.051, 0.052],
      [0.04, 0.041, 0.0421],
    ];
    const of = (claim: typeof noGain, a: number[], b: number[]) =>
      judge(claim('', where), [98, 98, 98], [98, 98, 98], [a, b]);
    expect([of(noGain, high, low), of(noGain, low, high)]).toEqual(['improved', 'confirmed']);
    expect([of(openQuestion, high, low), of(openQuestion, low, high)]).toEqual(['improved', 'not confirmed']);
  });

  it('that something gains nothing is open where seeds leave room for a gain of more than 0.1 %', () => {
    const gains = (differences: number[]) =>
      judge(
        noGain('', { label: 'other' }),
        [98, 98, 98],
        differences.map((one) => 98 + one),
      );
    // Differences of three seeds: mean 0.10, deviation 0.06, so that the interval reaches 0.25; and mean 0.02, deviation 0.01, to 0.045.
    expect(gains([0.04, 0.1, 0.16])).toBe('open');
    expect(gains([0.01, 0.02, 0.03])).toBe('confirmed');
  });

  it('is open without two seeds that both have', () => {
    expect(judge(differs('', { label: 'other', direction: 'higher' }), [98, 99], [98])).toBe('open');
  });
});
