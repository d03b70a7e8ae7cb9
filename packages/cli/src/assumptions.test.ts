// What an import assumes: each case has a data set and a graph whose right classes are known by construction, and was wrong without a word.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readModelFile } from '@bitnetmcu/models/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runWarm } from './__fixtures__/run-cli.js';
import { type TinySample, uniform, writeLinearGraph, writeTinyData } from './__fixtures__/tiny-data.js';
import { EXIT_CODES } from './exit-codes.js';

let cwd = '';
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'bitnetmcu-assumptions-'));
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const run = (...args: string[]) => runWarm(args, { cwd });
const samples = (count: number, seed: number, one: (random: () => number, i: number) => TinySample): TinySample[] => {
  const random = uniform(seed);
  return Array.from({ length: count }, (_, i) => one(random, i));
};
const between = (random: () => number, low: number, high: number) => Math.round(low + random() * (high - low));

/** Imports, and measures the accuracy of the model on the test samples with another implementation. */
async function importAndVerify(graph: string, data: readonly string[], ...flags: string[]) {
  const imported = await run('import', graph, '-o', 'out.bnm', '--json', ...data, ...flags);
  expect([EXIT_CODES.ok, EXIT_CODES.checkFailed], imported.stderr).toContain(imported.exitCode);
  const verified = await run('verify', 'out.bnm', '--json', '--implementations', 'wasm', ...data);
  expect(verified.exitCode, verified.stderr).toBe(EXIT_CODES.ok);
  return {
    exitCode: imported.exitCode,
    stderr: imported.stderr,
    json: JSON.parse(imported.stdout),
    accuracy: JSON.parse(verified.stdout).implementations[0].accuracy as number,
  };
}

describe('calibration', () => {
  // Class 0 is idle: nothing above 3. Class k has its feature k at 100 … 255, and its logit is that feature; that of class 0 is always 20.
  const sample = (label: number) => (random: () => number) =>
    [
      [0, 1, 2, 3].map((i) => (i === label && i > 0 ? between(random, 100, 255) : between(random, 0, 3))),
      label,
    ] as const;
  const sorted = (each: number, seed: number) =>
    [0, 1, 2, 3].flatMap((label) => samples(each, seed + label, sample(label)));
  const diagonal = [0, 1, 2, 3].map((row) => [0, 1, 2, 3].map((i) => Number(i === row && i > 0)));

  it('sees every class of data that are sorted by class', async () => {
    writeLinearGraph(join(cwd, 'idle.onnx'), { weight: diagonal, bias: [20, 0, 0, 0] });
    const data = writeTinyData(join(cwd, 'sorted'), sorted(600, 1), sorted(50, 9));
    const { accuracy, json, exitCode } = await importAndVerify('idle.onnx', data, '--strict');
    // The first 512 samples are all idle: scales for values up to 3 would make everything idle, a quarter right.
    expect(accuracy).toBe(1);
    expect(exitCode).toBe(EXIT_CODES.ok);
    expect(json.assumed.calibration).toEqual({ dataset: 'train-images.idx', samples: 512, of: 2400 });
    expect(json.look).toMatchObject({ accuracy: { float: 1, integer: 1 }, neverPredicted: [], warnings: [] });
    expect(json.look.drawnFrom).toBe('other training samples');
    expect(json.look.samples).toBe(1000);
  });

  it('is found out where it fits other samples', async () => {
    const idle = writeTinyData(join(cwd, 'idle'), [...samples(600, 1, sample(0)), ...sorted(1, 7)], sorted(50, 9));
    // An input scale for values up to 3 cuts off everything else.
    const { json, exitCode, stderr, accuracy } = await importAndVerify(
      'idle.onnx',
      idle,
      '--strict',
      '--input-scale',
      '40',
    );
    expect(accuracy).toBeLessThan(0.5);
    expect(exitCode).toBe(EXIT_CODES.ok);
    expect(json.look.samples).toBeGreaterThan(0);
    const mixed = writeTinyData(join(cwd, 'mixed'), sorted(200, 1), sorted(50, 9));
    const found = await importAndVerify('idle.onnx', mixed, '--strict', '--input-scale', '40');
    expect(found.exitCode).toBe(EXIT_CODES.checkFailed);
    expect(found.json.look.warnings.map(({ issue }: { issue: string }) => issue)).toEqual(['loss', 'never-predicted']);
    expect(found.json.look.warnings[0].message).toMatch(/float graph 100\.0 %: .*lie beyond int8 at the input scale/);
    expect(found.stderr).toContain('--input-scale');
    expect(stderr).toBe('');
  });
});

