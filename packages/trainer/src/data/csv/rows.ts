// Rows of cells from streamed CSV text (RFC 4180) by Papa Parse, with the line that each begins on.
import { Readable } from 'node:stream';
import Papa from 'papaparse';
import { TrainerError } from '../../errors.js';

/** A row that is longer, or never ends because a quotation mark is missing, is refused: 65 535 values of 60 characters fit. */
export const MAX_ROW_CHARACTERS = 2 ** 22;

/** Receives each row and the line, from 1, that it begins on; returns how many line ends stand inside its cells. */
export type RowHandler = (cells: readonly string[], line: number) => number;

/**
 * Parses the text to its end; empty lines are passed over.
 * @param separator one character
 * @throws TrainerError `invalid-data` for quotation marks out of place and endless rows, and what `text` and `onRow` throw.
 */
export async function parseRows(
  text: AsyncIterable<string>,
  separator: string,
  source: string,
  onRow: RowHandler,
): Promise<void> {
  let line = 1;
  let unfinished = 0;
  async function* bounded() {
    for await (const chunk of text) {
      unfinished += chunk.length;
      if (unfinished > MAX_ROW_CHARACTERS) {
        throw new TrainerError(
          'invalid-data',
          `${source}, line ${line}: the row does not end within ${MAX_ROW_CHARACTERS} characters. Is a quotation mark not closed?`,
        );
      }
      if (chunk !== '') yield chunk;
    }
  }
  await new Promise<void>((resolve, reject) => {
    const input = Readable.from(bounded());
    let failure: unknown;
    Papa.parse<string[], Readable>(input, {
      delimiter: separator,
      newline: '\n',
      chunk: ({ data, errors }, parser) => {
        if (data.length > 0) unfinished = 0;
        const misplaced = errors.find(({ type }) => type === 'Quotes')?.row;
        try {
          for (const [i, row] of data.entries()) {
            const cells = cellsOf(row, separator);
            if (i === misplaced) {
              throw new TrainerError(
                'invalid-data',
                `${source}, line ${line}: a quotation mark is out of place. A quoted cell begins and ends with one, and doubles those inside.`,
              );
            }
            const isEmpty = cells.length === 1 && cells[0]!.trim() === '';
            line += 1 + (isEmpty ? 0 : onRow(cells, line));
          }
        } catch (error) {
          failure = error;
          parser.abort();
          input.destroy();
          reject(failure);
        }
      },
      complete: () => {
        if (failure === undefined) resolve();
      },
      error: reject,
    });
  });
}

/** Spaces that line up columns are one separator. */
function cellsOf(row: string[], separator: string): string[] {
  if (separator !== ' ' || row.length < 2) return row;
  const cells = row.filter((cell) => cell !== '');
  return cells.length > 0 ? cells : [''];
}

/**
 * Makes rows as wide as the first one: a separator at the end of all rows but the first, or of the first alone, makes no column. Where some rows end with
 * one and another has a cell less and an empty end, that row may have lost a cell: it comes out with too few, to be refused.
 * @param width cells of the first row @param endsEmpty whether its last one is empty
 */
export function rowFitter(width: number, endsEmpty: boolean): (cells: readonly string[]) => readonly string[] {
  const base = endsEmpty ? width - 1 : width;
  let ended = false;
  let isDoubtful = false;
  return (cells) => {
    const isEmpty = cells.at(-1)!.trim() === '';
    ended ||= cells.length === base + 1 && isEmpty;
    isDoubtful ||= cells.length === base && isEmpty;
    if (ended && isDoubtful && isEmpty && cells.length <= base + 1) return cells.slice(0, width - 1);
    if (cells.length === width + 1 && isEmpty) return cells.slice(0, width);
    return cells.length === width - 1 && endsEmpty ? [...cells, ''] : cells;
  };
}

/** Whether the last cell of a row is empty. */
export const endsEmpty = (cells: readonly string[] | undefined): boolean => cells?.at(-1)?.trim() === '';

/** The first rows of a text that fits in memory. @param isWhole false where the text goes on: its last row may be cut, and is left out */
export function firstRows(text: string, separator: string, limit: number, isWhole: boolean): string[][] {
  const { data } = Papa.parse<string[]>(text, { delimiter: separator, newline: '\n', preview: limit + 1 });
  const whole = isWhole || data.length > limit ? data : data.slice(0, -1);
  return whole
    .map((cells) => cellsOf(cells, separator))
    .filter((cells) => cells.length > 1 || cells[0]!.trim() !== '')
    .slice(0, limit);
}
