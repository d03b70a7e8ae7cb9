// Plain text tables: columns as wide as their widest cell, numbers flush right.
import { visibleText } from '@bitnetmcu/models/internal';
import { unstyled } from './styled-text.js';

type Alignment = 'left' | 'right';

export interface Column {
  readonly title: string;
  readonly align?: Alignment;
}

/** Visible width of a text; styles have none. */
export function visibleWidth(text: string): number {
  return [...unstyled(text)].length;
}

function pad(text: string, width: number, align: Alignment): string {
  const space = ' '.repeat(Math.max(0, width - visibleWidth(text)));
  return align === 'right' ? space + text : text + space;
}

/** Renders rows of cells below their titles, two spaces between columns; a rule under the titles. A cell is one line: controls in it are shown as escapes. */
export function renderTable(columns: readonly Column[], cells: readonly (readonly string[])[]): string {
  const rows = cells.map((row) => row.map(visibleText));
  const widths = columns.map((column, i) =>
    Math.max(visibleWidth(column.title), ...rows.map((row) => visibleWidth(row[i] ?? ''))),
  );
  const line = (row: readonly string[]): string =>
    columns
      .map((column, i) => pad(row[i] ?? '', widths[i]!, column.align ?? 'left'))
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
