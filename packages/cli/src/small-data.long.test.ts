// Small and odd data sets: what is found out before training is said before it, with the flag that mends it.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { QuantizedModel } from '@bitnetmcu/models';
import { writeModelFile } from '@bitnetmcu/models/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runWarm } from './__fixtures__/run-cli.js';
import { type TinySample, uniform, writeTinyData } from './__fixtures__/tiny-data.js';
import { EXIT_CODES } from './exit-codes.js';
import { lookAtTrained } from './inputs/trained-look.js';

let cwd = '';
let data: string[] = [];
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'bitnetmcu-small-'));
  data = writeTinyData(join(cwd, 'data'), classes(90, 1), classes(60, 2));
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const run = (...args: string[]) => runWarm(args, { cwd });

/** Three classes in turn: the largest of three features. */
function classes(count: number, seed: number): TinySample[] {
  const random = uniform(seed);
  return Array.from({ length: count }, (_, i) => [
    [0, 1, 2].map((feature) => Math.round((feature === i % 3 ? 160 : 20) + 60 * random())),
    i % 3,
  ]);
}

/** Flags of a network 3 → 8 → 3 whose last layer has these keys besides. */
function network(name: string, last: object): string[] {
  const weights = { format: '4bitsym' };
  const layers = [
    { type: 'linear', name: 'a', outputs: 8, weights },
    { type: 'activation', name: 'relu', function: 'relu' },
    { type: 'linear', name: 'b', outputs: 3, weights, ...last },
  ];
  writeFileSync(join(cwd, `${name}.json`), JSON.stringify({ name, input: { shape: [3] }, layers }));
  return ['train', '--network', `${name}.json`, '--output', name];
}

describe('train', () => {
  it('holds out a share of a small data set, looks at the integers on it, and proposes a test sample that exists', async () => {
    const train = network('plain', {});
    const args = [...train, ...data, '--epochs', '60', '--learning-rate', '0.01', '--batch-size', '16', '--strict'];
    const { exitCode, stdout, stderr } = await run(...args);
    expect(exitCode, stderr).toBe(EXIT_CODES.ok);
    // 15 % of 90.
    expect(stdout).toMatch(/on 13 validation samples: as trained \d+\.\d\d %, integers \d+\.\d\d %/);
    expect(stdout).toMatch(/assumed .*3 values; preprocessing .*\(the training's\)/);
    expect(stdout).toContain('the class is the largest of 3 outputs');
    expect(stdout).toContain('infer plain/model.bnm 42');
    const resumed = JSON.parse((await run('inspect', 'plain/model.bnm', '--json')).stdout);
    expect(JSON.stringify(resumed)).toContain('"validation":13');
  });

  it.each([
    ['batch', { norm: 'batch' }, /Layer b: batch norm/],
    ['biased', { bias: true, norm: 'l1' }, /Layer b has a bias behind a norm/],
  ])('refuses what will have no integer form, before training: %s', async (name, last, why) => {
    const train = network(name, last);
    const { exitCode, stderr } = await run(...train, ...data, '--epochs', '1');
    expect(exitCode).toBe(EXIT_CODES.checkFailed);
    expect(stderr).toMatch(why);
    expect(stderr).toContain('--without-model');
    expect(stderr).not.toContain('epoch');
    expect(existsSync(join(cwd, name))).toBe(false);
    const asked = await run(...train, ...data, '--epochs', '1', '--without-model');
    expect(asked.exitCode, asked.stderr).toBe(EXIT_CODES.ok);
    expect(asked.stdout).not.toContain('undefined');
  });

  it('names the flag where too many samples are to be held out', async () => {
    const { exitCode, stderr } = await run(...network('many', {}), ...data, '--validation', '90');
    expect(exitCode).toBe(EXIT_CODES.usage);
    expect(stderr).toMatch(/90 validation samples .* 90 training samples.*--validation/);
  });
});

/** logits = the three features, with a scale that cuts off at 127/scale. */
function model(scale: number, quantized = [3]): QuantizedModel {
  return {
    name: 'largest',
    input: {
      shape: quantized as unknown as readonly [number],
      preprocessing: { divisor: 1, mean: 0, deviation: 1 },
      quantization: { kind: 'static', scale },
    },
    nodes: [
      {
        op: 'linear',
        name: 'fc',
        inputs: ['input'],
        inFeatures: 3,
        outFeatures: 3,
        weights: { format: 'Ternary', codes: Uint8Array.of(2, 1, 1, 1, 2, 1, 1, 1, 2) },
      },
    ],
    labels: [],
    provenance: {},
  };
}

describe('the look at a trained network', () => {
  const samples = classes(60, 2);
  const judged = {
    part: 'validation',
    samples: {
      count: 60,
      bytes: Uint8Array.from(samples.flatMap(([values]) => values)),
      labels: Uint16Array.from(samples, ([, label]) => label),
    },
  } as const;

  it('is content with the score of training', () => {
    expect(lookAtTrained(model(0.5), judged, 1, ['a', 'b', 'c'])).toMatchObject({
      accuracy: { trained: 1, integer: 1 },
      loss: 0,
      warnings: [],
    });
  });

  it('warns of a lost point and of classes never predicted', () => {
    // Everything is cut off at 127: three equal logits are class 0.
    const look = lookAtTrained(model(100), judged, 0.95, ['a', 'b', 'c']);
    expect(look.accuracy.integer).toBeCloseTo(1 / 3, 9);
    expect(look.neverPredicted).toEqual([1, 2]);
    expect(look.warnings.map(({ issue }) => issue)).toEqual(['loss', 'never-predicted']);
    expect(look.warnings[1]!.message).toContain('b, c');
  });
});

describe('samples for a model', () => {
  it('are asked for where MNIST is not what it reads, and said to be few classes where data are sorted', async () => {
    writeModelFile(join(cwd, 'largest.bnm'), model(0.5));
    const unnamed = await run('verify', 'largest.bnm', '--implementations', 'wasm');
    expect(unnamed.exitCode).toBe(EXIT_CODES.usage);
    expect(unnamed.stderr).toMatch(/no digit of MNIST.*--data/s);
    const sorted = [...classes(60, 2)].sort((a, b) => a[1] - b[1]);
    const flags = writeTinyData(join(cwd, 'sorted'), classes(9, 1), sorted);
    const some = await run('verify', 'largest.bnm', '--implementations', 'wasm', '--images', '10', ...flags);
    expect(some.exitCode, some.stderr).toBe(EXIT_CODES.ok);
    expect(some.stderr).toContain('The first 10 test samples are of 1 of 3 classes');
    const all = await run('verify', 'largest.bnm', '--implementations', 'wasm', ...flags);
    expect(all.stderr).not.toContain('The first');
  });
});
