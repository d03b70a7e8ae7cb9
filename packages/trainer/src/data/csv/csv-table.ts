// Collects the rows of a table as it is read: values by a sink of bytes or of numbers, classes and groups as numbers.
import { TrainerError } from '../../errors.js';
import { type ValueRows, ValueRowsBuilder } from '../raw/value-rows.js';
import type { ValueRange } from '../value-range.js';
import { ByteRowsBuilder } from './byte-rows.js';
import type { DecimalMark } from './decimal-mark.js';
import { type CsvLayout, columnTitle } from './layout.js';
import { className, hasDecimalComma, isMissing, lacksClass, type NumberStyle, parseNumber } from './numbers.js';
import { timeJumps } from './row-times.js';
import { endsEmpty, rowFitter } from './rows.js';
import { TimeColumn, timeNotes } from './time-column.js';

const MAX_CLASSES = 65_535;

export interface CsvTableOptions {
  /** What becomes of values: bytes (of the range, or as they are), or numbers that are scaled later. */
  readonly values: 'bytes' | 'numbers';
  readonly range?: ValueRange;
  readonly missing?: 'error' | 'drop' | 'mean' | undefined;
  readonly fixedClass?: string | undefined;
  /** What the class column has: one class a row, a number, or several labels, also none. Default: classes. */
  readonly classes?: 'classes' | 'numbers' | 'labelSets' | undefined;
}

/** A table of samples. */
export interface CsvTable {
  /** Classes as they first occur. */
  readonly classes: readonly string[];
  /** For each row the index of its class in `classes`. */
  readonly rowClasses: Uint32Array;
  /** Groups as they first occur, and for each row the index of its group in them, where the layout has a group column. */
  readonly groups?: readonly string[];
  readonly rowGroups?: Uint32Array;
  /** Rows before which others were left out, or time jumps. */
  readonly breaks: readonly number[];
  readonly features: number;
  /** rows·features values, where bytes were asked for; else none. */
  readonly bytes: Uint8Array;
  /** The same as numbers, where those were asked for. */
  readonly values?: ValueRows;
  readonly layout: CsvLayout;
  readonly style: NumberStyle;
  /** The decimal mark that the cells have; absent where none has one, or commas divide them. */
  readonly decimal?: DecimalMark;
  /** Values that are missing, where they count as a mean. */
  readonly missing: number;
  /** How the file was read, in sentences for people. */
  readonly notes: readonly string[];
}

export class CsvTableBuilder {
  readonly #bytes: ByteRowsBuilder | undefined;
  readonly #values: ValueRowsBuilder | undefined;
  readonly #names: string[] = [];
  readonly #classNumbers = new Map<string, number>();
  readonly #groupNumbers = new Map<string, number>();
  #rowClasses = new Uint32Array(1024);
  #rowGroups = new Uint32Array(0);
  readonly #times = new TimeColumn();
  readonly #breaks: number[] = [];
  /** Columns that are no values, whose line ends count too. */
  readonly #unread: readonly number[];
  readonly #fit: ReturnType<typeof rowFitter>;
  rows = 0;
  /** Rows that were left out, for a value or a class that is missing. */
  #dropped = 0;
  #missing = 0;
  /** First line with a decimal point, and with a decimal comma. */
  #pointLine = 0;
  #commaLine = 0;

  constructor(
    readonly layout: CsvLayout,
    readonly style: NumberStyle,
    readonly options: CsvTableOptions,
    readonly source: string,
  ) {
    this.#fit = rowFitter(layout.width, endsEmpty(layout.names));
    const width = Math.max(1, layout.features.length);
    const read = new Set(layout.features);
    this.#unread = [...Array(layout.width).keys()].filter((column) => !read.has(column));
    if (options.values === 'bytes') this.#bytes = new ByteRowsBuilder(width, options.range);
    else this.#values = new ValueRowsBuilder(width);
  }

  get hasDecimalCommas(): boolean {
    return this.#commaLine > 0;
  }

  get #decimal(): DecimalMark | undefined {
    return this.style.decimal ?? (this.#commaLine > 0 ? 'comma' : this.#pointLine > 0 ? 'point' : undefined);
  }

