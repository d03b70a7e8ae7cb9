// The independent look, on models and float references whose right answers are known by hand.
import type { QuantizedModel } from '@bitnetmcu/models';
import { describe, expect, it } from 'vitest';
import type { FloatReference } from '../float/float-reference.js';
import { assess } from './assess.js';
import { plausibleLayouts, sameClasses } from './plausible.js';
import { preprocessingScores } from './preprocessing-scores.js';

/** logits = the two inputs; the weights 1 of the format `Ternary`. */
function identityModel(scale: number, outputs = 2): QuantizedModel {
  return {
    name: 'identity',
    input: {
      shape: [2],
      preprocessing: { divisor: 1, mean: 0, deviation: 1 },
      quantization: { kind: 'static', scale },
    },
    nodes: [
      {
        op: 'linear',
        name: 'fc',
        inputs: ['input'],
        inFeatures: 2,
        outFeatures: outputs,
        // Codes 0, 1, 2 are −1, 0, 1.
        weights: { format: 'Ternary', codes: outputs === 2 ? Uint8Array.of(2, 1, 1, 2) : Uint8Array.of(2, 0) },
      },
    ],
    labels: [],
    provenance: {},
  };
}

/** A float network of two inputs: `logits` of one sample. */
const reference = (logits: (a: number, b: number) => number[]): FloatReference => ({
  name: 'by hand',
  batch: undefined,
  logits: (samples, count) =>
    Array.from({ length: count }, (_, i) => logits(samples[2 * i]!, samples[2 * i + 1]!)).flat(),
});

/** Class 0 where the first value is the larger one. */
const pairs = Array.from({ length: 100 }, (_, i) =>
  i % 2 === 0 ? [100 - (i % 7), 20 + (i % 11)] : [30 + (i % 5), 90 + (i % 3)],
);
const samples = Uint8Array.from(pairs.flat());
const labels = pairs.map(([a, b]) => Number(b! > a!));

describe('assess', () => {
  it('finds nothing where nothing is wrong', async () => {
    const found = await assess(
      identityModel(1),
      reference((a, b) => [a, b]),
      samples,
      { labels },
    );
    expect(found).toMatchObject({ samples: 100, agreement: 1, loss: 0, clipped: 0, neverPredicted: [], warnings: [] });
    expect(found.accuracy).toEqual({ float: 1, integer: 1 });
  });

  it('measures a loss and names the class that is never predicted and the clipped input', async () => {
    // A scale of 20: every value is cut off at 127, equal logits are class 0.
    const found = await assess(
      identityModel(20),
      reference((a, b) => [a, b]),
      samples,
      { labels },
    );
    expect(found).toMatchObject({ accuracy: { float: 1, integer: 0.5 }, loss: 0.5, clipped: 1, neverPredicted: [1] });
    expect(found.warnings.map(({ issue }) => issue)).toEqual(['loss', 'never-predicted']);
    expect(found.warnings[0]!.message).toMatch(/100\.0 % of the input values lie beyond int8/);
  });

  it('judges agreement where there are no labels', async () => {
    const found = await assess(
      identityModel(20),
      reference((a, b) => [a, b]),
      samples,
    );
    expect(found.accuracy).toBeUndefined();
    expect(found).toMatchObject({ agreement: 0.5, loss: 0.5, alternatives: [] });
    expect(found.warnings[0]!.issue).toBe('loss');
  });

  it('blames calibration samples that are of fewer classes', async () => {
    const options = { labels, calibrationLabels: [0, 0, 0] };
    const found = await assess(
      identityModel(20),
      reference((a, b) => [a, b]),
      samples,
      options,
    );
    expect(found.warnings[0]!.message).toContain('calibrated on samples of 1 of 2 classes');
  });

  it('doubts a float graph that guesses', async () => {
    const found = await assess(
      identityModel(1),
      reference(() => [1, 0]),
      samples,
      { labels },
    );
    expect(found.warnings[0]!.issue).toBe('near-chance');
  });

  it('tells another preprocessing that fits better', async () => {
    // Right on x/255 only: a value above 0.5 of its own range means something there.
    const graph = reference((a, b) => [a > 1 || b > 1 ? 0 : a, a > 1 || b > 1 ? 0 : b]);
    const found = await assess(identityModel(1), graph, samples, { labels });
    expect(found.alternatives).toContainEqual({ issue: 'preprocessing', assumption: '255,0,1', accuracy: 1 });
    expect(found.warnings.some(({ issue }) => issue === 'preprocessing')).toBe(true);
  });

  it('makes the class of one output by its sign on both sides', async () => {
    const found = await assess(
      identityModel(1, 1),
      reference((a, b) => [(a - b) / 7]),
      samples,
      {
        labels: labels.map((label) => 1 - label),
      },
    );
    expect(found).toMatchObject({ accuracy: { float: 1, integer: 1 }, warnings: [] });
  });
});

describe('plausible assumptions', () => {
  it('exchange rows and columns, and put channels last and back', () => {
    const square = plausibleLayouts([1, 2, 2]);
    expect(square.map(({ name, order }) => [name, [...order]])).toEqual([['rows and columns exchanged', [0, 2, 1, 3]]]);
    const colour = plausibleLayouts([2, 1, 3]);
    expect(colour.map(({ name, order }) => [name, [...order]])).toEqual([
      ['channels last', [0, 3, 1, 4, 2, 5]],
      ['channels first', [0, 2, 4, 1, 3, 5]],
    ]);
    expect(plausibleLayouts([5])).toEqual([]);
  });

  it('renumber classes only where each has one other number', () => {
    expect(sameClasses([0, 0, 0, 1, 1, 1], [1, 1, 1, 0, 0, 0], 2)).toEqual({
      assumption: 'the classes read as 0 as 1, 1 as 0',
      accuracy: 1,
    });
    expect(sameClasses([0, 0, 0, 1, 1, 1], [1, 1, 1, 0, 0, 0], 2, ['off', 'on'])).toMatchObject({
      assumption: 'the classes read as 0 as 1, 1 as 0 (in the order on,off)',
    });
    expect(sameClasses([0, 0, 0, 1, 1, 1], [0, 0, 0, 1, 1, 1], 2)).toBeUndefined();
    expect(sameClasses([0, 0, 0, 1, 1, 1], [1, 1, 1, 1, 1, 1], 2)).toBeUndefined();
  });

  it('score a graph whose classes stand in another order, too', async () => {
    const swapped = await preprocessingScores(
      reference((a, b) => [b, a]),
      samples,
      labels,
      2,
      { divisor: 255, mean: 0, deviation: 1 },
    );
    expect(swapped[0]).toMatchObject({ kind: 'assumed', accuracy: 0, renumbered: 1 });
  });

  it('score the assumed preprocessing first, and none twice', async () => {
    const scores = await preprocessingScores(
      reference((a, b) => [a, b]),
      samples,
      labels,
      2,
      {
        divisor: 127.5,
        mean: 1,
        deviation: 1,
      },
    );
    expect(scores.map(({ kind }) => kind)).toEqual(['assumed', 'common', 'common', 'common', 'common', 'standardized']);
    for (const { accuracy } of scores) expect(accuracy).toBe(1);
  });
});
