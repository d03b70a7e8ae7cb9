// Data that are read for a model have its classes, values and labels by name: that some are not there, or that they are in another order, changes no score.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { QuantizedModel } from '@bitnetmcu/models';
import { makeRawFeature, RAW_PREPROCESSING, RAW_SCALE, type RawInput } from '@bitnetmcu/models/internal';
import { writeModelFile } from '@bitnetmcu/models/node';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runWarm } from './__fixtures__/run-cli.js';
import { wav } from './__fixtures__/wav.js';
import { EXIT_CODES } from './exit-codes.js';

const cwd = mkdtempSync(join(tmpdir(), 'bitnetmcu-data-by-name-'));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

function save(name: string, content: Uint8Array | string): void {
  mkdirSync(dirname(join(cwd, name)), { recursive: true });
  writeFileSync(join(cwd, name), content);
}

/** A model whose logits are sums of its inputs, or their negatives, as the rows of weights −1, 0 and 1 say. */
function saveModel(
  name: string,
  {
    weights,
    shape,
    ...rest
  }: { weights: number[][]; shape: QuantizedModel['input']['shape']; raw?: RawInput } & Pick<
    QuantizedModel,
    'labels' | 'output'
  >,
): void {
  const { raw, labels, output } = rest;
  writeModelFile(join(cwd, `${name}.bnm`), {
    name,
    input: raw
      ? { shape, preprocessing: RAW_PREPROCESSING, quantization: { kind: 'static', scale: RAW_SCALE }, raw }
      : { shape, preprocessing: { divisor: 255, mean: 0, deviation: 1 }, quantization: { kind: 'dynamic' } },
    nodes: [
      ...(shape.length === 3 ? [{ op: 'flatten', name: 'flat', inputs: ['input'] } as const] : []),
      {
        op: 'linear',
        name: 'fc',
        inputs: [shape.length === 3 ? 'flat' : 'input'],
        inFeatures: weights[0]!.length,
        outFeatures: weights.length,
        weights: { format: 'Ternary', codes: Uint8Array.from(weights.flat(), (weight) => weight + 1) },
      },
    ],
    ...(output && { output }),
    labels,
    provenance: {},
  });
}

/** The class is the largest of three values. */
const LARGEST = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
];
const KINDS = ['cat', 'ant', 'bee'];
const identity = (name: string) => makeRawFeature({ name, decimals: 0, low: 0, high: 255, ends: [-128, 127] });
const table: RawInput = { kind: 'table', type: 'i16', features: ['a', 'b', 'c'].map(identity) };
const sound = makeRawFeature({ name: 'sound', decimals: 0, low: -32768, high: 32767, ends: [-128, 127] });

beforeAll(() => {
  saveModel('bytes', { weights: LARGEST, shape: [1, 1, 3], labels: KINDS });
  saveModel('digits', { weights: LARGEST, shape: [1, 1, 3], labels: ['7', '3', '5'] });
  saveModel('numbered', { weights: LARGEST, shape: [1, 1, 3], labels: ['0', '1', '2'] });
  saveModel('row', { weights: LARGEST, shape: [3], raw: table, labels: KINDS });
  const up = [1, 1, 1, 1];
  const raw: RawInput = { kind: 'signal', type: 'i16', features: [sound] };
  saveModel('wave', {
    weights: [up, up.map((one) => -one), [0, 0, 0, 0]],
    shape: [1, 1, 4],
    raw,
    labels: ['up', 'down', 'flat'],
  });
  saveModel('labels', {
    weights: LARGEST,
    shape: [3],
    raw: table,
    labels: ['wet', 'hot', 'dim'],
    output: { task: 'multiLabel' },
  });
});

/** Samples of the classes of these numbers, in turn: the value of the class's place is the largest. */
const samples = (classes: readonly number[], count = 12) =>
  Array.from({ length: count }, (_, i) => {
    const label = classes[i % classes.length]!;
    return { label, values: [0, 1, 2].map((place) => (place === label ? 200 + i : 20 + i)) };
  });
const csv = (rows: readonly { label: number; values: number[] }[], names: readonly string[] = KINDS) =>
  `a,b,c,kind\n${rows.map(({ label, values }) => `${values.join(',')},${names[label]}`).join('\n')}\n`;

