// Reads a table once for what stands in it: separator, header, encoding, remarks, and the facts of every column.

import { closeSync, readSync } from 'node:fs';
import { openRegularFile } from '@bitnetmcu/models/internal/node';
import { TrainerError } from '../../errors.js';
import { encodingOf, openCsvText, type TextEncoding } from '../csv/csv-text.js';
import { isComment, type Separator } from '../csv/dialect.js';
import { areNames, findHeader, type HeaderOptions, looksNamed } from '../csv/header.js';
import type { NumberStyle } from '../csv/numbers.js';
import { openCsv, type StyleOptions } from '../csv/open-csv.js';
import { endsEmpty, parseRows, rowFitter } from '../csv/rows.js';
import { MAX_DATA_BYTES } from '../limits.js';
import { ColumnFacts } from './column-facts.js';

/** Cells that are looked at: seconds of work. A longer table is read to here only. */
const MAX_CELLS = 8_000_000;
/** Rows that are kept, for what no column tells by itself. */
const KEPT_ROWS = 200;

/** Of many files so many rows of each are looked at, however many files there are: windows enough of each. */
const MIN_ROWS = 200;

export interface TableFacts {
  /** What messages call the table: its file, or the folder of its files. */
  readonly path: string;
  /** Of the first file, as all that is not counted. */
  readonly style: Style;
  readonly encoding: TextEncoding;
  readonly hasByteOrderMark: boolean;
  /** Names of the columns; absent where the first row is a sample. */
  readonly names?: readonly string[];
  /** The cells of a row of units below the names. */
  readonly units?: readonly string[];
  /** The class column, where the user or a usual name says so. */
  readonly label?: number;
  readonly columns: readonly ColumnFacts[];
  /** Rows without header and remarks; of a long table those that were looked at. */
  readonly rows: number;
  /** The same of each file; 0 for one whose columns are others. */
  readonly fileRows: readonly number[];
  /** Whether all rows were looked at. */
  readonly isWhole: boolean;
  readonly comments: number;
  readonly firstRows: readonly (readonly string[])[];
}

type Style = NumberStyle & { readonly separator: Separator };
type ScanOptions = StyleOptions & HeaderOptions & { readonly encoding?: TextEncoding | undefined };

/** @throws TrainerError `data-not-found`, `invalid-data` with line. */
export const scanCsv = (path: string, options: ScanOptions): Promise<TableFacts> => scanCsvFiles([path], path, options);

/**
 * Files of the same columns as one table. What reads them says which have others.
 * @param paths at least one @param title what messages call them
 * @throws TrainerError as `scanCsv`
 */
export async function scanCsvFiles(paths: readonly string[], title: string, options: ScanOptions): Promise<TableFacts> {
  const [first] = paths as [string];
  const head = firstBytes(first);
  const encoding = options.encoding ?? encodingOf(head, first);
  const scan = new Scan(options, paths.length);
  const fileRows: number[] = [];
  for (const path of paths) fileRows.push(await scan.read(path));
  const { style, names, units, label, columns, rows, isWhole, comments, firstRows } = scan;
  if (rows === 0) throw noRow(scan, title);
  return {
    path: title,
    style: style!,
    encoding,
    hasByteOrderMark: hasMark(head),
    ...(names && { names }),
    ...(units && { units }),
    ...(label !== undefined && { label }),
    columns,
    rows,
    fileRows,
    isWhole,
    comments,
    firstRows,
  };
}

function noRow({ misfits, misfitWidth, columns }: Scan, title: string): TrainerError {
  const found =
    misfits === 0
      ? 'has a header and no row. One row a sample is wanted.'
      : `has ${columns.length} cells in its first row and ${misfitWidth} in the next; a row has a cell for each column. Correct the first row, or say what divides the cells with --data-separator.`;
  return new TrainerError('invalid-data', `${title} ${found}`);
}

