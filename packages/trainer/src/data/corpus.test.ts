// Every file of the corpus, as a stranger gives it: looked at, loaded, and either the samples that were put in or one error with place and remedy.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { quantizeRaw } from '@bitnetmcu/models';
import { toRawIntegers } from '@bitnetmcu/models/internal';
import { describe, expect, it } from 'vitest';
import { type DataSpecInput, loadDataset } from './data-spec.js';
import type { Dataset } from './dataset.js';
import { inspectData } from './inspect/inspect-data.js';

/** Written by make_corpus.py from what was put in. */
interface Expected {
  /** Name in data/, or "." for the folder. */
  readonly read: string;
  readonly overrides?: Readonly<Record<string, unknown>>;
  readonly labels: readonly string[];
  readonly shape: readonly number[];
  /** Class of each sample, in the order of the files. */
  readonly classes: readonly number[];
  readonly features?: readonly string[];
  /** Numbers that the tool scales; null: missing in the file, and not known here. */
  readonly values?: readonly (readonly (number | null)[])[];
  /** What one of the assumptions must match. */
  readonly assumed?: string;
  /** Bytes as they are, base64. */
  readonly bytes?: readonly string[];
  readonly tolerance?: number;
  /** What the one message must match. */
  readonly error?: readonly string[];
}

const corpus = fileURLToPath(new URL('./__corpus__', import.meta.url));
const groups = readdirSync(corpus, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !entry.name.startsWith('__'))
  .map(({ name }) => name);

async function load(folder: string, { read, overrides, assumed }: Expected): Promise<Dataset> {
  const { spec, assumptions } = await inspectData(join(folder, 'data', read === '.' ? '' : read), overrides);
  expect(assumptions.length).toBeGreaterThan(0);
  if (assumed) {
    const told = assumptions.map(({ what, because, change }) => `${what}: ${because} (${change})`);
    expect(told).toContainEqual(expect.stringMatching(new RegExp(assumed)));
  }
  return loadDataset(spec as DataSpecInput);
}

/** Samples of both parts as [class, bytes]; which part each goes to is no matter of reading. */
function samplesOf({ train, test, shape }: Dataset): [number, Uint8Array][] {
  const size = shape.reduce((all, side) => all * side, 1);
  return [train, test].flatMap(({ count, bytes, labels }) =>
    Array.from({ length: count }, (_, i): [number, Uint8Array] => [
      labels[i]!,
      bytes.subarray(i * size, (i + 1) * size),
    ]),
  );
}

/** By class, then by bytes. */
const inOrder = (samples: [number, Uint8Array][]) =>
  samples.sort(([a, x], [b, y]) => a - b || Buffer.compare(Buffer.from(x), Buffer.from(y)));

/** The numbers that were put in as the bytes that the data set's own scaling makes of them. */
function scaled({ raw, shape }: Dataset, values: readonly number[]): Uint8Array {
  return Uint8Array.from(quantizeRaw(raw!, shape, toRawIntegers(raw!, shape, values)), (code) => code + 128);
}

async function check(folder: string, expected: Expected): Promise<void> {
  if (expected.error) {
    const message = await load(folder, expected).then(
      ({ shape, labels }) => `read without an error: ${labels.length} classes of ${shape.join('×')}`,
      (error: Error & { code?: string }) => {
        expect(error).toMatchObject({ code: expect.stringMatching(/^(invalid-data|data-not-found)$/) });
        return error.message;
      },
    );
    for (const part of expected.error) expect(message).toMatch(new RegExp(part));
    return;
  }
  const data = await load(folder, expected);
  expect([data.labels, data.shape]).toEqual([expected.labels, expected.shape]);
  if (expected.features) expect(data.raw?.features.map(({ name }) => name)).toEqual(expected.features);
  const wanted = expected.values
    ? expected.values.map((values) =>
        scaled(
          data,
          values.map((value) => value ?? 0),
        ),
      )
    : expected.bytes!.map((text) => Uint8Array.from(Buffer.from(text, 'base64')));
  const found = samplesOf(data);
  expect(found.length).toBe(wanted.length);
  if (expected.values?.some((values) => values.includes(null))) return checkWithGaps(data, expected, found);
  if (!expected.tolerance) {
    expect(inOrder(found)).toEqual(inOrder(wanted.map((bytes, i) => [expected.classes[i]!, bytes])));
    return;
  }
  // One sample a class.
  for (const [label, bytes] of found) {
    const seen = wanted[expected.classes.indexOf(label)]!;
    expect(bytes.length).toBe(seen.length);
    const apart = bytes.reduce((most, byte, i) => Math.max(most, Math.abs(byte - seen[i]!)), 0);
    expect(apart).toBeLessThanOrEqual(expected.tolerance);
  }
}

/** All samples are there but for the places of missing values. */
function checkWithGaps(data: Dataset, { values, classes }: Expected, found: [number, Uint8Array][]): void {
  const left = found.map(([label, bytes]) => [label, [...bytes]] as const);
  for (const [i, sample] of values!.entries()) {
    const wanted = scaled(
      data,
      sample.map((value) => value ?? 0),
    );
    const at = left.findIndex(
      ([label, bytes]) => label === classes[i] && bytes.every((byte, k) => sample[k] === null || byte === wanted[k]),
    );
    expect(at, `sample ${i}`).toBeGreaterThanOrEqual(0);
    left.splice(at, 1);
  }
  expect(left).toEqual([]);
}

describe.each(groups)('%s', (group) => {
  it.each(readdirSync(join(corpus, group)))('%s', async (name) => {
    const folder = join(corpus, group, name);
    expect(existsSync(join(folder, 'data'))).toBe(true);
    await check(folder, JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as Expected);
  });
});

it('has sixty cases and more', () => {
  expect(groups.flatMap((group) => readdirSync(join(corpus, group))).length).toBeGreaterThanOrEqual(60);
});
