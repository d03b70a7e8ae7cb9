// Data sets from rows of numbers: a row is a sample, or a moment of a signal that is cut into windows.
import type { Shape } from '@bitnetmcu/models';
import type { RawType, Task } from '@bitnetmcu/models/internal';
import type { Samples } from '../../engine/engine.js';
import { TrainerError } from '../../errors.js';
import { normalClass } from '../anomaly.js';
import { classNotes } from '../classes.js';
import { type Dataset, datasetSteps } from '../dataset.js';
import { chooseTest, type Division, othersOf, requireWholeRecordings, type TestChoice } from '../divide.js';
import type { FeatureKeys } from '../features-spec.js';
import type { ModelInput } from '../read-like.js';
import { giveWay, runInSlices } from '../slices.js';
import { cutWindows, findBlocks, findWindows, type MomentRows } from '../windows.js';
import { type FeatureName, featureName } from './raw-features.js';
import { type RawSource, rawSamples } from './raw-samples.js';
import { momentFeatures, requireSignals, rowFeatures, wantsFeatures } from './signal-features.js';
import { withHop } from './stream-hop.js';
import { fifths, type RowTargets } from './targets.js';
import type { ValueRows } from './value-rows.js';

export interface TableRows {
  readonly values: ValueRows;
  /** Class number of each row. */
  readonly labels: Uint16Array;
  /** Numbers of what belongs together. */
  readonly groups?: Uint32Array | undefined;
  /** Rows that do not follow the one before. */
  readonly breaks: readonly number[];
  /** First row of the test part; absent: one is chosen. */
  readonly testFrom?: number | undefined;
  /** Values that are missing, and count as the mean of their column. */
  readonly missing?: number | undefined;
  /** Names of the columns. */
  readonly columns: readonly string[];
  /** What is learned instead of classes. */
  readonly targets?: RowTargets | undefined;
  readonly areBytes?: boolean | undefined;
  readonly notes: readonly string[];
}

export interface TableOptions extends Division, FeatureKeys {
  readonly name: string;
  /** Class names. */
  readonly labels: readonly string[];
  /** [channels, 1, length] where a row is a signal. */
  readonly shape?: readonly [number, number, number] | undefined;
  readonly rawType?: RawType | undefined;
  readonly curve?: 'auto' | 'linear' | undefined;
  readonly constants: 'drop' | 'keep';
  readonly missing?: 'error' | 'drop' | 'mean' | undefined;
  /** What to read samples for; absent: scales are learned. */
  readonly like?: ModelInput | undefined;
  /** Of anomalies only what is normal is learned from. */
  readonly task?: Task | undefined;
  readonly normal?: string | undefined;
  /** What messages call the data. */
  readonly source: string;
}

/** Every row a sample. */
export async function rowDataset(rows: TableRows, options: TableOptions): Promise<Dataset> {
  const { values, labels, testFrom, columns } = rows;
  const { shape, source } = options;
  if (!shape) requireSignals(options, source);
  if (shape && shape[0] * shape[2] !== values.width) {
    throw new TrainerError(
      'invalid-data',
      `${source} has ${values.width} values a row; --data-shape ${shape.join(',')} (key \`shape\`) wants ${shape[0] * shape[2]}.`,
    );
  }
  const { groups, notes: cuts } =
    options.splitBy === 'blocks' ? findBlocks(momentRows(rows), source) : { groups: rows.groups, notes: [] };
  const { test, notes } = testOf(strata(rows.targets, labels), groups, testFrom, options, rows.targets === undefined);
  await giveWay();
  const parts = new Uint8Array(values.count).fill(1);
  for (const row of test) parts[row] = 0;
  const signals: RawSource = {
    rows: values,
    parts,
    shape: shape ?? [values.width],
    kind: shape ? 'signal' : 'table',
    names: shape ? channelNames(columns, shape[0]) : columns.map(featureName),
    type: options.rawType,
    areBytes: rows.areBytes ?? false,
    curve: options.curve,
    constants: options.constants,
    like: options.like,
    isLearnedFrom: normalRows(rows, options),
    source,
  };
  const { means, ...made } = wantsFeatures(options) ? await rowFeatures(options, signals) : await rawSamples(signals);
  await giveWay();
  const samples = (bytes: Uint8Array, numbers: Uint32Array) =>
    samplesOf(bytes, numbers, { labels, groups, targets: rows.targets });
  return finish(options, {
    ...made,
    missing: missingOf(rows, options, means),
    output: rows.targets?.output,
    train: samples(made.train.bytes, othersOf(values.count, test)),
    test: samples(made.test.bytes, test),
    notes: [...rows.notes, ...cuts, ...notes, ...made.notes],
  });
}

