// A data set of recordings: windows of their signals, those of one recording (or voice) all in one part.
import type { Samples } from '../../engine/engine.js';
import { TrainerError } from '../../errors.js';
import { classNotes } from '../classes.js';
import { type Dataset, datasetSteps } from '../dataset.js';
import { othersOf } from '../divide.js';
import { type FeatureSamples, featureSamples } from '../raw/feature-samples.js';
import { rawSamples } from '../raw/raw-samples.js';
import { wantsFeatures } from '../raw/signal-features.js';
import { withHop } from '../raw/stream-hop.js';
import type { ModelInput } from '../read-like.js';
import { runInSlices } from '../slices.js';
import { cutWindows } from '../windows.js';
import type { RecordingsSpec } from './recordings-spec.js';
import { type RecordingWindows, recordingWindows } from './windows-of-recordings.js';

/** @throws TrainerError `data-not-found` or `invalid-data` with the file or class. */
export async function loadRecordings(spec: RecordingsSpec, like?: ModelInput): Promise<Dataset> {
  const windows = await recordingWindows(spec, like);
  return wantsFeatures({ ...spec, like }) ? ofFeatures(spec, windows, like) : ofSignals(spec, windows, like);
}

async function ofSignals(spec: RecordingsSpec, windows: RecordingWindows, like?: ModelInput): Promise<Dataset> {
  const { blocks, begins, test, window } = windows;
  const train = othersOf(begins.length, test);
  const count = blocks.reduce((sum, { length }) => sum + length, 0);
  const parts = new Uint8Array(count).fill(2);
  for (const i of test) parts.fill(0, begins[i]!, begins[i]! + window);
  for (const i of train) parts.fill(1, begins[i]!, begins[i]! + window);
  const learned = await rawSamples({
    rows: { count, width: 1, blocks: blocks.map((values) => ({ values, rows: values.length })) },
    parts,
    shape: [1, 1, 1],
    kind: 'signal',
    names: [{ name: 'sound' }],
    type: spec.rawType,
    areBytes: false,
    areTyped: spec.rawType === 'i16',
    constants: 'keep',
    like,
    source: spec.train,
  });
  const next = [0, 0, 0];
  const place = Uint32Array.from(parts, (part) => next[part]!++);
  const cut = (bytes: Uint8Array, numbers: Uint32Array) =>
    cutWindows(
      bytes,
      1,
      Uint32Array.from(numbers, (i) => place[begins[i]!]!),
      window,
    );
  return finish(
    spec,
    windows,
    {
      raw: learned.raw,
      shape: [1, 1, window],
      train: cut(learned.train.bytes, train),
      test: cut(learned.test.bytes, test),
      notes: learned.notes,
    },
    like,
  );
}

async function ofFeatures(spec: RecordingsSpec, windows: RecordingWindows, like?: ModelInput): Promise<Dataset> {
  if (spec.rawType !== 'i16') {
    throw new TrainerError(
      'invalid-data',
      `${spec.train}: features are computed from int16, and --data-raw-type ${spec.rawType} (key \`rawType\`) was given. Leave it out.`,
    );
  }
  const { blocks, begins, test, window, rate } = windows;
  const sound = new Int16Array(blocks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const block of blocks) {
    sound.set(block, at);
    at += block.length;
  }
  const parts = new Uint8Array(begins.length).fill(1);
  for (const i of test) parts[i] = 0;
  const { means: _, ...made } = await featureSamples(spec, {
    ...{
      channels: 1,
      window,
      rate,
      decimals: [0],
      source: spec.train,
      names: [{ name: 'sound' }],
      clamped: 0,
      means: [0],
      parts,
      like,
    },
    at: (i, _, step) => sound[begins[i]! + step]!,
  });
  return finish(spec, windows, { ...made, train: made.train.bytes, test: made.test.bytes }, like);
}

interface Made extends Pick<FeatureSamples, 'raw' | 'shape' | 'notes'>, Pick<Dataset, 'frontEnd'> {
  /** Bytes of the windows of each part, in order. */
  readonly train: Uint8Array;
  readonly test: Uint8Array;
}

function finish(
  spec: RecordingsSpec,
  windows: RecordingWindows,
  { notes, ...found }: Made,
  like: ModelInput | undefined,
): Promise<Dataset> {
  const made = withHop(found, windows.hop, like);
  const { labels, begins, classes, groups, window, rate, hop } = windows;
  const samples = (bytes: Uint8Array, numbers: Uint32Array): Samples => ({
    count: numbers.length,
    bytes,
    labels: Uint16Array.from(numbers, (i) => classes[i]!),
    groups: Uint32Array.from(numbers, (i) => groups[i]!),
  });
  const train = samples(made.train, othersOf(begins.length, windows.test));
  const test = samples(made.test, windows.test);
  return runInSlices(
    datasetSteps({
      ...made,
      name: spec.kind,
      labels,
      train,
      test,
      notes: [
        ...windows.notes,
        `${spec.train}: ${begins.length} windows of ${window} values at ${rate} Hz, a new one every ${hop}; those of one recording are all in the training or all in the test part.`,
        ...notes,
        ...classNotes(labels, { training: train.labels, test: test.labels }, spec.train),
      ],
    }),
  );
}
