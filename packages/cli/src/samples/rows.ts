// Rows of numbers, from a CSV file or standard input, as samples: columns by name where there is a header, else by their order.
import { type QuantizedModel, quantizeInput } from '@bitnetmcu/models';
import { visibleText, windowOf } from '@bitnetmcu/models/internal';
import { type DataSpec, type PlainRow, type PlainRows, readPlainRows } from '@bitnetmcu/trainer/internal';
import { CliError } from '../errors.js';
import type { Truth } from '../results/answers.js';
import { byteOf, rangeOf } from './bytes.js';
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
 * @param from a path, or `-` with the bytes of standard input
 * @throws CliError `bad-file` naming line and column; TrainerError `data-not-found`, `invalid-data`
 */
export async function readRows(
  model: QuantizedModel,
  path: string,
  data: DataSpec | undefined,
  bytes?: AsyncIterable<Uint8Array>,
): Promise<InferSample[]> {
  const source = path === STANDARD_INPUT ? 'Standard input' : visibleText(path);
  const { raw, frontEnd } = model.input;
  const keys: RowKeys = data?.kind === 'csv' || data?.kind === 'csv-folder' ? data : {};
  const names = ((frontEnd ? frontEnd.names : raw?.features) ?? []).map(({ name }) => name);
  const size = sampleSize(model);
  const known = raw ? names : [];
  const table = await readPlainRows(bytes ?? path, source, { known, ...(size === 1 && { separator: 'comma' }) });
  if (table.rows.length === 0) throw new CliError('bad-file', `${source} has no row of numbers.`);
  // A signal's table has a row a moment, or a row a window.
  const isSignal = frontEnd !== undefined || raw?.kind === 'signal';
  const isMoments = isSignal && (keys.window !== undefined || table.rows[0]!.cells.length < size);
  const wanted = isMoments ? (frontEnd?.channels ?? names.length) : size;
  const columns = columnsFor(
    table,
    raw && names.length > 0 && (isMoments || (!frontEnd && raw.kind === 'table')) ? names : undefined,
    wanted,
    keys,
    source,
  );
  const values = table.rows.map((row) => valuesOf(row, columns, table, source));
  const truths = truthsOf(table, keys, model);
  if (isMoments) return windowsOf(model, values, truths, keys, source);
  return values.map((numbers, i) => {
    const title = `${source}, line ${table.rows[i]!.line}`;
    return raw ? rawSample(model, title, numbers, truths[i]) : byteSample(model, title, numbers, data, truths[i]);
  });
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

/** @throws CliError `bad-file` for a cell that is no number */
function valuesOf(row: PlainRow, columns: readonly number[], { names }: PlainRows, source: string): number[] {
  return columns.map((column) => {
    const value = row.numbers[column];
    if (value !== undefined) return value;
    const cell = row.cells[column];
    const name =
      names?.[column] === undefined ? `column ${column} (counted from 0)` : `column ${visibleText(names[column]!)}`;
    throw new CliError(
      'bad-file',
      `${source}, line ${row.line}, ${name}: ${cell === undefined ? 'nothing' : `'${visibleText(cell.slice(0, 40))}'`} found, a number is wanted. Leave the row out, or fill it in.`,
    );
  });
}

/** Windows of moments, as long as the model's input, a hop apart. */
function windowsOf(
  model: QuantizedModel,
  moments: readonly (readonly number[])[],
  truths: readonly Truth[],
  { hop }: RowKeys,
  source: string,
): InferSample[] {
  const { shape, frontEnd } = model.input;
  const [channels, window] = frontEnd ? [frontEnd.channels, windowOf(frontEnd)] : [shape[0]!, shape.at(-1)!];
  const step = typeof hop === 'number' ? hop : Math.max(1, window >> 1);
  if (moments.length < window) {
    throw new CliError(
      'bad-file',
      `${source} has ${moments.length} rows; a sample of ${model.name} is a window of ${window}.`,
    );
  }
  const samples: InferSample[] = [];
  for (let begin = 0; begin + window <= moments.length; begin += step) {
    const numbers = Float64Array.from(
      { length: channels * window },
      (_, i) => moments[begin + (i % window)]![Math.floor(i / window)]!,
    );
    const title = `${source}, rows ${begin + 1} to ${begin + window}`;
    samples.push(rawSample(model, title, numbers, truthOfWindow(truths.slice(begin, begin + window))));
  }
  return samples;
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
