// WAV files in class folders as 16-bit signals of one channel, all with the same number of samples a second.
import { basename } from 'node:path';
import { type ClassFile, classFiles, SOUNDS } from '../class-files.js';
import { readBounded } from '../compressed-file.js';
import { DamagedFiles } from '../damaged-files.js';
import type { LoadBudget } from '../load-budget.js';
import { parseWav } from './parse-wav.js';
import { resample } from './resample.js';

/** One file. */
export interface Recording {
  readonly path: string;
  /** Number of its class. */
  readonly label: number;
  /** What it belongs to: files of one group stay in one part. */
  readonly group: string;
  readonly samples: Int16Array;
}

export interface Recordings {
  /** In the order of classes and names. */
  readonly recordings: readonly Recording[];
  /** Samples a second. */
  readonly rate: number;
  readonly notes: readonly string[];
}

export interface ReadRecordingsOptions {
  /** Hz; the lowest that occurs where absent. */
  readonly rate?: number | undefined;
  /** Hz: at most so many where none are given. */
  readonly mostRate?: number | undefined;
  /** Where the rate is from, if it is given; default: the key, which the user or looking at the data may have set. */
  readonly because?: string | undefined;
  readonly groupEnd?: string | undefined;
  readonly skipDamaged: boolean;
  /** Classes that have a folder; absent: all. */
  readonly present?: ReadonlySet<string> | undefined;
}

/**
 * Reads the recordings of all classes: channels mixed to their mean, resampled, rounded to 16 bits.
 * @throws TrainerError `data-not-found`, `invalid-data` with the file.
 */
export async function readRecordings(
  folder: string,
  labels: readonly string[],
  options: ReadRecordingsOptions,
  budget: LoadBudget,
): Promise<Recordings> {
  const { files, notes } = await classFiles(folder, labels, SOUNDS, options.present);
  const damaged = new DamagedFiles(options.skipDamaged);
  const read: (Recording & { readonly rate: number })[] = [];
  let mixed = 0;
  let clipped = 0;
  const load = async (file: ClassFile, to?: number) => {
    const { rate, channels, samples } = parseWav(await readBounded(file.path), file.path);
    const wanted = resample(samples, rate, to ?? rate, file.path);
    budget.take(2 * wanted.length, file.path);
    return { rate, channels, ...toInt16(wanted) };
  };
  for (const file of files) {
    const wav = await damaged.read(() => load(file, options.rate));
    if (wav === undefined) continue;
    if (wav.channels > 1) mixed++;
    if (wav.clipped > 0) clipped++;
    read.push({ path: file.path, label: file.label, group: groupOf(file, options.groupEnd), ...wav });
  }
  const rates = new Map<number, number>();
  for (const { rate } of read) rates.set(rate, (rates.get(rate) ?? 0) + 1);
  const rate = options.rate ?? Math.min(options.mostRate ?? Number.POSITIVE_INFINITY, ...rates.keys());
  const recordings: Recording[] = [];
  for (const one of read) {
    // Without a wanted rate the lowest is known only now.
    const again = options.rate === undefined && one.rate !== rate ? await load({ ...one, name: '' }, rate) : one;
    recordings.push({ path: one.path, label: one.label, group: one.group, samples: again.samples });
  }
  return {
    recordings,
    rate,
    notes: [
      ...notes,
      ...damaged.notes(folder, files.length),
      ...rateNote(folder, rates, rate, options),
      ...(mixed > 0
        ? [`${folder}: ${mixed} of ${read.length} recordings have several channels; their mean is taken.`]
        : []),
      ...(clipped > 0
        ? [
            `${folder}: ${clipped} of ${read.length} recordings go beyond full scale (floats over 1, or overshoot of resampling) and are clipped there.`,
          ]
        : []),
    ],
  };
}

/** One file as recordings are read: mixed, at `rate` samples a second, 16 bits. @throws TrainerError `invalid-data`. */
export function wavSamples(file: Uint8Array, rate: number, source: string): Int16Array {
  const wav = parseWav(file, source);
  return toInt16(resample(wav.samples, wav.rate, rate, source)).samples;
}

/** To the nearest, halves up, within 16 bits. */
function toInt16(samples: Float32Array): { samples: Int16Array; clipped: number } {
  let clipped = 0;
  const whole = new Int16Array(samples.length);
  for (let i = 0; i < samples.length; i++) {
    const rounded = Math.floor(samples[i]! + 0.5);
    const kept = Math.max(-32_768, Math.min(32_767, rounded));
    whole[i] = kept;
    if (kept !== rounded) clipped++;
  }
  return { samples: whole, clipped };
}

function groupOf({ path, label }: ClassFile, end: string | undefined): string {
  const name = basename(path);
  const at = end === undefined ? -1 : name.indexOf(end);
  // A voice may say the words of all classes; a file is of its own folder only.
  return at > 0 ? name.slice(0, at) : `${label}/${name}`;
}

function rateNote(
  folder: string,
  rates: ReadonlyMap<number, number>,
  rate: number,
  { rate: given, mostRate, because = '--data-rate, key `rate`' }: ReadRecordingsOptions,
): string[] {
  const others = [...rates].filter(([found]) => found !== rate);
  if (others.length === 0) return [];
  const listed = others.map(([found, count]) => `${count} of ${found} Hz`).join(', ');
  const chosen = rate === mostRate ? 'the most that is wanted' : 'the lowest that occurs';
  return [
    `${folder}: recordings are brought to ${rate} samples a second (${given === undefined ? `${chosen}; --data-rate, key \`rate\`` : because}): ${listed}.`,
  ];
}
