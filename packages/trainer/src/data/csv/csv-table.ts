// Collects the rows of a table as it is read: values straight into bytes that grow by blocks, classes as numbers.
import { TrainerError } from '../../errors.js';
import { runInSlices, type Steps } from '../slices.js';
import { ByteScale, type ValueRange } from '../value-range.js';
import { type CsvLayout, columnTitle } from './layout.js';
import { className, hasDecimalComma, isMissing, parseNumber } from './numbers.js';

/** Bytes that one block holds at least one row of. */
const BLOCK_BYTES = 2 ** 22;
const MAX_CLASSES = 65_535;

/** A table of samples. */
export interface CsvTable {
  /** Classes as they first occur. */
  readonly classes: readonly string[];
  /** For each row the index of its class in `classes`. */
  readonly rowClasses: Uint16Array;
  readonly features: number;
  /** rows·features values. */
  readonly bytes: Uint8Array;
  readonly layout: CsvLayout;
  /** How the file was read, in sentences for people. */
  readonly notes: readonly string[];
}

export class CsvTableBuilder {
  readonly #scale: ByteScale;
  readonly #names: string[] = [];
  readonly #blocks: Uint8Array[] = [];
  readonly #classBlocks: Uint16Array[] = [];
  readonly #classNumbers = new Map<string, number>();
  readonly #rowsOfBlock: number;
  rows = 0;
  /** First line with a decimal point, and with a decimal comma. */
  #pointLine = 0;
  #commaLine = 0;

  constructor(
    readonly layout: CsvLayout,
    readonly separator: string,
    range: ValueRange,
    readonly source: string,
  ) {
    this.#scale = new ByteScale(range, layout.features.length);
    this.#rowsOfBlock = Math.max(1, Math.floor(BLOCK_BYTES / Math.max(1, layout.features.length)));
  }

  get hasDecimalCommas(): boolean {
    return this.#commaLine > 0;
  }

  /** Takes a row; returns how many line ends stand inside its cells. @throws TrainerError `invalid-data` with line and column. */
  add(cells: readonly string[], line: number): number {
    const { width, label, features } = this.layout;
    if (cells.length !== width) {
      throw this.#refuse(line, `${cells.length} cells; ${width} are expected, as in the first row`);
    }
    const row = this.rows++;
    const inBlock = row % this.#rowsOfBlock;
    if (inBlock === 0) {
      this.#blocks.push(new Uint8Array(this.#rowsOfBlock * features.length));
      this.#classBlocks.push(new Uint16Array(this.#rowsOfBlock));
    }
    this.#classBlocks.at(-1)![inBlock] = this.#classOf(cells[label]!, line);
    const block = this.#blocks.at(-1)!;
    let at = inBlock * features.length;
    let lineEnds = countLineEnds(cells[label]!);
    for (let feature = 0; feature < features.length; feature++) {
      const cell = cells[features[feature]!]!;
      const small = smallWhole(cell);
      const byte = small >= 0 ? this.#scale.convertWhole(small) : -1;
      if (byte >= 0) block[at++] = byte;
      else {
        block[at++] = this.#convert(cell, feature, line);
        lineEnds += countLineEnds(cell);
      }
    }
    return lineEnds;
  }

  #convert(cell: string, feature: number, line: number): number {
    const place = () => columnTitle(this.layout, this.layout.features[feature]!);
    const value = parseNumber(cell, this.separator);
    if (value === undefined) {
      const what = isMissing(cell)
        ? `${cell.trim() === '' ? 'the cell is empty' : `'${cell.trim()}' is no value`}. Fill it, or take the row out`
        : `'${cell.trim().slice(0, 40)}' is not a number. Correct it, or leave the column out with --data-ignore (key \`ignore\`)`;
      throw this.#refuse(line, `${place()}: ${what}`);
    }
    if (this.separator !== ',') {
      if (hasDecimalComma(cell)) this.#commaLine ||= line;
      else if (cell.includes('.')) this.#pointLine ||= line;
      if (this.#commaLine > 0 && this.#pointLine > 0) {
        throw this.#refuse(
          line,
          `${place()}: '${cell.trim()}' and line ${Math.min(this.#commaLine, this.#pointLine)} write decimals differently, one with a comma, one with a point. Use one of them`,
        );
      }
    }
    return this.#scale.convert(value, feature, () => `line ${line}, ${place()}`);
  }

  #classOf(cell: string, line: number): number {
    const known = this.#classNumbers.get(cell);
    if (known !== undefined) return known;
    if (cell.trim() === '' || cell.trim().toLowerCase() === 'nan') {
      throw this.#refuse(
        line,
        `${columnTitle(this.layout, this.layout.label)}: the class is missing. Name it, or take the row out`,
      );
    }
    const name = className(cell);
    const number = this.#classNumbers.get(name) ?? this.#names.push(name) - 1;
    if (number >= MAX_CLASSES) throw this.#refuse(line, `more than ${MAX_CLASSES} different classes`);
    this.#classNumbers.set(name, number).set(cell, number);
    return number;
  }

  /** The table, and what the file says about itself. @throws TrainerError `invalid-data` if there is no row or values need a range. */
  async finish(notes: readonly string[]): Promise<CsvTable> {
    const { layout, source } = this;
    const features = layout.features.length;
    if (this.rows === 0 || features === 0) {
      throw new TrainerError(
        'invalid-data',
        `${source} has ${this.rows} rows of ${features} values beside the class; both must be at least 1.`,
      );
    }
    this.#scale.check(source);
    const title = (feature: number) => columnTitle(layout, layout.features[feature]!);
    return {
      classes: this.#names,
      rowClasses: await runInSlices(joined(this.#classBlocks, new Uint16Array(this.rows))),
      features,
      bytes: await runInSlices(joined(this.#blocks, new Uint8Array(this.rows * features))),
      layout,
      notes: [...notes, ...this.#scale.notes(source, title)],
    };
  }

  #refuse(line: number, reason: string): TrainerError {
    return new TrainerError('invalid-data', `${this.source}, line ${line}: ${reason}.`);
  }
}

/** The blocks one after another in `whole`; each is given up as soon as it is copied. */
function* joined<Values extends Uint8Array | Uint16Array>(blocks: Values[], whole: Values): Steps<Values> {
  let at = 0;
  for (let block = blocks.shift(); block !== undefined; block = blocks.shift()) {
    const part = block.subarray(0, whole.length - at);
    whole.set(part, at);
    at += part.length;
    yield;
  }
  return whole;
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