/** Windows of rows as samples, one channel a column. */
export async function momentDataset(
  rows: TableRows,
  options: TableOptions & { readonly window: number; readonly hop: number },
): Promise<Dataset> {
  const { values, testFrom } = rows;
  const { window, hop, source } = options;
  requireWholeRecordings(options, source);
  const windows = findWindows(momentRows(rows), window, hop, (number) => `class ${options.labels[number]}`, source);
  const labels = Uint16Array.from(windows.begins, (begin) => rows.labels[begin]!);
  const { begins, groups } = windows;
  // What a window is asked for is what holds at its end.
  const targets =
    rows.targets &&
    targetsOf(
      rows.targets,
      begins.map((begin) => begin + window - 1),
    );
  const firstTest = testFrom === undefined ? undefined : [...begins, testFrom].findIndex((begin) => begin >= testFrom);
  const { test, notes } = testOf(strata(targets, labels), groups, firstTest, options, targets === undefined);
  const train = othersOf(begins.length, test);
  const parts = rowParts(values.count, begins, window, test, train);
  const signals: RawSource = {
    rows: values,
    parts,
    shape: [values.width, 1, 1],
    kind: 'signal',
    names: rows.columns.map(featureName),
    type: options.rawType,
    areBytes: rows.areBytes ?? false,
    curve: options.curve,
    constants: options.constants,
    like: options.like,
    isLearnedFrom: normalRows(rows, options),
    source,
  };
  if (wantsFeatures(options)) {
    const { means, ...found } = await momentFeatures(options, signals, { begins, window, test });
    const made = withHop(found, hop, options.like);
    const samples = (bytes: Uint8Array, numbers: Uint32Array) => samplesOf(bytes, numbers, { labels, groups, targets });
    return finish(options, {
      ...made,
      missing: missingOf(rows, options, means),
      output: targets?.output,
      train: samples(made.train.bytes, train),
      test: samples(made.test.bytes, test),
      notes: [...rows.notes, ...windows.notes, ...notes, ...made.notes],
    });
  }
  const kept = await rawSamples(signals);
  const channels = kept.shape[0]!;
  const place = placesIn(parts);
  const cut = (bytes: Uint8Array, numbers: Uint32Array) =>
    samplesOf(
      cutWindows(
        bytes,
        channels,
        Uint32Array.from(numbers, (i) => place[begins[i]!]!),
        window,
      ),
      numbers,
      { labels, groups, targets },
    );
  return finish(options, {
    ...withHop({ raw: kept.raw, shape: [channels, 1, window] as Shape }, hop, options.like),
    missing: missingOf(rows, options, kept.means),
    output: targets?.output,
    train: cut(kept.train.bytes, train),
    test: cut(kept.test.bytes, test),
    notes: [...rows.notes, ...windows.notes, ...notes, ...kept.notes],
  });
}

/** Rows as moments, one after another. */
const momentRows = ({ values, labels, targets, groups, breaks, testFrom }: TableRows): MomentRows => ({
  count: values.count,
  classes: targets ? undefined : labels,
  recordings: groups,
  breaks,
  testFrom,
});

const missingOf = ({ missing = 0 }: TableRows, options: TableOptions, means: readonly number[]): Dataset['missing'] =>
  options.missing === 'mean' ? { count: missing, means } : undefined;

