import { parseTrainingConfig } from '@bitnetmcu/trainer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FinishedRun } from '../run/run-record.js';
import { finishedRun } from './__fixtures__/finished-run.js';
import { compareRuns } from './compare-runs.js';
import { compareWithFirst } from './compare-with-first.js';
import { holm } from './holm.js';
import { judgedRun } from './judged-run.js';
import { mcnemar } from './mcnemar.js';
import { packRight, unpackRight } from './right-bits.js';

const withScores = (scores: readonly number[], network?: 'fc-1k' | 'fc-12k') =>
  scores.map((accuracy, i) => finishedRun({ seed: i + 1, accuracy, ...(network && { network }) }));

describe('compareRuns', () => {
  const before = [0.9812, 0.9805, 0.9821, 0.9799, 0.9816];
  const after = [0.983, 0.9811, 0.9829, 0.9818, 0.9817];

  it('finds a real difference over seeds', () => {
    const found = compareRuns(withScores(before), withScores(after, 'fc-12k'), { names: ['small', 'large'] });
    expect(found).toMatchObject({ real: true, part: 'test', test: { test: 'paired t', pairs: 5 } });
    expect(found.sentence).toBe(
      'large is better than small by 0.10 percentage points, a real difference (small 98.11 ± 0.09 %, large 98.21 ± 0.08 % on test samples; paired t test over 5 seeds, p = 0.041, 95 % interval +0.01 to +0.20 percentage points).',
    );
  });

  it('finds none where there is none, and none where more certainty is wanted', () => {
    expect(compareRuns(withScores(before), withScores([...before].reverse())).sentence).toMatch(/^No real difference/);
    expect(compareRuns(withScores(before), withScores(after), { significance: 0.01 }).real).toBe(false);
  });

  it('pairs runs by seed, in whatever order they ended, and leaves out what has no partner', () => {
    const a = withScores(before);
    const b = [finishedRun({ seed: 77, accuracy: 0.5 }), ...withScores(after).reverse()];
    const found = compareRuns(a, b);
    expect(found.test).toEqual(compareRuns(a, withScores(after)).test);
    // The means are those of the pairs, as the difference is: not of the run without a partner.
    expect(found.b).toEqual({ count: 5, mean: expect.closeTo(4.9105 / 5, 12), deviation: expect.any(Number) });
    expect(found.b.mean - found.a.mean).toBeCloseTo(found.difference, 12);
  });

  it('compares validation scores of the same samples, however these were chosen', () => {
    const heldOut = '1'.repeat(64);
    const one = finishedRun({ seed: 1, validation: 0.9, splitSeed: 1, heldOut });
    const other = finishedRun({ seed: 2, validation: 0.8, splitSeed: 2, heldOut });
    expect(compareRuns([one], [other]).difference).toBeCloseTo(-0.1, 12);
  });

  it('compares one run each by their answers', () => {
    // 3 right in a alone, 12 in b alone: 2·(1 + 15 + 105 + 455)/2^15.
    const a = Uint8Array.from({ length: 1000 }, (_, i) => (i < 12 ? 0 : 1));
    const b = Uint8Array.from({ length: 1000 }, (_, i) => (i >= 12 && i < 15 ? 0 : 1));
    const found = compareRuns(
      [finishedRun({ seed: 1, accuracy: 0.988, right: packRight(a) })],
      [finishedRun({ seed: 2, accuracy: 0.997, right: packRight(b) })],
    );
    expect(found.test).toEqual({
      test: 'McNemar',
      samples: 1000,
      onlyA: 3,
      onlyB: 12,
      p: expect.closeTo(1152 / 32768, 12),
    });
    expect(found.sentence).toContain("McNemar's test over 1000 samples: 3 right in a alone, 12 in b alone, p = 0.035");
  });

  it('says that one run of each without answers tells nothing', () => {
    const found = compareRuns(withScores([0.9]), withScores([0.95]));
    expect(found.real).toBeUndefined();
    expect(found.sentence).toContain('cannot say');
  });

  it.each<[what: string, a: FinishedRun[], b: FinishedRun[], message: RegExp]>([
    [
      'other data',
      withScores(before),
      withScores(after).map((run) => ({ ...run, dataset: { name: 'x', sha256: 'ff' } })),
      /other data/,
    ],
    [
      'another part',
      withScores(before),
      [1, 2, 3].map((seed) => finishedRun({ seed, validation: 0.9 })),
      /other scores/,
    ],
    [
      'another split',
      [finishedRun({ seed: 1, validation: 0.9, splitSeed: 1 })],
      [finishedRun({ seed: 1, validation: 0.9, splitSeed: 2 })],
      /other held-out samples/,
    ],
    [
      'other samples of one split seed, as of recordings that stay whole',
      [finishedRun({ seed: 1, validation: 0.9, heldOut: '1'.repeat(64) })],
      [finishedRun({ seed: 1, validation: 0.9, heldOut: '2'.repeat(64) })],
      /other held-out samples.*SHA-256 111111111111…/,
    ],
    [
      'two recipes in one',
      [...withScores([0.9]), finishedRun({ seed: 2, accuracy: 0.9, network: 'fc-12k' })],
      withScores(after),
      /differ in network/,
    ],
    ['a seed twice', [...withScores([0.9]), ...withScores([0.9])], withScores(after), /two runs with the seed 1/],
    [
      'no seeds in common',
      withScores(before),
      [8, 9].map((seed) => finishedRun({ seed, accuracy: 0.9 })),
      /same seeds/,
    ],
    ['no runs', [], withScores(after), /at least one/],
    ['runs evaluated on nothing', [finishedRun({ seed: 1 })], [finishedRun({ seed: 1 })], /neither/],
  ])('refuses %s', (_, a, b, message) => {
    expect(() => compareRuns(a, b)).toThrow(
      expect.objectContaining({ code: 'invalid-argument', message: expect.stringMatching(message) }),
    );
  });

  it('shows names without their control characters', () => {
    expect(compareRuns(withScores(before), withScores(after), { names: ['\u001b[31m', 'b'] }).sentence).not.toContain(
      '\u001b',
    );
  });
});

