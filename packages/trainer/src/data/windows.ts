// Rows that are moments of a signal as samples: windows within one recording and one class, cut so that none is in both parts.
import { TrainerError } from '../errors.js';

/** Rows, one a moment, in the order of time within a recording. */
export interface MomentRows {
  readonly count: number;
  /** Class number of each row; a window has one class only. Absent: values that change all the time. */
  readonly classes?: ArrayLike<number> | undefined;
  /** Number of the recording of each row. */
  readonly recordings?: ArrayLike<number> | undefined;
  /** Rows that do not follow the one before: something in between was left out. */
  readonly breaks: readonly number[];
  /** The first row of the test part, where that is known. */
  readonly testFrom?: number | undefined;
}

export interface Windows {
  /** First row of each window. */
  readonly begins: Uint32Array;
  /** The recording (or stretch of one) of each window: those of one overlap, and stay together. */
  readonly groups: Uint32Array;
  readonly notes: readonly string[];
}

export interface Stretch {
  readonly begin: number;
  readonly end: number;
  readonly class: number;
  readonly recording: number;
}

/** Stretches of each class that are wanted, that one of them can be the test part. */
const STRETCHES_WANTED = 7;
/** Recordings that are known as such stay whole where a class has so many. */
const RECORDINGS_WANTED = 2;
/** A recording is cut into pieces of at least so many windows, in hops. */
const PIECE_HOPS = 4;

/**
 * Windows of `length` rows, a new one every `hop`. Recordings stay whole; where a class has one only (or, where none are known, comes in fewer than 7
 * stretches), they are cut into pieces, and no window reaches over a cut. Where the test part is known it is never cut, and training only where a class
 * has one recording or stretch: of several, validation takes whole ones.
 * @param class names, for messages
 * @throws TrainerError `invalid-data` where no stretch is as long as a window.
 */
export function findWindows(
  rows: MomentRows,
  length: number,
  hop: number,
  className: (number: number) => string,
  source: string,
): Windows {
  const stretches = findStretches(rows);
  const { testFrom = rows.count } = rows;
  const perClass = new Map<number, Set<number>>();
  for (const { class: number, recording } of stretches.filter(({ begin }) => begin < testFrom)) {
    perClass.set(number, (perClass.get(number) ?? new Set()).add(recording));
  }
  const isWhole = rows.recordings !== undefined || rows.testFrom !== undefined;
  const wanted = isWhole ? RECORDINGS_WANTED : STRETCHES_WANTED;
  const cut = new Set([...perClass].filter(([, recordings]) => recordings.size < wanted).map(([number]) => number));
  const begins: number[] = [];
  const groups: number[] = [];
  const groupNumbers = new Map<string, number>();
  const covered = new Set<number>();
  let pieces = 0;
  for (const stretch of stretches) {
    const isCut = cut.has(stretch.class) && stretch.begin < testFrom;
    const parts = isCut ? piecesOf(stretch, length, hop) : [stretch];
    for (const [i, { begin, end }] of parts.entries()) {
      const key = isCut ? `${stretch.begin}/${i}` : `${stretch.recording}`;
      const group = groupNumbers.get(key) ?? groupNumbers.size;
      groupNumbers.set(key, group);
      for (let at = begin; at + length <= end; at += hop) {
        begins.push(at);
        groups.push(group);
        covered.add(stretch.class);
      }
    }
    if (parts.length > 1) pieces += parts.length;
  }
  const without = [...perClass.keys()].filter((number) => !covered.has(number));
  if (without.length > 0) {
    const longest = Math.max(
      ...stretches.filter((one) => one.class === without[0]).map(({ begin, end }) => end - begin),
    );
    throw new TrainerError(
      'invalid-data',
      `${source}: no stretch of ${className(without[0]!)} is as long as a window of ${length} rows; the longest has ${longest}. Take a shorter one with --window (key \`window\`).`,
    );
  }
  return {
    begins: Uint32Array.from(begins),
    groups: Uint32Array.from(groups),
    notes: [
      `${source}: ${begins.length} windows of ${length} rows, a new one every ${hop}; no window of the test part overlaps one of the training part.`,
      ...(pieces > 0 ? [`${source}: ${cutNote(rows, pieces)}.`] : []),
    ],
  };
}

/**
 * What single rows belong to that depend on their neighbours: as of `findWindows`, recordings, stretches of a class, or pieces of those. Of each row
 * the number of it.
 */
export function findBlocks(rows: MomentRows, source: string): Pick<Windows, 'groups' | 'notes'> {
  const { groups, notes } = findWindows(rows, 1, 1, String, source);
  const blocks = new Set(groups).size;
  return {
    groups,
    notes: [
      `${source}: neighbouring rows are in the same part: ${blocks} blocks of ${Math.round(rows.count / blocks)} rows on average.`,
      ...notes.slice(1),
    ],
  };
}

function cutNote({ classes, recordings, testFrom }: MomentRows, pieces: number): string {
  const few = recordings
    ? 'one recording'
    : testFrom === undefined
      ? `fewer than ${STRETCHES_WANTED} stretches`
      : 'one stretch';
  const areClasses = classes !== undefined && new Set(Array.from(classes)).size > 1;
  const cut = `${areClasses ? 'some classes come' : 'the rows come'} in ${few}, so that these are cut into ${pieces} pieces`;
  return testFrom === undefined
    ? `${cut} to have ${areClasses ? 'all classes' : 'some'} in both parts; the score says less of new recordings than with more of them`
    : `${cut}, of which some can be held out for validation; the test part is not cut`;
}

/** Rows that follow each other with one class and one recording. Without recordings every stretch of a class is one. */
export function findStretches({ count, classes, recordings, breaks }: MomentRows): Stretch[] {
  const isBreak = new Set(breaks);
  const stretches: Stretch[] = [];
  for (let begin = 0, row = 1; row <= count; row++) {
    const goesOn =
      row < count &&
      !isBreak.has(row) &&
      classes?.[row] === classes?.[begin] &&
      recordings?.[row] === recordings?.[begin];
    if (goesOn) continue;
    const recording = recordings?.[begin] ?? stretches.length;
    stretches.push({ begin, end: row, class: classes?.[begin] ?? 0, recording });
    begin = row;
  }
  return stretches;
}

/** Equal pieces, at most 7, each of several windows where the stretch is long enough. */
function piecesOf({ begin, end }: Stretch, length: number, hop: number): { begin: number; end: number }[] {
  const shortest = length + PIECE_HOPS * hop;
  const count = Math.max(1, Math.min(STRETCHES_WANTED, Math.floor((end - begin) / shortest)));
  const size = (end - begin) / count;
  return Array.from({ length: count }, (_, i) => ({
    begin: begin + Math.round(i * size),
    end: begin + Math.round((i + 1) * size),
  }));
}

/** Windows of rows of bytes, channel after channel. @param channels bytes of a row */
export function cutWindows(rows: Uint8Array, channels: number, begins: ArrayLike<number>, length: number): Uint8Array {
  const bytes = new Uint8Array(begins.length * channels * length);
  let at = 0;
  for (let i = 0; i < begins.length; i++) {
    const begin = begins[i]! * channels;
    for (let channel = 0; channel < channels; channel++) {
      for (let t = 0; t < length; t++) bytes[at++] = rows[begin + t * channels + channel]!;
    }
  }
  return bytes;
}
