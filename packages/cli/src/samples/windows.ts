// Rows that are moments of a signal as windows, cut where training cuts: where rows were left out, at jumps of time, and where the recording or the class changes.
import type { QuantizedModel } from '@bitnetmcu/models';
import { visibleText, windowOf } from '@bitnetmcu/models/internal';
import { className, type PlainRows, timeJumps, timesOf } from '@bitnetmcu/trainer/internal';
import { CliError } from '../errors.js';
import type { Truth } from '../results/answers.js';
import type { ReadRow } from './gaps.js';
import { type InferSample, rawSample, withFilled } from './sample.js';
import { columnOf, labelColumnOf, type TruthKeys, truthOfWindow } from './truths.js';

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
  moments: Moments,
  keys: WindowKeys,
  source: string,
  say: (note: string) => void,
): InferSample[] {
  const { rows, truths } = moments;
  const { shape, frontEnd } = model.input;
  const [channels, window] = frontEnd ? [frontEnd.channels, windowOf(frontEnd)] : [shape[0]!, shape.at(-1)!];
  const step = typeof keys.hop === 'number' ? keys.hop : Math.max(1, window >> 1);
  const cuts = cutsOf(model, table, moments, keys);
  for (const { what, at } of cuts) {
    if (at.length === 0) continue;
    say(
      `${source}: ${what} ${at.length === 1 ? 'once' : `${at.length} times`}; no window reaches over that, as in training.`,
    );
  }
  const stretches = stretchesOf(rows, new Set(cuts.flatMap(({ at }) => at)));
  const samples: InferSample[] = [];
  for (const [first, end] of stretches) {
    for (let begin = first; begin + window <= end; begin += step) {
      const whole = rows.slice(begin, begin + window) as ReadRow[];
      const numbers = Float64Array.from(
        { length: channels * window },
        (_, i) => whole[i % window]!.numbers[Math.floor(i / window)]!,
      );
      const title = `${source}, rows ${begin + 1} to ${begin + window}`;
      const sample = rawSample(model, title, numbers, truthOfWindow(truths.slice(begin, begin + window)));
      const filled = whole.flatMap((row) => row.filled);
      samples.push(withFilled(sample, filled));
    }
  }
  if (samples.length > 0) return samples;
  const longest = Math.max(0, ...stretches.map(([begin, end]) => end - begin));
  throw new CliError(
    'bad-file',
    `${source} has ${stretches.length === 1 && longest === rows.length ? `${rows.length} rows` : `no ${window} rows that follow each other (at most ${longest}, between gaps and borders)`}; a sample of ${model.name} is a window of ${window}.`,
  );
}

interface Cuts {
  /** What happens there, as a sentence begins: "column 'time' jumps". */
  readonly what: string;
  /** Rows that do not follow the one before. */
  readonly at: readonly number[];
}

function cutsOf({ output }: QuantizedModel, table: PlainRows, { rows, columns }: Moments, keys: WindowKeys): Cuts[] {
  // A number of training's table is none of a table of the values alone.
  const other = (column: number) => (column < 0 || columns.includes(column) ? undefined : column);
  const read = [...rows.keys()].filter((row) => rows[row] !== undefined);
  const title = (column: number) =>
    table.names?.[column] ? `column '${visibleText(table.names[column])}'` : `column ${column} (counted from 0)`;
  const cell = (row: number, column: number) => table.rows[row]!.cells[column] ?? '';
  const changes = (column: number | undefined): Cuts[] => {
    if (column === undefined) return [];
    const at = read.filter((row, i) => i > 0 && className(cell(row, column)) !== className(cell(read[i - 1]!, column)));
    return [{ what: `${title(column)} changes`, at }];
  };
  const time = other(columnOf(table, keys.timeColumn));
  // Values to be predicted and sets of labels change within a window, in training too.
  const hasClasses = output === undefined || output.task === 'anomaly';
  return [
    ...changes(other(columnOf(table, keys.groups))),
    ...(hasClasses ? changes(other(labelColumnOf(table, keys))) : []),
    ...(time === undefined
      ? []
      : [
          {
            what: `${title(time)} jumps`,
            at: timeJumps(timesOf(read.map((row) => cell(row, time)))).jumps.map((i) => read[i]!),
          },
        ]),
  ];
}

/** First row and end of each run of rows without a gap and a cut. */
function stretchesOf(rows: readonly (ReadRow | undefined)[], cuts: ReadonlySet<number>): [number, number][] {
  const stretches: [number, number][] = [];
  let begin = 0;
  for (let row = 0; row <= rows.length; row++) {
    if (row < rows.length && rows[row] !== undefined && !cuts.has(row)) continue;
    if (row > begin) stretches.push([begin, row]);
    begin = rows[row] === undefined ? row + 1 : row;
  }
  return stretches;
}
