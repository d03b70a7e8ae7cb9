// Plain text tables: columns as wide as their widest cell, numbers flush right.
import { stripVTControlCharacters } from 'node:util';

type Alignment = 'left' | 'right';

export interface Column {
  readonly title: string;
  readonly align?: Alignment;
}

/** Visible width of a text; escape sequences have none. */
export function visibleWidth(text: string): number {
  return [...stripVTControlCharacters(text)].length;
}

function pad(text: string, width: number, align: Alignment): string {
  const space = ' '.repeat(Math.max(0, width - visibleWidth(text)));
  return align === 'right' ? space + text : text + space;
}

/** Renders rows of cells below their titles, two spaces between columns; a rule under the titles. */
export function renderTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const widths = columns.map((column, i) =>
    Math.max(visibleWidth(column.title), ...rows.map((row) => visibleWidth(row[i] ?? ''))),
  );
  const line = (cells: readonly string[]): string =>
    columns
      .map((column, i) => pad(cells[i] ?? '', widths[i]!, column.align ?? 'left'))
      .join('  ')
      .trimEnd();
  const rule = widths.map((width) => '─'.repeat(width)).join('  ');
  return [line(columns.map((column) => column.title)), rule, ...rows.map(line)].join('\n');
}

/** Two blocks of lines beside each other. */
export function sideBySide(left: readonly string[], right: readonly string[], gap = 3): string {
  const width = Math.max(0, ...left.map(visibleWidth));
  const lines: string[] = [];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    lines.push((pad(left[i] ?? '', width + gap, 'left') + (right[i] ?? '')).trimEnd());
  }
  return lines.join('\n');
}
