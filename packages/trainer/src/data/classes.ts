// Whether labels make classes: no gaps in their numbers, and not a quantity that somebody wants predicted.
import { TrainerError } from '../errors.js';

/** Fewer samples than this may well be of a class each. */
const FEW_SAMPLES = 20;
/** More different fractions than this are measurements, not classes. */
const MANY_FRACTIONS = 20;
/** More different whole numbers than this, with fewer samples each than that, are so too. */
const MANY_NUMBERS = 20;
const SAMPLES_OF_NUMBER = 4;

/**
 * Refuses labels that are a quantity, or names of samples.
 * @param names the different labels
 * @throws TrainerError `invalid-data`
 */
export function checkAreClasses(names: readonly string[], samples: number, source: string): void {
  const areNumbers = names.every((name) => name.trim() !== '' && Number.isFinite(Number(name)));
  const hasFractions = areNumbers && names.some((name) => !Number.isInteger(Number(name)));
  const nearlyAllDiffer = samples >= FEW_SAMPLES && 2 * names.length > samples;
  const manyNumbers = areNumbers && names.length > MANY_NUMBERS && SAMPLES_OF_NUMBER * names.length > samples;
  if (!(hasFractions && names.length > MANY_FRACTIONS) && !nearlyAllDiffer && !manyNumbers) return;
  const guess = areNumbers
    ? 'This looks like regression, a number to be predicted: say --task regression (key `task`), make classes of ranges, or name another class column or array'
    : 'These look like names of samples, not of classes: name the class column with --label, or another array';
  throw new TrainerError(
    'invalid-data',
    `${source}: ${names.length} different labels (${names.slice(0, 5).join(', ')}, …) for ${samples} samples. ${guess}.`,
  );
}

/**
 * "0", "1", … up to the largest label.
 * @param labels those of the training part
 * @throws TrainerError `invalid-data` for numbers below it that no sample has.
 */
export function numberedClasses(labels: Uint16Array, source: string): string[] {
  const counts = new Uint32Array(65_536);
  let largest = 0;
  for (const label of labels) {
    counts[label]!++;
    if (label > largest) largest = label;
  }
  const used = [...counts.keys()].filter((label) => counts[label]! > 0);
  checkAreClasses(used.map(String), labels.length, source);
  const empty = ranges([...counts.keys()].slice(0, largest).filter((label) => counts[label] === 0));
  if (labels.length > 0 && empty.length > 0) {
    const samples = `${counts[largest]} sample${counts[largest] === 1 ? '' : 's'}`;
    throw new TrainerError(
      'invalid-data',
      `${source}: labels go up to ${largest} (${samples}), but no training sample has ${empty.slice(0, 10).join(', ')}${empty.length > 10 ? ', …' : ''}. Correct the labels, count classes from 0 without gaps, or name all ${largest + 1} classes with --data-labels (key \`labels\`).`,
    );
  }
  return Array.from({ length: largest + 1 }, (_, label) => String(label));
}

/** Ascending numbers as "3" and "10 to 41". */
function ranges(numbers: readonly number[]): string[] {
  const found: [number, number][] = [];
  for (const number of numbers) {
    const last = found.at(-1);
    if (last && last[1] === number - 1) last[1] = number;
    else found.push([number, number]);
  }
  return found.map(([from, to]) => (from === to ? `${from}` : `${from} to ${to}`));
}

const NOTHING_TO_TELL = '; there is nothing to tell apart.';

/** Whether a note is that of one class. */
export function saysOneClass(note: string): boolean {
  return note.endsWith(NOTHING_TO_TELL);
}

/** What users should know of the classes of a data set: only one of them, or some without a sample in a part. */
export function classNotes(
  labels: readonly string[],
  parts: Readonly<Record<'training' | 'test', Uint16Array>>,
  source: string,
): string[] {
  if (labels.length === 1) return [`${source}: all samples are of one class, '${labels[0]}'${NOTHING_TO_TELL}`];
  return Object.entries(parts).flatMap(([part, numbers]) => {
    const present = new Set(numbers);
    const absent = labels.filter((_, label) => !present.has(label));
    if (absent.length === 0) return [];
    const shown = `${absent.slice(0, 10).join(', ')}${absent.length > 10 ? ', …' : ''}`;
    return [
      `${source}: the ${part} part has no sample of ${absent.length === 1 ? 'class' : `${absent.length} classes:`} ${shown}.`,
    ];
  });
}
