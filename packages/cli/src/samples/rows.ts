// Rows of numbers, from a CSV file or standard input, as samples: columns by name where there is a header, else by their order.
import { type QuantizedModel, quantizeInput } from '@bitnetmcu/models';
import { visibleText, windowOf } from '@bitnetmcu/models/internal';
import { type DataSpec, type PlainRows, readPlainRows } from '@bitnetmcu/trainer/internal';
import { CliError } from '../errors.js';
import type { Truth } from '../results/answers.js';
import { byteOf, rangeOf } from './bytes.js';
import { gapRules, type ReadRow, readRow } from './gaps.js';
import { type InferSample, rawSample, sampleSize } from './sample.js';
import { labelColumnOf, type TruthKeys, truthOfWindow, truthsOf } from './truths.js';

/** Name of the values of standard input. */
export const STANDARD_INPUT = '-';

/** What of the training's data spec says how rows become samples. */
interface RowKeys extends TruthKeys {
  readonly window?: unknown;
  readonly hop?: unknown;
}

/**
 * All samples of a table.
 * @param path or `-`, with the bytes of standard input
 * @param say what is to be known of the table as a whole
 * @throws CliError `bad-file` naming line and column; TrainerError `data-not-found`, `invalid-data`
 */
export async function readRows(
  model: QuantizedModel,
  path: string,
  data: DataSpec | undefined,
  say: (note: string) => void,
  bytes?: AsyncIterable<Uint8Array>,
): Promise<InferSample[]> {
  const source = path === STANDARD_INPUT ? 'Standard input' : visibleText(path);
  const { raw, frontEnd } = model.input;
  const keys: RowKeys = data?.kind === 'csv' || data?.kind === 'csv-folder' ? data : {};
  const names = ((frontEnd ? frontEnd.names : raw?.features) ?? []).map(({ name }) => name);
  const size = sampleSize(model);
  const known = raw ? names : [];
  // A signal's table has a row a moment, or a row a window.
  const isSignal = frontEnd !== undefined || raw?.kind === 'signal';
  const oneColumn = (isSignal ? (frontEnd?.channels ?? names.length) : size) === 1;
  const table = await readPlainRows(bytes ?? path, source, { known, oneColumn });
  if (table.rows.length === 0) throw new CliError('bad-file', `${source} has no row of numbers.`);
  const isMoments = isSignal && (keys.window !== undefined || table.rows[0]!.cells.length < size);
  const wanted = isMoments ? (frontEnd?.channels ?? names.length) : size;
  const columns = columnsFor(
    table,
    raw && names.length > 0 && (isMoments || (!frontEnd && raw.kind === 'table')) ? names : undefined,
    wanted,
    keys,
    source,
  );
  // A window in one row has all moments of a channel side by side.
  const run = isSignal && !isMoments ? size / (frontEnd?.channels ?? model.input.shape[0]!) : 1;
  const rules = gapRules(model, data, columns.length, run);
  const rows = table.rows.map((row) => readRow(row, columns, rules, table, source));
  const leftOut = rows.filter((row) => row === undefined).length;
  if (leftOut > 0) {
    say(`${source}: ${leftOut} ${leftOut === 1 ? 'row' : 'rows'} with something missing left out, as in training.`);
  }
  const truths = truthsOf(table, keys, model);
  if (isMoments) return windowsOf(model, rows, truths, keys, source);
  return rows.flatMap((row, i) => {
    if (row === undefined) return [];
    const title = `${source}, line ${row.line}`;
    const sample = raw
      ? rawSample(model, title, row.numbers, truths[i])
      : byteSample(model, title, row.numbers, data, truths[i]);
    return [withFilled(sample, row.filled)];
  });
}

/** At the size of a window, its gaps are counted. */
function withFilled(sample: InferSample, filled: readonly string[]): InferSample {
  if (filled.length === 0) return sample;
  const counts = new Map<string, number>();
  for (const name of filled) counts.set(name, (counts.get(name) ?? 0) + 1);
  return { ...sample, filled: [...counts].map(([name, count]) => (count === 1 ? name : `${name} (${count} values)`)) };
}