describe('judgedRun', () => {
  const anomalies = (score: { readonly areaUnderRoc?: number }) => {
    const run = finishedRun({ seed: 1, accuracy: 0.42 });
    const { data } = parseTrainingConfig({ data: { kind: 'csv', train: 'x.csv', task: 'anomaly' } });
    const request = { ...run.request, config: { ...run.request.config, data } };
    return { ...run, request, test: { ...run.test!, ...score } };
  };

  it('takes of anomalies how well abnormal samples are told, or by its name what is reconstructed', () => {
    expect(judgedRun(anomalies({ areaUnderRoc: 0.97 }))).toMatchObject({ measure: 'area under ROC', value: 0.97 });
    expect(judgedRun(anomalies({}))).toMatchObject({ measure: 'explained variance', value: 0.42 });
    expect(compareRuns([anomalies({ areaUnderRoc: 0.97 })], [anomalies({ areaUnderRoc: 0.5 })]).sentence).toMatch(
      /^a 0\.970, b 0\.500 on test samples: /,
    );
  });
});

describe('packRight', () => {
  it('is undone by unpackRight', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1 })), (bits) => {
        expect([...unpackRight(packRight(Uint8Array.from(bits)))]).toEqual(bits);
      }),
    );
  });

  it('is worked by hand', () => {
    // 1 0 1, then 0 0 0 0 1 and 1: bytes 0x85 and 0x01.
    expect(packRight(Uint8Array.of(1, 0, 1, 0, 0, 0, 0, 1, 1))).toBe('9:hQE=');
  });

  it.each(['', '9:', '9:hQ==', 'x:hQE=', '9:hQE=!'])('refuses %j', (text) => {
    expect(() => unpackRight(text)).toThrow(/a count, a colon and base64/);
  });
});

describe('mcnemar', () => {
  it('refuses answers to other samples', () => {
    expect(() => mcnemar(new Uint8Array(3), new Uint8Array(4))).toThrow(/same samples/);
  });
});

describe('holm', () => {
  it('is worked by hand', () => {
    // In order 0.005·4, 0.01·3, 0.03·2, 0.04·1, never less than before.
    expect(holm([0.01, 0.04, 0.03, 0.005])).toEqual([0.03, 0.06, 0.06, 0.02]);
    expect(holm([0.9, 0.8])).toEqual([1, 1]);
    expect(holm([])).toEqual([]);
  });

  it('never makes a p smaller, and not larger than Bonferroni', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true })), (p) => {
        holm(p).forEach((adjusted, i) => {
          expect(adjusted).toBeGreaterThanOrEqual(p[i]!);
          expect(adjusted).toBeLessThanOrEqual(Math.min(1, p.length * p[i]!) + 1e-12);
        });
      }),
    );
  });
});

describe('compareWithFirst', () => {
  const side = (name: string, scores: readonly number[]) => ({ name, runs: withScores(scores).map(judgedRun) });
  const base = [0.9, 0.91, 0.905, 0.9, 0.908];

  it('corrects for how many comparisons there are', () => {
    const slightly = [0.903, 0.912, 0.906, 0.9035, 0.911];
    const p = compareRuns(withScores(base), withScores(slightly)).test!.p;
    expect(p).toBeLessThan(0.05);
    const alone = compareWithFirst([side('base', base), side('slightly', slightly)]);
    expect(alone[0]).toMatchObject({ real: true, corrected: p, first: 'base', other: 'slightly' });
    const many = [
      side(
        'x',
        base.map((v) => v + 0.0001 * ((v * 1e4) % 3)),
      ),
      side('y', [...base].reverse()),
      side('z', base),
    ];
    const [first, ...others] = compareWithFirst([side('base', base), side('slightly', slightly), ...many]);
    expect(first!.corrected).toBeCloseTo(4 * p, 12);
    expect(others).toHaveLength(3);
    expect(first!.sentence).toContain(`after Holm's correction for 4 comparisons`);
    // The interval is that of one test: where p is corrected it says so.
    expect(first!.sentence).toContain('95 % interval of this comparison alone +');
    expect(alone[0]!.sentence).toContain('95 % interval +');
    expect(first!.sentence).toMatch(first!.corrected! < 0.05 ? /a real difference/ : /^No real difference/);
  });
});