/** What was seen of the files so far. */
class Scan {
  style: Style | undefined;
  names: readonly string[] | undefined;
  label: number | undefined;
  units: readonly string[] | undefined;
  columns: readonly ColumnFacts[] = [];
  rows = 0;
  /** Rows that have more or fewer cells than the first; with the cells of the first such row. */
  misfits = 0;
  misfitWidth = 0;
  isWhole = true;
  comments = 0;
  readonly firstRows: (readonly string[])[] = [];

  constructor(
    readonly options: ScanOptions,
    readonly files: number,
  ) {}

  /** The rows of a file. */
  async read(path: string): Promise<number> {
    const pieces = openCsvText(path, this.options.encoding);
    try {
      const { style, rows, text } = await openCsv(pieces, path, this.options);
      const above = this.style === undefined ? this.#begin(rows, style, path) : this.#goOn(rows, style, path);
      return above === undefined ? 0 : await this.#count(text, style, path, above);
    } finally {
      await pieces.return?.(undefined);
    }
  }

  /** Rows above the samples of the first file. */
  #begin(rows: readonly (readonly string[])[], style: Style, path: string): number {
    const { names, label, rows: above } = findHeader(rows, style, this.options, path);
    if (above === 2) this.units = rows[1];
    this.style = style;
    this.names = names;
    this.label = label;
    this.columns = Array.from({ length: rows[0]!.length }, () => new ColumnFacts());
    return above;
  }

  /** Rows above the samples of a further file; undefined where its columns are others. */
  #goOn(rows: readonly (readonly string[])[], style: Style, path: string): number | undefined {
    const first = rowFitter(this.columns.length, endsEmpty(this.names))(rows[0]!);
    if (first.length !== this.columns.length) return undefined;
    for (const column of this.columns) column.beginFile();
    const isNamed = this.names !== undefined && areNames(first, this.names);
    if (this.names === undefined || isNamed) return findHeader(rows, style, this.options, path).rows;
    return looksNamed(first, this.names) ? undefined : 0;
  }

  async #count(text: AsyncGenerator<string>, style: Style, path: string, above: number): Promise<number> {
    const width = this.columns.length;
    const limit = Math.max(this.files > 1 ? MIN_ROWS : 1000, Math.floor(MAX_CELLS / width / this.files));
    const kept = Math.ceil(KEPT_ROWS / this.files);
    let rows = 0;
    let left = above;
    const fit = rowFitter(width, endsEmpty(this.names));
    const count = (read: readonly string[]): number => {
      // Rows above the samples say nothing of those.
      const cells = left > 0 ? read : fit(read);
      if (isComment(cells)) this.comments++;
      else if (left > 0) left--;
      else if (cells.length === width) {
        if (rows === limit) throw new Enough();
        if (rows < kept) this.firstRows.push([...cells]);
        rows++;
        for (let i = 0; i < width; i++) this.columns[i]!.add(cells[i]!, style);
      } else if (this.misfits++ === 0) this.misfitWidth = cells.length;
      return 0;
    };
    try {
      await parseRows(text, style.separator, path, count);
    } catch (error) {
      if (!(error instanceof Enough)) throw error;
      this.isWhole = false;
    }
    this.rows += rows;
    return rows;
  }
}

/** Ends the reading of a table of which enough is known. */
class Enough extends Error {}

function firstBytes(path: string): Uint8Array {
  try {
    const { descriptor } = openRegularFile(path, MAX_DATA_BYTES);
    const head = new Uint8Array(4096);
    try {
      return head.subarray(0, readSync(descriptor, head, 0, head.length, 0));
    } finally {
      closeSync(descriptor);
    }
  } catch (cause) {
    throw new TrainerError('data-not-found', (cause as Error).message, { cause });
  }
}

function hasMark([a, b, c]: Uint8Array): boolean {
  return (a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff) || (a === 0xef && b === 0xbb && c === 0xbf);
}
