// Rows that are moments of a signal as windows, cut where training cuts: where rows were left out, at jumps of time, and where the recording or the class changes.
import type { QuantizedModel } from '@bitnetmcu/models';
import { visibleText, windowOf } from '@bitnetmcu/models/internal';
import {
  className,
  columnNumber,
  findStretches,
  type MomentRows,
  type PlainRows,
  timeJumps,
  timesOf,
} from '@bitnetmcu/trainer/internal';
import { CliError } from '../errors.js';
import type { Truth } from '../results/answers.js';
import type { ReadRow } from './gaps.js';
import { hopOf, type InferSample, rawSample, withFilled } from './sample.js';
import { type TruthKeys, truthOfWindow } from './truths.js';

/** What of the training's data spec says how moments become windows. */
export interface WindowKeys extends TruthKeys {
  readonly window?: unknown;
  readonly hop?: unknown;
  readonly groups?: unknown;
  readonly timeColumn?: unknown;
}

/** The moments of a table. */
export interface Moments {
  /** Undefined for a row that is left out. */
  readonly rows: readonly (ReadRow | undefined)[];
  readonly truths: readonly Truth[];
  /** Columns that values are read from. */
  readonly columns: readonly number[];
}

/**
 * Windows as long as the model's input, a hop apart; none reaches over a cut.
 * @param say hears of cuts
 * @throws CliError `bad-file` where no stretch is as long as a window
 */
export function windowsOf(
  model: QuantizedModel,
  table: PlainRows,
  { rows, truths, columns }: Moments,
  keys: WindowKeys,
  source: string,
  say: (note: string) => void,
): InferSample[] {
  const { shape, frontEnd } = model.input;
  const [channels, window] = frontEnd ? [frontEnd.channels, windowOf(frontEnd)] : [shape[0]!, shape.at(-1)!];
  const step = hopOf(model, keys.hop, window);
  // Rows that are left out are passed over; where they were, nothing follows.
  const read = [...rows.keys()].filter((row) => rows[row] !== undefined);
  const moments = momentsOf(model, table, read, columns, keys, source, say);
  const stretches = findStretches(moments);
  const samples: InferSample[] = [];
  for (const { begin: first, end } of stretches) {
    for (let begin = first; begin + window <= end; begin += step) {
      const numbersOfRows = read.slice(begin, begin + window);
      const whole = numbersOfRows.map((row) => rows[row]!);
      const numbers = Float64Array.from(
        { length: channels * window },
        (_, i) => whole[i % window]!.numbers[Math.floor(i / window)]!,
      );
      const title = `${source}, rows ${numbersOfRows[0]! + 1} to ${numbersOfRows.at(-1)! + 1}`;
      const truth = truthOfWindow(numbersOfRows.map((row) => truths[row]!));
      samples.push(
        withFilled(
          rawSample(model, title, numbers, truth),
          whole.flatMap((row) => row.filled),
        ),
      );
    }
  }
  if (samples.length > 0) return samples;
  const longest = Math.max(0, ...stretches.map(({ begin, end }) => end - begin));
  throw new CliError(
    'bad-file',
    `${source} has ${stretches.length === 1 && longest === rows.length ? `${rows.length} rows` : `no ${window} rows that follow each other (at most ${longest}, between gaps and borders)`}; a sample of ${model.name} is a window of ${window}.`,
  );
}

/** The rows that are read, as training divides them; what divides them is said. */
function momentsOf(
  { output }: QuantizedModel,
  { names, rows }: PlainRows,
  read: readonly number[],
  columns: readonly number[],
  keys: WindowKeys,
  source: string,
  say: (note: string) => void,
): MomentRows {
  const cells = (column: number) => read.map((row) => rows[row]!.cells[column]!);
  // A number of training's table is none of a table of the values alone.
  const named = (asked: unknown) => {
    const column = typeof asked === 'string' || typeof asked === 'number' ? columnNumber(names, asked) : -1;
    return column < 0 || column >= rows[0]!.cells.length || columns.includes(column) ? undefined : column;
  };
  const sayCuts = (column: number, what: string, count: number) => {
    const title = names?.[column] ? `column '${visibleText(names[column])}'` : `column ${column} (counted from 0)`;
    const times = count === 1 ? 'once' : `${count} times`;
    if (count > 0) say(`${source}: ${title} ${what} ${times}; no window reaches over that, as in training.`);
  };
  const numbersOf = (column: number | undefined): readonly number[] | undefined => {
    if (column === undefined) return undefined;
    const known = new Map<string, number>();
    const numbers = cells(column).map((cell) => {
      const name = className(cell);
      const number = known.get(name) ?? known.size;
      known.set(name, number);
      return number;
    });
    sayCuts(column, 'changes', numbers.filter((number, i) => i > 0 && number !== numbers[i - 1]).length);
    return numbers;
  };
  // Values to be predicted and sets of labels change within a window, in training too.
  const hasClasses = output === undefined || output.task === 'anomaly';
  const recordings = numbersOf(named(keys.groups));
  const classes = hasClasses ? numbersOf(named(keys.labelColumn)) : undefined;
  const time = named(keys.timeColumn);
  const jumps = time === undefined ? [] : timeJumps(timesOf(cells(time))).jumps;
  if (time !== undefined) sayCuts(time, 'jumps', jumps.length);
  const gaps = [...read.keys()].filter((i) => i > 0 && read[i] !== read[i - 1]! + 1);
  return { count: read.length, recordings, classes, breaks: [...jumps, ...gaps] };
}
