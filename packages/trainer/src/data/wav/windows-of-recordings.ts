// Windows of recordings, cut and divided into parts so that those of one recording (or voice) are all in one.
import { TrainerError } from '../../errors.js';
import { classFoldersOf, SOUNDS } from '../class-files.js';
import { chooseTest, requireWholeRecordings } from '../divide.js';
import { LoadBudget } from '../load-budget.js';
import type { ModelInput } from '../read-like.js';
import { type Recording, readRecordings } from './read-recordings.js';
import type { RecordingsSpec } from './recordings-spec.js';

/** The longest window that there is. */
const MAX_WINDOW = 65_535;

/** Windows of recordings, before anything is learned from them. */
export interface RecordingWindows {
  /** Class names. */
  readonly labels: readonly string[];
  /** Samples a second. */
  readonly rate: number;
  /** Values of a window, and from one to the next. */
  readonly window: number;
  readonly hop: number;
  /** All recordings one after another, each at least a window long; 16 bits. */
  readonly blocks: readonly Int16Array[];
  /** First value of each window, counted over all blocks. */
  readonly begins: Uint32Array;
  /** Class and group of each window. */
  readonly classes: Uint16Array;
  readonly groups: Uint32Array;
  /** Numbers of the windows of the test part, ascending. */
  readonly test: Uint32Array;
  readonly notes: readonly string[];
}

/** As asked; else a second of sound, or the longest recording where that is shorter, and half of it from one to the next. */
export function windowOf(
  recordings: readonly Recording[],
  rate: number,
  asked: { readonly window?: number | undefined; readonly hop?: number | undefined },
): { window: number; hop: number } {
  const longest = recordings.reduce((most, { samples }) => Math.max(most, samples.length), 1);
  const window = asked.window ?? Math.min(rate, longest, MAX_WINDOW);
  return { window, hop: asked.hop ?? Math.max(1, window >> 1) };
}

/** Reads and cuts; what front ends begin with. @throws TrainerError as `loadRecordings`. */
export async function recordingWindows(spec: RecordingsSpec, like?: ModelInput): Promise<RecordingWindows> {
  requireWholeRecordings(spec, spec.train);
  const budget = new LoadBudget();
  const { labels, own } = await classFoldersOf(spec, like, SOUNDS);
  const train = await readRecordings(spec.train, labels, { ...spec, present: own.train }, budget);
  const test =
    spec.test === undefined
      ? undefined
      : await readRecordings(
          spec.test,
          labels,
          { ...spec, rate: train.rate, because: 'as the training part', present: own.test },
          budget,
        );
  const all = [...train.recordings, ...(test?.recordings ?? [])];
  const { window, hop } = windowOf(train.recordings, train.rate, spec);
  const cut = cutRecordings(all, window, hop);
  const testFrom = test && cut.recordingOf.findIndex((recording) => recording >= train.recordings.length);
  if (testFrom === undefined) requireTwoGroups(all, labels, spec.train);
  const chosen =
    testFrom === undefined
      ? chooseTest(cut.classes, cut.groups, spec, spec.train)
      : { test: Uint32Array.from({ length: cut.classes.length - testFrom }, (_, i) => testFrom + i), notes: [] };
  return {
    labels,
    rate: train.rate,
    window,
    hop,
    blocks: cut.blocks,
    begins: cut.begins,
    classes: cut.classes,
    groups: cut.groups,
    test: chosen.test,
    notes: [...train.notes, ...(test?.notes ?? []), ...shortNote(all, window, spec), ...chosen.notes],
  };
}

function cutRecordings(recordings: readonly Recording[], window: number, hop: number) {
  const numbers = new Map<string, number>();
  const begins: number[] = [];
  const recordingOf: number[] = [];
  const blocks: Int16Array[] = [];
  let at = 0;
  for (const [i, { samples, group }] of recordings.entries()) {
    if (!numbers.has(group)) numbers.set(group, numbers.size);
    const block = samples.length >= window ? samples : new Int16Array(window);
    if (block !== samples) block.set(samples);
    blocks.push(block);
    for (let begin = 0; begin + window <= block.length; begin += hop) {
      begins.push(at + begin);
      recordingOf.push(i);
    }
    at += block.length;
  }
  return {
    blocks,
    recordingOf,
    begins: Uint32Array.from(begins),
    classes: Uint16Array.from(recordingOf, (i) => recordings[i]!.label),
    groups: Uint32Array.from(recordingOf, (i) => numbers.get(recordings[i]!.group)!),
  };
}

/** One part each, at least. */
function requireTwoGroups(recordings: readonly Recording[], labels: readonly string[], source: string): void {
  for (const [label, name] of labels.entries()) {
    const groups = new Set(recordings.filter((one) => one.label === label).map(({ group }) => group));
    if (groups.size !== 1) continue;
    throw new TrainerError(
      'invalid-data',
      `${source}: class ${name} has one recording (or group) only, and the windows of one are never in both parts. Record it again, cut the file in two, or give a test folder with --data-test (key \`test\`).`,
    );
  }
}

function shortNote(recordings: readonly Recording[], window: number, { train }: RecordingsSpec): string[] {
  const short = recordings.filter(({ samples }) => samples.length < window);
  if (short.length === 0) return [];
  return [
    `${train}: ${short.length} of ${recordings.length} recordings are shorter than a window of ${window} values, and end in silence (zeros); the first is ${short[0]!.path}. A shorter window: --window (key \`window\`).`,
  ];
}
