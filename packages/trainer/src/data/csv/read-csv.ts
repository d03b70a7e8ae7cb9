// Samples from a table: one row a sample, one column the class, the others numbers. The file is streamed, never held as text.
import { TrainerError } from '../../errors.js';
import { answerWords } from '../answer-words.js';
import type { ValueRange } from '../value-range.js';
import { type CsvTable, CsvTableBuilder } from './csv-table.js';
import { openCsvText, type TextEncoding } from './csv-text.js';
import { isComment, SEPARATOR_NAMES, type Separator } from './dialect.js';
import { areNames, looksNamed, requireLabel, sameName } from './header.js';
import { type CsvLayout, columnTitle, findLayout, type LayoutOptions } from './layout.js';
import { className, type NumberStyle, parseNumber } from './numbers.js';
import { openCsv, type StyleOptions } from './open-csv.js';
import { parseRows } from './rows.js';
import { isUnitsRow } from './units-row.js';

export type { CsvTable };

export interface CsvOptions extends LayoutOptions, StyleOptions {
  readonly range?: ValueRange;
  /** What becomes of values. Default: bytes. */
  readonly values?: 'bytes' | 'numbers' | undefined;
  /** What normal rows are called, where no column says which ones are. */
  readonly normal?: string | undefined;
  readonly missing?: 'error' | 'drop' | 'mean' | undefined;
  readonly encoding?: TextEncoding | undefined;
  /** The training part of the same data: its columns are those of this table too. */
  readonly like?: CsvTable | undefined;
}

/** What stands in the class column. */
const CLASS_CELLS = {
  classification: 'classes',
  anomaly: 'classes',
  regression: 'numbers',
  multiLabel: 'labelSets',
} as const;

/**
 * Reads a table of numbers. Separator, decimal mark, encoding, header row and class column are found out where they are certain.
 * @throws TrainerError `data-not-found`, or `invalid-data` with line and column.
 */
export async function readCsv(path: string, options: CsvOptions = {}): Promise<CsvTable> {
  return readCsvText(openCsvText(path, options.encoding), path, options);
}

/** As `readCsv`, from pieces of text. */
export async function readCsvText(
  text: AsyncIterable<string>,
  source: string,
  options: CsvOptions = {},
): Promise<CsvTable> {
  const pieces = text[Symbol.asyncIterator]();
  try {
    const { style, rows, text: all } = await openCsv(pieces, source, options);
    const layout = layoutOf(rows, style, options, source);
    const { values = 'bytes', range, missing, task, normal = 'normal' } = options;
    if (layout.label < 0 && options.fixedClass === undefined) requireLabel(task, source);
    const fixedClass = options.fixedClass ?? (layout.label < 0 ? normal : undefined);
    const table = new CsvTableBuilder(
      layout,
      style,
      {
        values,
        range,
        missing,
        fixedClass,
        classes: CLASS_CELLS[task ?? 'classification'],
      },
      source,
    );
    let comments = 0;
    let above: number = layout.headerRows;
    await parseRows(all, style.separator, source, (cells, line) => {
      if (isComment(cells)) {
        comments++;
        return lineEnds(cells);
      }
      if (above === 0) return table.add(cells, line);
      above--;
      return lineEnds(cells);
    });
    return await table.finish([describe(table, layout, style.separator, comments, options)]);
  } finally {
    await pieces.return?.();
  }
}

/** A table without a header beside one with the same columns is read like it; with one, the columns must be the same. */
function layoutOf(
  rows: readonly (readonly string[])[],
  style: NumberStyle,
  options: CsvOptions,
  source: string,
): CsvLayout {
  const known = options.like?.layout;
  const first = rows[0]!;
  if (known === undefined) return findLayout(rows, style, options, source);
  const names = known.names;
  if (names !== undefined && areNames(first, names)) {
    const isNumber = (cell: string): boolean => parseNumber(cell, style) !== undefined;
    return { ...known, headerRows: isUnitsRow(rows[1], rows.slice(2), isNumber) ? 2 : 1 };
  }
  if (names === undefined || first.length !== known.width || looksNamed(first, names)) {
    return agreeing(known, findLayout(rows, style, options, source), source);
  }
  const { names: _, ...headless } = known;
  return { ...headless, headerRows: 0 };
}

/** @throws TrainerError `invalid-data` where values of the two parts have different names or counts. */
function agreeing(train: CsvLayout, test: CsvLayout, source: string): CsvLayout {
  if (train.features.length !== test.features.length) {
    throw new TrainerError(
      'invalid-data',
      `${source} has rows of ${test.features.length} values beside the class; those of the training part have ${train.features.length}.`,
    );
  }
  const wrong = train.features.findIndex(
    (column, i) => train.names && test.names && !sameName(train.names[column]!, test.names[test.features[i]!]!),
  );
  if (wrong < 0) return test;
  throw new TrainerError(
    'invalid-data',
    `${source}: value ${wrong} is ${columnTitle(test, test.features[wrong]!)}, in the training part ${columnTitle(train, train.features[wrong]!)}. Both parts need the same columns in the same order.`,
  );
}

/** Whether a note of a data set only says how a table was read, which the assumptions of looking at it say too. */
export function saysHowRead(note: string): boolean {
  return /: \d+ (rows of \d+ values; |recordings\. )/.test(note);
}

/** How a table was read, in a sentence that `saysHowRead` knows. */
function describe(
  table: CsvTableBuilder,
  layout: CsvLayout,
  separator: Separator,
  comments: number,
  { task, fixedClass }: CsvOptions,
): string {
  const facts = [
    `${table.rows} rows of ${layout.features.length} values`,
    layout.names ? 'the first row is a header' : 'no header row',
    ...(layout.headerRows === 2 ? ['the row below it has units, and is passed over'] : []),
    ...(layout.label < 0 ? [] : [`${answerWords(task).is} ${columnTitle(layout, layout.label)}`]),
    ...(layout.label < 0 && fixedClass === undefined ? ['no label column, all rows are normal'] : []),
    ...layout.dropped.map(({ column, reason }) => `${columnTitle(layout, column)} is left out (${reason})`),
    ...(separator === ',' ? [] : [`separated by ${SEPARATOR_NAMES[separator]}`]),
    ...(table.hasDecimalCommas ? ['decimal commas'] : []),
    ...(comments > 0 ? [`${comments} lines that begin with # are passed over`] : []),
  ];
  return `${table.source}: ${facts.join('; ')}.`;
}

function lineEnds(cells: readonly string[]): number {
  return cells.join('').split('\n').length - 1;
}

/** Class names in order: by number where all are numbers, else by text. */
export function classNames(classes: Iterable<string>): string[] {
  const names = [...new Set(classes)];
  const areNumbers = names.every((name) => name.trim() !== '' && Number.isFinite(Number(name)));
  return areNumbers ? names.sort((a, b) => Number(a) - Number(b)) : names.sort();
}

/** For each row the position of its class in `labels`. @throws TrainerError `invalid-data` for a class that is not among them. */
export function csvLabels(
  { classes, rowClasses }: Pick<CsvTable, 'classes' | 'rowClasses'>,
  labels: readonly string[],
  source: string,
): Uint16Array {
  const numbers = new Map(labels.map((label, i) => [className(label), i]));
  const numberOf = classes.map((name) => {
    const number = numbers.get(name);
    if (number !== undefined) return number;
    throw new TrainerError(
      'invalid-data',
      `${source}: the class ${name} is none of ${labels.slice(0, 20).join(', ')}.`,
    );
  });
  return Uint16Array.from(rowClasses, (index) => numberOf[index]!);
}
