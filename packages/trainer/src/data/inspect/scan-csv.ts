// Reads a table once for what stands in it: separator, header, encoding, remarks, and the facts of every column.

import { closeSync, readSync } from 'node:fs';
import { openRegularFile } from '@bitnetmcu/models/internal/node';
import { TrainerError } from '../../errors.js';
import { encodingOf, openCsvText, type TextEncoding } from '../csv/csv-text.js';
import { isComment, type Separator } from '../csv/dialect.js';
import { findHeader, type HeaderOptions } from '../csv/header.js';
import type { NumberStyle } from '../csv/numbers.js';
import { openCsv, type StyleOptions } from '../csv/open-csv.js';
import { parseRows } from '../csv/rows.js';
import { MAX_DATA_BYTES } from '../limits.js';
import { ColumnFacts } from './column-facts.js';

/** Cells that are looked at: seconds of work. A longer table is read to here only. */
const MAX_CELLS = 8_000_000;
/** Rows that are kept, for what no column tells by itself. */
const KEPT_ROWS = 200;

export interface TableFacts {
  readonly path: string;
  readonly style: NumberStyle & { readonly separator: Separator };
  readonly encoding: TextEncoding;
  readonly hasByteOrderMark: boolean;
  /** Names of the columns; absent where the first row is a sample. */
  readonly names?: readonly string[];
  /** The class column, where the user or a usual name says so. */
  readonly label?: number;
  readonly columns: readonly ColumnFacts[];
  /** Rows without header and remarks; of a long table those that were looked at. */
  readonly rows: number;
  /** Whether all rows were looked at. */
  readonly isWhole: boolean;
  readonly comments: number;
  readonly firstRows: readonly (readonly string[])[];
}

/** @throws TrainerError `data-not-found`, `invalid-data` with line. */
export async function scanCsv(
  path: string,
  options: StyleOptions & HeaderOptions & { readonly encoding?: TextEncoding | undefined },
): Promise<TableFacts> {
  const head = firstBytes(path);
  const encoding = options.encoding ?? encodingOf(head, path);
  const pieces = openCsvText(path, options.encoding);
  try {
    const { style, rows: headRows, text } = await openCsv(pieces, path, options);
    const { names, label } = findHeader(headRows, style, options, path);
    const width = headRows[0]!.length;
    const columns = Array.from({ length: width }, () => new ColumnFacts());
    const limit = Math.max(1000, Math.floor(MAX_CELLS / width));
    const firstRows: string[][] = [];
    let rows = 0;
    let comments = 0;
    let headerPassed = names === undefined;
    const count = (cells: readonly string[]): number => {
      if (isComment(cells)) comments++;
      else if (!headerPassed) headerPassed = true;
      else if (cells.length === width) {
        if (rows === limit) throw new Enough();
        rows++;
        if (firstRows.length < KEPT_ROWS) firstRows.push([...cells]);
        for (let i = 0; i < width; i++) columns[i]!.add(cells[i]!, style);
      }
      return 0;
    };
    let isWhole = true;
    try {
      await parseRows(text, style.separator, path, count);
    } catch (error) {
      if (!(error instanceof Enough)) throw error;
      isWhole = false;
    }
    if (rows === 0)
      throw new TrainerError('invalid-data', `${path} has a header and no row. One row a sample is wanted.`);
    return {
      path,
      style,
      encoding,
      hasByteOrderMark: hasMark(head),
      ...(names && { names }),
      ...(label !== undefined && { label }),
      columns,
      rows,
      isWhole,
      comments,
      firstRows,
    };
  } finally {
    await pieces.return?.(undefined);
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
