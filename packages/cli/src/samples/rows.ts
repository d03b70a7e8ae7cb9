// Rows of numbers, from a CSV file or standard input, as samples: columns by name where there is a header, else by their order.
import { type QuantizedModel, quantizeInput } from '@bitnetmcu/models';
import { visibleText } from '@bitnetmcu/models/internal';
import { type DataSpec, isMissing, type PlainRows, placeOfName, readPlainRows } from '@bitnetmcu/trainer/internal';
import { CliError } from '../errors.js';
import type { Truth } from '../results/answers.js';
import { byteOf, rangeOf } from './bytes.js';
import { gapRules, readRow } from './gaps.js';
import { type InferSample, rawSample, sampleSize, withFilled } from './sample.js';
import { markNote, type TableStyle, usualStyle } from './table-style.js';
import { labelColumnOf, truthsOf } from './truths.js';
import { type WindowKeys, windowsOf } from './windows.js';

/** Name of the values of standard input. */
export const STANDARD_INPUT = '-';

/** How a table is read. */
export interface TableReading {
  /** How the training read its data, where the model says it. */
  readonly data: DataSpec | undefined;
  /** How the table is written, where the user says it. */
  readonly style: TableStyle;
  /** Hears what is to be known of the table as a whole. */
  say(note: string): void;
}

/**
 * All samples of a table.
 * @param path or `-`, with the bytes of standard input
 * @throws CliError `bad-file` naming line and column; TrainerError `data-not-found`, `invalid-data`
 */
export async function readRows(
  model: QuantizedModel,
  path: string,
  { data, style, say }: TableReading,
  bytes?: AsyncIterable<Uint8Array>,
): Promise<InferSample[]> {
  const source = path === STANDARD_INPUT ? 'Standard input' : visibleText(path);
  const { raw, frontEnd } = model.input;
  const keys = keysOf(model, data);
  const names = ((frontEnd ? frontEnd.names : raw?.features) ?? []).map(({ name }) => name);
  const size = sampleSize(model);
  const known = raw ? names : [];
  // A signal's table has a row a moment, or a row a window.
  const isSignal = frontEnd !== undefined || raw?.kind === 'signal';
  const oneColumn = (isSignal ? (frontEnd?.channels ?? names.length) : size) === 1;
  const usual = usualStyle(model, data);
  const table = await readPlainRows(bytes ?? path, source, { known, oneColumn, usual, ...style });
  if (table.rows.length === 0) throw new CliError('bad-file', `${source} has no row of numbers.`);
  if (table.units) {
    const cells = table.units.cells.filter((cell) => cell.trim() !== '').map((cell) => visibleText(cell.slice(0, 40)));
    say(
      `${source}, line ${table.units.line}: units or other words (${cells.slice(0, 5).join(', ')}${cells.length > 5 ? ', …' : ''}) passed over.`,
    );
  }
  const isMoments = isSignal && (keys.window !== undefined || table.rows[0]!.cells.length < size);
  const wanted = isMoments ? (frontEnd?.channels ?? names.length) : size;
  const features = raw && names.length > 0 && (isMoments || (!frontEnd && raw.kind === 'table')) ? names : undefined;
  const columns = columnsFor(table, features, wanted, keys, source, say);
  // A window in one row has all moments of a channel side by side.
  const run = isSignal && !isMoments ? size / (frontEnd?.channels ?? model.input.shape[0]!) : 1;
  const { mark, numberOf } = table.numbersOf(columns);
  const note = markNote(mark, source, usual.decimal);
  if (note !== undefined) say(note);
  const rules = { ...gapRules(model, data, columns.length, run), areMoments: isMoments };
  const rows = table.rows.map((row) => readRow(row, columns, rules, { names: table.names, numberOf }, source));
  const leftOut = rows.filter((row) => row === undefined).length;
  if (leftOut > 0) {
    say(`${source}: ${leftOut} ${leftOut === 1 ? 'row' : 'rows'} with something missing left out, as in training.`);
  }
  const truths = truthsOf(table, keys, model, { columns, numberOf });
  if (isMoments) return windowsOf(model, table, { rows, truths, columns }, keys, source, say);
  return rows.flatMap((row, i) => {
    if (row === undefined) return [];
    const title = `${source}, line ${row.line}`;
    const sample = raw
      ? rawSample(model, title, row.numbers, truths[i])
      : byteSample(model, title, row.numbers, data, truths[i]);
    return [withFilled(sample, row.filled)];
  });
}