function npy(descr: string, dimensions: readonly number[], content: Uint8Array): Buffer {
  const header = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${dimensions.join(', ')},), }`;
  const padded = Buffer.from(`${header.padEnd(117)}\n`);
  return Buffer.concat([Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, padded.length, 0]), padded, content]);
}
const texts = (words: readonly string[]) =>
  npy(
    '<U3',
    [words.length],
    Uint8Array.from(words.flatMap((word) => [...word].flatMap((one) => [one.charCodeAt(0), 0, 0, 0]))),
  );
const bytes = (values: readonly number[], ...dimensions: number[]) => npy('|u1', dimensions, Uint8Array.from(values));

function png(values: readonly number[]): Buffer {
  const picture = new PNG({ width: values.length, height: 1 });
  for (const [i, value] of values.entries()) picture.data.set([value, value, value, 255], 4 * i);
  return PNG.sync.write(picture);
}

const level = (value: number) => wav(1000, Array(4).fill(value));

async function verify(model: string, ...data: string[]) {
  const args = ['verify', `${model}.bnm`, ...data, '--implementations', 'typescript', '--json'];
  const { exitCode, stdout, stderr } = await runWarm(args, { cwd });
  return { exitCode, stderr, ...JSON.parse(stdout) };
}

/** All answers are right, of so many samples at least. */
async function expectRight(model: string, ...data: string[]): Promise<string> {
  const { exitCode, stderr, implementations, error } = await verify(model, ...data);
  expect(exitCode, JSON.stringify(error)).toBe(EXIT_CODES.ok);
  expect(implementations[0]).toMatchObject({ accuracy: 1 });
  return stderr;
}

async function expectRefused(message: RegExp, model: string, ...data: string[]): Promise<void> {
  const { exitCode, error } = await verify(model, ...data);
  expect(exitCode).toBe(EXIT_CODES.badInput);
  expect(error).toMatchObject({ code: 'invalid-data', message: expect.stringMatching(message) });
}

const half = ['--data-test-share', '0.5'];
const some = samples([2, 0]);

describe('data that lack a class of the model', () => {
  it('as tables', async () => {
    save('some.csv', csv(some));
    const data = ['--data', 'csv', '--data-train', 'some.csv', '--data-label-column', 'kind', ...half];
    expect(await expectRight('row', ...data)).toContain("of the model's classes the data do not have ant");
    await expectRight('bytes', ...data);
    const { stdout } = await runWarm(['infer', 'row.bnm', '0', '1', '2', '3', ...data, '--json'], { cwd });
    const found = JSON.parse(stdout).results.map(({ label, expected, nearest }: Record<string, unknown>) => [
      label,
      expected,
      (nearest as { label: string }).label,
    ]);
    for (const names of found) expect(new Set(names).size).toBe(1);
    expect(new Set(found.flat())).toEqual(new Set(['cat', 'bee']));
    // A class in the test part alone is one of the model's too.
    save('cats.csv', csv(samples([0])));
    await expectRight('row', ...data, '--data-train', 'cats.csv', '--data-test', 'some.csv');
    save('other.csv', csv(some, ['cat', 'ant', 'eel']));
    await expectRefused(
      /the model has no class eel; its classes are cat, ant, bee\. Call the classes as in training/,
      'row',
      ...data,
      '--data-train',
      'other.csv',
    );
  });

  it('as folders of tables', async () => {
    for (const [i, { label, values }] of some.entries())
      save(`tables/${KINDS[label]}/${i}.csv`, `a,b,c\n${`${values.join(',')}\n`.repeat(3)}`);
    await expectRight('row', '--data', 'csv-folder', '--data-train', 'tables', ...half);
  });

  it('as pictures and recordings', async () => {
    for (const [i, { label, values }] of some.entries()) save(`pictures/${KINDS[label]}/${i}.png`, png(values));
    for (const [i, { values }] of samples([1]).entries()) save(`tested/ant/${i}.png`, png(values));
    const pictures = ['--data', 'folder', '--data-train', 'pictures'];
    await expectRight('bytes', ...pictures, ...half);
    await expectRight('bytes', ...pictures, '--data-test', 'tested');
    for (let i = 0; i < 4; i++) {
      save(`sounds/down/${i}.wav`, level(-9000 - i));
      save(`sounds/up/${i}.wav`, level(9000 + i));
      save(`tested-sounds/up/${i}.wav`, level(7000 + i));
    }
    const sounds = ['--data', 'recordings', '--data-train', 'sounds'];
    await expectRight('wave', ...sounds, ...half);
    await expectRight('wave', ...sounds, '--data-test', 'tested-sounds');
    save('sounds/slow/1.wav', level(1));
    save('sounds/slow/2.wav', level(1));
    await expectRefused(/the model has no class slow; its classes are up, down, flat/, 'wave', ...sounds, ...half);
  });

  it('as arrays and idx files, named or numbered', async () => {
    const labels = some.map(({ label }) => label);
    save(
      'x.npy',
      bytes(
        some.flatMap(({ values }) => values),
        some.length,
        1,
        3,
      ),
    );
    save('names.npy', texts(labels.map((label) => KINDS[label]!)));
    save('numbers.npy', bytes(labels, some.length));
    save(
      'digits.npy',
      bytes(
        labels.map((label) => [7, 3, 5][label]!),
        some.length,
      ),
    );
    save(
      'hot.npy',
      bytes(
        labels.flatMap((label) => (label === 0 ? [1, 0] : [0, 1])),
        some.length,
        2,
      ),
    );
    const arrays = (file: string) => [
      '--data',
      'npy',
      '--data-train-images',
      'x.npy',
      '--data-train-labels',
      file,
      ...half,
    ];
    await expectRight('bytes', ...arrays('names.npy'));
    // Numbers have no other names than their places among the model's classes; of a model of numbers they are names.
    expect(await expectRight('bytes', ...arrays('numbers.npy'))).toContain(
      'taken as those of the model: 0 cat, 1 ant, 2 bee',
    );
    await expectRight('digits', ...arrays('digits.npy'));
    await expectRight('numbered', ...arrays('numbers.npy'));
    await expectRight('bytes', ...arrays('hot.npy'), '--data-labels', 'cat,bee');
    await expectRefused(
      /labels of 2 columns, and the model has 3 classes: cat, ant, bee/,
      'bytes',
      ...arrays('hot.npy'),
    );
    await expectRefused(/the model has no class of number 7; its classes are 0 cat/, 'bytes', ...arrays('digits.npy'));
    await expectRefused(/the model has no class 5, 7; its classes are 0, 1, 2/, 'numbered', ...arrays('digits.npy'));
    const idx = (dimensions: number[], values: number[]) =>
      Uint8Array.from([0, 0, 8, dimensions.length, ...dimensions.flatMap((one) => [0, 0, 0, one]), ...values]);
    save(
      'x.idx',
      idx(
        [some.length, 1, 3],
        some.flatMap(({ values }) => values),
      ),
    );
    save('y.idx', idx([some.length], labels));
    const files = ['--data', 'idx', '--data-train-images', 'x.idx', '--data-train-labels', 'y.idx', ...half];
    await expectRight('bytes', ...files);
    await expectRight('bytes', ...files, '--data-labels', 'cat,eel,bee');
    await expectRefused(/the model has no class eel/, 'bytes', ...files, '--data-labels', 'cat,bee,eel');
  });

  it('as several labels a sample', async () => {
    // Each of the values that is above 0 is a label of its own.
    const rows = ['200,20,20,wet', '20,20,200,dim', '200,20,210,dim;wet', '20,30,20,'];
    save('labels.csv', `a,b,c,kind\n${[...rows, ...rows].join('\n')}\n`);
    const { exitCode, integerScores, error } = await verify(
      'labels',
      ...['--data', 'csv', '--data-train', 'labels.csv', '--data-label-column', 'kind', ...half],
    );
    expect(exitCode, JSON.stringify(error)).toBe(EXIT_CODES.ok);
    expect(integerScores).toMatchObject({ exactMatch: 1, labelAccuracy: 1 });
  });
});