/** The rows of the normal class, where anomalies are looked for. */
function normalRows({ labels }: TableRows, options: TableOptions): ((row: number) => boolean) | undefined {
  if (options.task !== 'anomaly') return undefined;
  const normal = normalClass(options, options.normal);
  return (row) => labels[row] === normal;
}

/** What a division takes equal shares of. */
const strata = (targets: RowTargets | undefined, labels: Uint16Array): Uint16Array =>
  targets ? fifths(targets.values, targets.names.length) : labels;

/** @param testFrom the first sample of the test part, where it is known */
function testOf(
  labels: Uint16Array,
  groups: Uint32Array | undefined,
  testFrom: number | undefined,
  options: TableOptions,
  areClasses: boolean,
): TestChoice {
  if (testFrom === undefined) return chooseTest(labels, groups, options, options.source, areClasses);
  const test = Uint32Array.from({ length: labels.length - testFrom }, (_, i) => testFrom + i);
  return { test, notes: [] };
}

/** 1 for rows of training windows, 0 for rows of test windows, 2 for rows of none. */
function rowParts(
  count: number,
  begins: Uint32Array,
  window: number,
  test: Uint32Array,
  train: Uint32Array,
): Uint8Array {
  const parts = new Uint8Array(count).fill(2);
  for (const i of test) parts.fill(0, begins[i]!, begins[i]! + window);
  for (const i of train) parts.fill(1, begins[i]!, begins[i]! + window);
  return parts;
}

/** For each row its place among those of its part. */
function placesIn(parts: Uint8Array): Uint32Array {
  const next = [0, 0, 0];
  return Uint32Array.from(parts, (part) => next[part]!++);
}

/** What is known of all samples. */
interface Known extends Pick<TableRows, 'labels' | 'groups' | 'targets'> {}

function samplesOf(bytes: Uint8Array, numbers: Uint32Array, { labels, groups, targets }: Known): Samples {
  return {
    count: numbers.length,
    bytes,
    labels: Uint16Array.from(numbers, (i) => labels[i]!),
    ...(targets && { targets: targetsOf(targets, numbers).values }),
    ...(groups && { groups: Uint32Array.from(numbers, (i) => groups[i]!) }),
  };
}

/** The targets of some rows. */
function targetsOf(targets: RowTargets, numbers: Uint32Array): RowTargets {
  const outputs = targets.names.length;
  const values = new Float32Array(numbers.length * outputs);
  for (const [i, row] of numbers.entries()) {
    values.set(targets.values.subarray(row * outputs, (row + 1) * outputs), i * outputs);
  }
  return { ...targets, values };
}

/** Of columns that are the values of channels, one channel after another: what the names of each have in common. */
function channelNames(columns: readonly string[], channels: number): FeatureName[] {
  const length = columns.length / channels;
  return Array.from({ length: channels }, (_, channel) => {
    const names = columns.slice(channel * length, (channel + 1) * length);
    if (names.every((name) => name === names[0])) return featureName(names[0]!);
    const [first, last] = [names[0]!, names.at(-1)!];
    let same = 0;
    while (same < first.length && first[same] === last[same]) same++;
    const prefix = first
      .slice(0, same)
      .replace(/[\s_.:[(-]*\d*$/, '')
      .trim();
    return { name: prefix === '' || prefix === 'column' ? `channel ${channel}` : prefix };
  });
}

async function finish(
  { name, labels, source }: TableOptions,
  parts: Pick<Dataset, 'raw' | 'frontEnd' | 'missing' | 'output' | 'train' | 'test'> & {
    readonly shape: Shape;
    readonly notes: readonly string[];
  },
): Promise<Dataset> {
  const { output, missing, ...rest } = parts;
  const numbers = { training: parts.train.labels, test: parts.test.labels };
  const notes = [...parts.notes, ...(output ? [] : classNotes(labels, numbers, source))];
  return runInSlices(
    datasetSteps({ ...rest, ...(output && { output }), ...(missing && { missing }), name, labels, notes }),
  );
}