/** What of a model's data spec holds for a table: of recordings the hop; where the class stands, also where training found it by itself. */
function keysOf({ provenance }: QuantizedModel, data: DataSpec | undefined): WindowKeys {
  if (data?.kind !== 'csv' && data?.kind !== 'csv-folder') {
    return data !== undefined && 'hop' in data && data.hop !== undefined ? { hop: data.hop } : {};
  }
  return { ...data, labelColumn: data.labelColumn ?? provenance.tables?.labelColumn };
}

/** Numbers of the columns that are read, in the model's order. @throws CliError `bad-file` */
function columnsFor(
  { names, rows }: PlainRows,
  features: readonly string[] | undefined,
  wanted: number,
  keys: WindowKeys,
  source: string,
  say: (note: string) => void,
): number[] {
  const width = rows[0]!.cells.length;
  let isUnknown = false;
  if (names !== undefined && features !== undefined) {
    const found = features.map((feature) => placeOfName(names, feature));
    const missing = features.filter((_, i) => found[i]! < 0);
    if (missing.length === 0) return found;
    if (missing.length < features.length) {
      throw new CliError(
        'bad-file',
        `${source} has no column ${missing.map(visibleText).join(', ')}; its columns are ${names.map(visibleText).join(', ')}. The model wants ${features.map(visibleText).join(', ')}.`,
      );
    }
    isUnknown = true;
  }
  const columns = columnsInOrder({ names, rows }, features, wanted, keys);
  if (columns === undefined) {
    throw new CliError(
      'bad-file',
      `${source} has ${width} ${width === 1 ? 'column' : 'columns'}, ${wanted} ${wanted === 1 ? 'is' : 'are'} wanted${features ? ` (${features.map(visibleText).join(', ')}). Give a header with these names, or these columns alone` : '. Give all of them in the order of training, and no others'}.`,
    );
  }
  // Names of columns without names in training are no names.
  if (isUnknown && !features!.every((feature) => /^column \d+$/.test(feature))) {
    const called = columns.map((column) => visibleText(names![column]!)).join(', ');
    say(
      `${source}: no column is called as in training (${features!.map(visibleText).join(', ')}); they are taken in order: ${called}.`,
    );
  }
  return columns;
}

/** By numbers, or by leaving out what is no value; undefined where that does not give as many as are wanted. */
function columnsInOrder(
  { names, rows }: Pick<PlainRows, 'names' | 'rows'>,
  features: readonly string[] | undefined,
  wanted: number,
  keys: WindowKeys,
): number[] | undefined {
  const width = rows[0]!.cells.length;
  // Features of a table without names are called by their number.
  const numbered = features?.map((feature) => /^column (\d+)$/.exec(feature)?.[1]).map(Number);
  if (width > wanted && numbered?.every((column) => Number.isInteger(column) && column < width)) return numbered;
  const all = Array.from({ length: width }, (_, i) => i);
  const label = labelColumnOf({ names }, keys);
  const others = all.filter((column) => column !== label);
  if (width === wanted) return all;
  if (others.length === wanted) return others;
  // The last rows of a log have no header, and its class is a word.
  const isWord = (cell: string) => !isMissing(cell) && !/\d/.test(cell);
  const ofNumbers = all.filter((column) => !rows.some(({ cells }) => isWord(cells[column]!)));
  return names === undefined && ofNumbers.length === wanted ? ofNumbers : undefined;
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
