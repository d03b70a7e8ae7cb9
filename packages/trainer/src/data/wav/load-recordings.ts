// A data set of recordings: windows of their signals, those of one recording (or voice) all in one part.
import type { RawInput } from '@bitnetmcu/models/internal';
import type { Samples } from '../../engine/engine.js';
import { classNotes } from '../classes.js';
import { type Dataset, datasetSteps } from '../dataset.js';
import { othersOf } from '../divide.js';
import { rawSamples } from '../raw/raw-samples.js';
import { runInSlices } from '../slices.js';
import { cutWindows } from '../windows.js';
import type { RecordingsSpec } from './recordings-spec.js';
import { recordingWindows } from './windows-of-recordings.js';

/** @throws TrainerError `data-not-found` or `invalid-data` with the file or class. */
export async function loadRecordings(spec: RecordingsSpec): Promise<Dataset> {
  const windows = await recordingWindows(spec);
  const { blocks, begins, classes, groups, test, window, hop, labels } = windows;
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
    source: spec.train,
  });
  const next = [0, 0, 0];
  const place = Uint32Array.from(parts, (part) => next[part]!++);
  const samples = (bytes: Uint8Array, numbers: Uint32Array): Samples => ({
    count: numbers.length,
    bytes: cutWindows(
      bytes,
      1,
      Uint32Array.from(numbers, (i) => place[begins[i]!]!),
      window,
    ),
    labels: Uint16Array.from(numbers, (i) => classes[i]!),
    groups: Uint32Array.from(numbers, (i) => groups[i]!),
  });
  const [trained, tested] = [samples(learned.train.bytes, train), samples(learned.test.bytes, test)];
  const raw: RawInput = learned.raw;
  return runInSlices(
    datasetSteps({
      name: spec.kind,
      raw,
      shape: [1, 1, window],
      labels,
      train: trained,
      test: tested,
      notes: [
        ...windows.notes,
        `${spec.train}: ${begins.length} windows of ${window} values at ${windows.rate} Hz, a new one every ${hop}; those of one recording are all in the training or all in the test part.`,
        ...learned.notes,
        ...classNotes(labels, { training: trained.labels, test: tested.labels }, spec.train),
      ],
    }),
  );
}
