// Samples from a table: one row a sample, one column the class, the others numbers (RFC 4180).
import type { Samples } from '../engine/engine.js';
import { TrainerError } from '../errors.js';
import { readBounded } from './compressed-file.js';
import { toBytes, type ValueRange } from './value-range.js';

export interface CsvOptions {
  /** Name of the class column in the header row, or its 0-based number. Default: `label` or `class` in a header row, else the first. */
  readonly labelColumn?: string | number | undefined;
  readonly range?: ValueRange;
}

export interface CsvTable {
  /** Class of each row, as written. */
  readonly classes: readonly string[];
  readonly features: number;
  /** rows·features values. */
  readonly bytes: Uint8Array;
}

/**
 * Reads a table of numbers; the first row is a header where any of its feature cells is not a number.
 * @throws TrainerError `data-not-found`, or `invalid-data` with the line.
 */
export async function readCsv(path: string, options: CsvOptions = {}): Promise<CsvTable> {
  return parseCsv(new TextDecoder().decode(await readBounded(path)), path, options);
}

/** As `readCsv`, from text. */
export function parseCsv(text: string, source: string, { labelColumn, range }: CsvOptions = {}): CsvTable {
  const rows = [...csvRows(text, source)];
  const first = rows[0];
  if (!first) throw new TrainerError('invalid-data', `${source} is empty.`);
  const named = (names: readonly string[]) => first.cells.findIndex((cell) => names.includes(cell.trim()));
  const column =
    typeof labelColumn === 'number'
      ? labelColumn
      : labelColumn === undefined
        ? Math.max(0, named(['label', 'class']))
        : named([labelColumn]);
  if (column < 0 || column >= first.cells.length) {
    throw new TrainerError(
      'invalid-data',
      `${source} has no column ${labelColumn}; its first row is ${first.cells.slice(0, 10).join(', ')}.`,
    );
  }
  const isHeader = first.cells.some((cell, i) => i !== column && !isNumber(cell));
  const samples = isHeader ? rows.slice(1) : rows;
  const features = first.cells.length - 1;
  if (samples.length === 0 || features === 0) {
    throw new TrainerError(
      'invalid-data',
      `${source} has ${samples.length} rows of ${features} values; both must be at least 1.`,
    );
  }
  const values = new Float64Array(samples.length * features);
  const classes = samples.map(({ cells, line }, row) => {
    if (cells.length !== features + 1) {
      throw new TrainerError(
        'invalid-data',
        `${source}, line ${line}: ${cells.length} cells; expected ${features + 1}.`,
      );
    }
    let at = row * features;
    cells.forEach((cell, i) => {
      if (i === column) return;
      if (!isNumber(cell))
        throw new TrainerError('invalid-data', `${source}, line ${line}: '${cell}' is not a number.`);
      values[at++] = Number(cell);
    });
    return cells[column]!.trim();
  });
  return { classes, features, bytes: toBytes(values, range, source) };
}

function isNumber(cell: string): boolean {
  return cell.trim() !== '' && Number.isFinite(Number(cell));
}

/** Rows with the line they begin on; empty lines are passed over, quoted cells may hold anything. */
function* csvRows(text: string, source: string): Generator<{ cells: string[]; line: number }> {
  const token = /("(?:[^"]|"")*"|[^",\r\n]*)(,|\r?\n|\r|$)/y;
  let cells: string[] = [];
  let line = 1;
  let begin = 1;
  // A byte order mark, as spreadsheets write it, belongs to no cell.
  token.lastIndex = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  while (token.lastIndex < text.length) {
    const match = token.exec(text);
    if (!match) throw new TrainerError('invalid-data', `${source}, line ${line}: a quotation mark is out of place.`);
    const [whole, cell, separator] = match as unknown as [string, string, string];
    cells.push(cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell);
    line += whole.split('\n').length - 1;
    if (separator === ',' && token.lastIndex < text.length) continue;
    if (separator === ',') cells.push('');
    if (cells.length > 1 || cells[0] !== '') yield { cells, line: begin };
    cells = [];
    begin = line;
  }
}

/** Class names in order: by number where all are numbers, else by text. */
export function classNames(classes: Iterable<string>): string[] {
  const names = [...new Set(classes)];
  return names.every(isNumber) ? names.sort((a, b) => Number(a) - Number(b)) : names.sort();
}

/** Samples with the position of their class in `labels`. @throws TrainerError `invalid-data` for a class that is not among them. */
export function csvSamples({ classes, bytes }: CsvTable, labels: readonly string[], source: string): Samples {
  const numbers = new Map(labels.map((label, i) => [label, i]));
  return {
    count: classes.length,
    bytes,
    labels: Uint16Array.from(classes, (name) => {
      const number = numbers.get(name);
      if (number !== undefined) return number;
      throw new TrainerError(
        'invalid-data',
        `${source}: the class ${name} is none of ${labels.slice(0, 20).join(', ')}.`,
      );
    }),
  };
}