describe('one sigmoid output', () => {
  // p = sigmoid((x₀ − x₁)/16): above ½ exactly where x₀ > x₁.
  const sample = (random: () => number): TinySample => {
    const [low, gap] = [between(random, 0, 150), between(random, 20, 100)];
    return random() < 0.3 ? [[low + gap, low], 1] : [[low, low + gap], 0];
  };

  it('has the class of its sign in import, verify, verify --against and infer', async () => {
    writeLinearGraph(join(cwd, 'sign.onnx'), { weight: [[1 / 16, -1 / 16]], bias: [0], end: 'Sigmoid' });
    const data = [
      ...writeTinyData(join(cwd, 'sign'), samples(400, 3, sample), samples(100, 4, sample)),
      '--data-labels',
      'no,yes',
    ];
    const { accuracy, json } = await importAndVerify('sign.onnx', data, '--strict');
    expect(accuracy).toBe(1);
    expect(json.assumed.class).toContain('above 0');
    expect(json.look.accuracy).toEqual({ float: 1, integer: 1 });
    expect(readModelFile(join(cwd, 'out.bnm')).labels).toEqual(['no', 'yes']);
    const against = await run('verify', 'out.bnm', '--against', 'sign.onnx', '--json', ...data);
    const compared = JSON.parse(against.stdout);
    expect(compared).toMatchObject({ agreement: 1, accuracy: { float: 1, integer: 1 }, activation: 'sigmoid' });
    // Of logits, not of probabilities against logits.
    expect(compared.differences.relative).toBeLessThan(0.05);
    const labels = readFileSync(join(cwd, 'sign/test-labels.idx')).subarray(8);
    const inferred = JSON.parse(
      (await run('infer', 'out.bnm', '0', '1', '2', '3', '4', '5', '--json', ...data)).stdout,
    );
    expect(inferred.results.map((result: { class: number }) => result.class)).toEqual([...labels.subarray(0, 6)]);
    expect(new Set(inferred.results.map((result: { label: string }) => result.label))).toEqual(new Set(['no', 'yes']));
  });
});