/** Numbers of the columns that are read, in the model's order. @throws CliError `bad-file` */
function columnsFor(
  { names, rows }: PlainRows,
  features: readonly string[] | undefined,
  wanted: number,
  keys: RowKeys,
  source: string,
): number[] {
  const width = rows[0]!.cells.length;
  if (names !== undefined && features !== undefined) {
    const found = features.map((feature) => names.indexOf(feature));
    const missing = features.filter((_, i) => found[i]! < 0);
    if (missing.length === 0) return found;
    if (missing.length < features.length) {
      throw new CliError(
        'bad-file',
        `${source} has no column ${missing.map(visibleText).join(', ')}; its columns are ${names.map(visibleText).join(', ')}. The model wants ${features.map(visibleText).join(', ')}.`,
      );
    }
  }
  // Features of a table without names are called by their number.
  const numbered = features?.map((feature) => /^column (\d+)$/.exec(feature)?.[1]).map(Number);
  if (width > wanted && numbered?.every((column) => Number.isInteger(column) && column < width)) return numbered;
  const all = Array.from({ length: width }, (_, i) => i);
  const label = labelColumnOf({ names }, keys);
  const others = all.filter((column) => column !== label);
  if (width === wanted) return all;
  if (others.length === wanted) return others;
  throw new CliError(
    'bad-file',
    `${source} has ${width} columns, ${wanted} are wanted${features ? ` (${features.map(visibleText).join(', ')})` : ''}. Give a header with these names, or these columns alone.`,
  );
}

/** Windows of moments, as long as the model's input, a hop apart; none reaches over a row that is left out. */
function windowsOf(
  model: QuantizedModel,
  moments: readonly (ReadRow | undefined)[],
  truths: readonly Truth[],
  { hop }: RowKeys,
  source: string,
): InferSample[] {
  const { shape, frontEnd } = model.input;
  const [channels, window] = frontEnd ? [frontEnd.channels, windowOf(frontEnd)] : [shape[0]!, shape.at(-1)!];
  const step = typeof hop === 'number' ? hop : Math.max(1, window >> 1);
  const samples: InferSample[] = [];
  for (let begin = 0; begin + window <= moments.length; ) {
    const rows = moments.slice(begin, begin + window);
    const gap = rows.lastIndexOf(undefined);
    if (gap >= 0) {
      begin += gap + 1;
      continue;
    }
    const whole = rows as ReadRow[];
    const numbers = Float64Array.from(
      { length: channels * window },
      (_, i) => whole[i % window]!.numbers[Math.floor(i / window)]!,
    );
    const title = `${source}, rows ${begin + 1} to ${begin + window}`;
    const sample = rawSample(model, title, numbers, truthOfWindow(truths.slice(begin, begin + window)));
    samples.push(
      withFilled(
        sample,
        whole.flatMap(({ filled }) => filled),
      ),
    );
    begin += step;
  }
  if (samples.length > 0) return samples;
  const whole = moments.every((row) => row !== undefined);
  throw new CliError(
    'bad-file',
    `${source} has ${whole ? `${moments.length} rows` : `no ${window} rows without a gap`}; a sample of ${model.name} is a window of ${window}.`,
  );
}

function byteSample(
  model: QuantizedModel,
  title: string,
  numbers: readonly number[],
  data: DataSpec | undefined,
  truth: Truth | undefined,
): InferSample {
  const range = rangeOf(data);
  let outside = 0;
  const values = Uint8Array.from(numbers, (value) => {
    const byte = byteOf(value, range);
    if (byte.isOutside) outside++;
    return byte.value;
  });
  return {
    title,
    values,
    input: quantizeInput(model, values),
    ...truth,
    clamped: outside === 0 ? [] : [`${outside} values outside ${range.join(' … ')}`],
    isPicture: model.input.shape.length === 3 && model.input.shape[1] > 1,
  };
}
