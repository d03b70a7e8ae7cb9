// What stands in each column of a table, counted while its rows are read once.

import { hasDecimalComma, isMissing, lacksClass, type NumberStyle, parseNumber } from '../csv/numbers.js';
import { NeighbourSums } from './neighbour-sums.js';

/** Different texts that are counted; a column with more is no class column. */
const MAX_DISTINCT = 300;

const DATE =
  /^(\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[./]\d{1,2}[./]\d{2,4}|\d{4}\/\d{1,2}\/\d{1,2})([ T]\d{1,2}:\d{2}.*)?$|^\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?$/;

/** A column's cells, counted. */
export class ColumnFacts {
  numbers = 0;
  missing = 0;
  texts = 0;
  /** Texts that are dates or times of day. */
  dates = 0;
  decimalCommas = 0;
  smallest = Number.POSITIVE_INFINITY;
  largest = Number.NEGATIVE_INFINITY;
  /** Whether all numbers are whole. */
  isWhole = true;
  /** Whether every number is larger than the one before in its file. */
  isIncreasing = true;
  /** Whether every number is one more than the one before in its file. */
  countsRows = true;
  /** Numbers that are larger, and smaller, than the one before in their file. */
  rises = 0;
  falls = 0;
  /** Cells that differ from the one before in their file. */
  changes = 0;
  /** How often each text occurs; undefined where there are more than 300. */
  distinct: Map<string, number> | undefined = new Map();
  #last = Number.NaN;
  #lastText: string | undefined;
  readonly #neighbours = new NeighbourSums();
  /** How often each word for no value occurs that may be the name of a class: none, na, null. */
  readonly #words = new Map<string, number>();

  /** What follows is of another file, which does not go on where the one before ended. */
  beginFile(): void {
    this.#last = Number.NaN;
    this.#lastText = undefined;
  }

  add(cell: string, style: NumberStyle): void {
    const text = cell.trim();
    if (this.#lastText !== undefined && this.#lastText !== text) this.changes++;
    this.#lastText = text;
    if (isMissing(text)) {
      this.missing++;
      if (!lacksClass(text)) this.#words.set(text, (this.#words.get(text) ?? 0) + 1);
      return;
    }
    this.#countText(text);
    const value = parseNumber(text, style);
    if (value === undefined) {
      this.texts++;
      if (DATE.test(text)) this.dates++;
      return;
    }
    if (style.separator !== ',' && hasDecimalComma(text)) this.decimalCommas++;
    if (!Number.isNaN(this.#last)) {
      if (!(value > this.#last)) this.isIncreasing = false;
      if (value !== this.#last + 1) this.countsRows = false;
      if (value > this.#last) this.rises++;
      else if (value < this.#last) this.falls++;
      this.#neighbours.add(this.#last, value);
    }
    this.#last = value;
    this.numbers++;
    if (value < this.smallest) this.smallest = value;
    if (value > this.largest) this.largest = value;
    if (!Number.isInteger(value)) this.isWhole = false;
  }

  #countText(text: string): void {
    if (this.distinct === undefined) return;
    const count = this.distinct.get(text);
    if (count === undefined && this.distinct.size >= MAX_DISTINCT) this.distinct = undefined;
    else this.distinct.set(text, (count ?? 0) + 1);
  }

  /** Of the class column: `none` and its like are names there, and no gaps. */
  countAsClasses(): void {
    for (const [word, count] of this.#words) {
      this.missing -= count;
      this.texts += count;
      this.distinct?.set(word, count);
    }
    this.#words.clear();
  }

  get rows(): number {
    return this.numbers + this.missing + this.texts;
  }

  /** Whether most cells are no numbers; missing ones do not count. */
  get isText(): boolean {
    return this.texts > this.numbers;
  }

  get isConstant(): boolean {
    return this.missing === 0 && this.distinct?.size === 1;
  }

  /** Correlation of a number with the next one in its file, −1 … 1; 0 where there is nothing to tell it by. */
  get neighbourCorrelation(): number {
    return this.#neighbours.correlation;
  }

  /** Whether the numbers only rise or only fall, as where a table is sorted by them. */
  get isSorted(): boolean {
    return this.rises === 0 || this.falls === 0;
  }

  /** Few different texts, each of several rows: what classes and groups look like. */
  get repeats(): boolean {
    return this.distinct !== undefined && this.distinct.size >= 2 && 2 * this.distinct.size <= this.rows;
  }

  /** Whether the numbers may well be those of classes: whole, few, and of several rows each. */
  get looksLikeClassNumbers(): boolean {
    return (
      this.isWhole &&
      this.texts === 0 &&
      this.repeats &&
      5 * this.distinct!.size <= this.rows &&
      this.distinct!.size <= 100
    );
  }
}