describe('preprocessing', () => {
  // Two classes on either side of the middle of x₀.
  const sample = (random: () => number): TinySample =>
    random() < 0.5
      ? [[between(random, 135, 190), between(random, 0, 255)], 1]
      : [[between(random, 70, 120), between(random, 0, 255)], 0];
  let data: string[] = [];
  beforeAll(() => {
    data = writeTinyData(join(cwd, 'middle'), samples(500, 5, sample), samples(200, 6, sample));
  });
  const weight = [
    [0, 0],
    [1, 0],
  ];

  it('is nothing where the graph normalizes by itself', async () => {
    // (x/255 − 0.5)/0.25 > 0 where x > 127.5.
    const front = [
      ['Div', 255],
      ['Sub', 0.5],
      ['Div', 0.25],
    ] as const;
    writeLinearGraph(join(cwd, 'in-graph.onnx'), { weight, bias: [0, 0], front });
    const { accuracy, json } = await importAndVerify('in-graph.onnx', data, '--strict');
    expect(accuracy).toBe(1);
    expect(json.assumed).toMatchObject({ preprocessing: { divisor: 1, mean: 0, deviation: 1 } });
    expect(json.assumed.graphNormalizes).toMatchObject({ kind: 'constants', nodes: expect.any(Array) });
    // x · 1/(255·0.25) − 0.5/0.25.
    expect(json.assumed.graphNormalizes.factor).toBeCloseTo(1 / 63.75, 6);
    expect(json.assumed.graphNormalizes.offset).toBeCloseTo(-2, 6);
  });

  it('is doubted where both the graph and the flag normalize, and the right one is named', async () => {
    const flags = ['--strict', '--preprocessing', '255,0.1307,0.3081'];
    const { exitCode, json, stderr } = await importAndVerify('in-graph.onnx', data, ...flags);
    expect(exitCode).toBe(EXIT_CODES.checkFailed);
    expect(stderr).toContain('Both normalize');
    expect(stderr).toMatch(/With the preprocessing 1,0,1 the float graph gets 100\.0 %/);
    const best = json.look.alternatives.find(({ assumption }: { assumption: string }) => assumption === '1,0,1');
    expect(best).toMatchObject({ issue: 'preprocessing', accuracy: 1 });
  });

  it("is found on labelled samples where none is named, not taken from MNIST's", async () => {
    // Trained on x/255: class 1 above one half.
    writeLinearGraph(join(cwd, 'div255.onnx'), { weight, bias: [0.5, 0] });
    const { accuracy, json } = await importAndVerify('div255.onnx', data, '--strict');
    expect(accuracy).toBe(1);
    expect(json.assumed).toMatchObject({ preprocessing: { divisor: 255, mean: 0, deviation: 1 } });
    expect(json.assumed.preprocessingReason).toContain('found: the float graph gets 100.00 %');
    // And is noted for later comparisons.
    const { stdout } = await run('verify', 'out.bnm', '--against', 'div255.onnx', '--worst', '0', ...data);
    expect(stdout).toMatch(/preprocessing x \/ 255 \(as the import noted\)/);
    expect(stdout).toMatch(/calibrated on 500 of 500 training samples of train-images\.idx/);
  });

  it('is what was named, whatever the samples say', async () => {
    const { exitCode, json } = await importAndVerify('div255.onnx', data, '--strict', '--preprocessing', '1,0,1');
    expect(json.assumed.preprocessing).toEqual({ divisor: 1, mean: 0, deviation: 1 });
    expect(exitCode).toBe(EXIT_CODES.checkFailed);
  });

  it('says so where the data set numbers its classes otherwise than the graph', async () => {
    writeLinearGraph(join(cwd, 'swapped.onnx'), { weight: [...weight].reverse(), bias: [0, 0.5] });
    const { exitCode, stderr } = await importAndVerify('swapped.onnx', data, '--strict', '--preprocessing', '255,0,1');
    expect(exitCode).toBe(EXIT_CODES.checkFailed);
    expect(stderr).toMatch(/classes read as 0 as 1, 1 as 0 \(in the order 1,0\) .* 100\.0 %/);
  });

  it('compares logits where the graph ends in a softmax', async () => {
    writeLinearGraph(join(cwd, 'softmax.onnx'), { weight, bias: [0.5, 0], end: 'Softmax' });
    await importAndVerify('softmax.onnx', data);
    const { stdout } = await run('verify', 'out.bnm', '--against', 'softmax.onnx', '--json', ...data);
    const compared = JSON.parse(stdout);
    expect(compared).toMatchObject({ activation: 'softmax', agreement: 1 });
    expect(compared.differences.relative).toBeLessThan(0.05);
  });
});

describe('a data set', () => {
  it('is asked for where MNIST is not what the graph reads', async () => {
    writeLinearGraph(join(cwd, 'sensor.onnx'), { weight: [new Array(64).fill(1)], bias: [0] });
    const { exitCode, stderr } = await run('import', 'sensor.onnx');
    expect(exitCode).toBe(EXIT_CODES.usage);
    expect(stderr).toMatch(/no data set is named.*--data/);
    expect(existsSync(join(cwd, 'sensor.bnm'))).toBe(false);
  });
});