  /** Takes a row; returns how many line ends stand inside its cells. @throws TrainerError `invalid-data` with line and column. */
  add(read: readonly string[], line: number): number {
    const { width, label, group, time, features } = this.layout;
    const cells = this.#fit(read);
    if (cells.length !== width) {
      throw this.#refuse(line, `${cells.length} cells; ${width} are expected, as in the first row`);
    }
    const classCell = label < 0 ? this.options.fixedClass! : cells[label]!;
    let lineEnds = this.#unread.reduce((sum, column) => sum + countLineEnds(cells[column]!), 0);
    if (this.#isDropped(cells, classCell)) {
      this.#dropped++;
      if (this.#breaks.at(-1) !== this.rows) this.#breaks.push(this.rows);
      return cells.reduce((sum, cell) => sum + countLineEnds(cell), 0);
    }
    const row = this.rows++;
    const [bytes, values] = [this.#bytes, this.#values];
    this.#rowClasses = roomFor(this.#rowClasses, row);
    this.#rowClasses[row] = this.#classOf(classCell, line);
    if (group !== undefined) {
      this.#rowGroups = roomFor(this.#rowGroups, row);
      this.#rowGroups[row] = this.#groupOf(cells[group]!, line);
    }
    if (time !== undefined) this.#times.add(cells[time]!);
    bytes?.beginRow();
    values?.beginRow();
    for (let feature = 0; feature < features.length; feature++) {
      const cell = cells[features[feature]!]!;
      const small = smallWhole(cell);
      if (small >= 0) {
        if (values) values.putByte(small);
        else if (bytes!.putWhole(small)) continue;
        else bytes!.put(small, feature, () => this.#place(feature, line));
        continue;
      }
      const value = this.#number(cell, feature, line);
      if (values) values.put(value, digitsOf(cell));
      else bytes!.put(value, feature, () => this.#place(feature, line));
      lineEnds += countLineEnds(cell);
    }
    return lineEnds;
  }

  #place(feature: number, line: number): string {
    return `line ${line}, ${columnTitle(this.layout, this.layout.features[feature]!)}`;
  }

  /** Whether something is missing in a row, and such rows are left out. */
  #isDropped(cells: readonly string[], classCell: string): boolean {
    const { missing = 'error' } = this.options;
    if (missing === 'error') return false;
    const { features } = this.layout;
    if (this.#lacksClass(classCell)) return true;
    return missing === 'drop' && features.some((column) => isMissing(cells[column]!));
  }

  #number(cell: string, feature: number, line: number): number {
    const place = () => columnTitle(this.layout, this.layout.features[feature]!);
    const value = parseNumber(cell, this.style);
    if (value === undefined) {
      if (isMissing(cell) && this.options.missing === 'mean' && this.#values) {
        this.#missing++;
        return Number.NaN;
      }
      const what = isMissing(cell)
        ? `${cell.trim() === '' ? 'the cell is empty' : `'${cell.trim()}' is no value`}. Fill it, or say --missing drop to leave such rows out${this.#values ? ' or --missing mean to take the mean of the column' : ''} (key \`missing\`)`
        : `'${cell.trim().slice(0, 40)}' is not a number. Correct it, or leave the column out with --ignore (key \`ignore\`)`;
      throw this.#refuse(line, `${place()}: ${what}`);
    }
    if (this.style.separator !== ',' && this.style.decimal === undefined) {
      if (hasDecimalComma(cell)) this.#commaLine ||= line;
      else if (cell.includes('.')) this.#pointLine ||= line;
      if (this.#commaLine > 0 && this.#pointLine > 0) {
        throw this.#refuse(
          line,
          `${place()}: '${cell.trim()}' and line ${Math.min(this.#commaLine, this.#pointLine)} write decimals differently, one with a comma, one with a point. Use one of them`,
        );
      }
    }
    return value;
  }

  #classOf(cell: string, line: number): number {
    const known = this.#classNumbers.get(cell);
    if (known !== undefined) return known;
    if (this.#lacksClass(cell)) {
      throw this.#refuse(
        line,
        `${columnTitle(this.layout, this.layout.label)}: the ${this.options.classes === 'numbers' ? 'value' : 'class'} is missing. Name it, or leave such rows out with --missing drop (key \`missing\`)`,
      );
    }
    const name = className(cell);
    const number = this.#classNumbers.get(name) ?? this.#names.push(name) - 1;
    if (number >= MAX_CLASSES && (this.options.classes ?? 'classes') === 'classes')
      throw this.#refuse(line, `more than ${MAX_CLASSES} different classes`);
    this.#classNumbers.set(name, number).set(cell, number);
    return number;
  }

  #lacksClass(cell: string): boolean {
    const { classes = 'classes' } = this.options;
    if (classes === 'numbers') return isMissing(cell);
    return classes === 'classes' && lacksClass(cell);
  }

  #groupOf(cell: string, line: number): number {
    const name = className(cell);
    if (name === '') {
      throw this.#refuse(
        line,
        `${columnTitle(this.layout, this.layout.group!)}: nothing says to which group the row belongs. Fill the cell, or leave the column out with --ignore`,
      );
    }
    const known = this.#groupNumbers.get(name) ?? this.#groupNumbers.size;
    this.#groupNumbers.set(name, known);
    return known;
  }

  /** The table, and what the file says about itself. @throws TrainerError `invalid-data` if there is no row or values need a range. */
  async finish(notes: readonly string[]): Promise<CsvTable> {
    const { layout, source, rows } = this;
    const features = layout.features.length;
    if (rows === 0 || features === 0) {
      throw new TrainerError(
        'invalid-data',
        `${source} has ${rows} rows of ${features} values beside the class${this.#dropped > 0 ? `, and ${this.#dropped} rows with something missing` : ''}; both must be at least 1.`,
      );
    }
    const title = (feature: number) => columnTitle(layout, layout.features[feature]!);
    const times = this.#times.finish();
    const jumps = timeJumps(times.times);
    const { time } = layout;
    const ofTime = time === undefined ? [] : timeNotes(`${source}: ${columnTitle(layout, time)}`, times, jumps);
    const bytes = this.#bytes ? await this.#bytes.finish(source, title) : { bytes: new Uint8Array(0), notes: [] };
    return {
      classes: this.#names,
      rowClasses: this.#rowClasses.slice(0, rows),
      ...(layout.group !== undefined && {
        groups: [...this.#groupNumbers.keys()],
        rowGroups: this.#rowGroups.slice(0, rows),
      }),
      breaks: [...new Set([...this.#breaks, ...jumps.jumps])].sort((a, b) => a - b),
      features,
      bytes: bytes.bytes,
      ...(this.#values && { values: this.#values.finish() }),
      layout,
      style: this.style,
      ...(this.#decimal && { decimal: this.#decimal }),
      missing: this.#missing,
      notes: [...notes, ...this.#gapNotes(), ...ofTime, ...bytes.notes],
    };
  }

  #gapNotes(): string[] {
    return [
      ...(this.#dropped > 0 ? [`${this.source}: ${this.#dropped} rows with something missing are left out.`] : []),
      ...(this.#missing > 0
        ? [`${this.source}: ${this.#missing} missing values count as the mean of their column in the training part.`]
        : []),
    ];
  }

  #refuse(line: number, reason: string): TrainerError {
    return new TrainerError('invalid-data', `${this.source}, line ${line}: ${reason}.`);
  }
}

/** The array, or a copy twice as long if the row is beyond its end. */
function roomFor(values: Uint32Array<ArrayBuffer>, row: number): Uint32Array<ArrayBuffer> {
  if (row < values.length) return values;
  const longer = new Uint32Array(Math.max(1024, 2 * values.length));
  longer.set(values);
  return longer;
}

/** Digits that write a number, without leading zeros and exponent. */
function digitsOf(cell: string): number {
  let digits = 0;
  for (let i = 0; i < cell.length; i++) {
    const code = cell.charCodeAt(i);
    if (code === 101 || code === 69) break;
    if (code >= 48 && code <= 57 && (digits > 0 || code !== 48)) digits++;
  }
  return digits;
}

/** The whole number from 0 to 255 that one to three digits write; -1 for any other cell. Nine of ten cells of image tables are such. */
function smallWhole(cell: string): number {
  const { length } = cell;
  if (length === 0 || length > 3) return -1;
  let value = 0;
  for (let i = 0; i < length; i++) {
    const digit = cell.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return -1;
    value = 10 * value + digit;
  }
  return value > 255 ? -1 : value;
}

function countLineEnds(cell: string): number {
  return cell.includes('\n') ? cell.split('\n').length - 1 : 0;
}
