// Bars of class scores: integer logits from the lowest (no bar) to the highest (full bar).
import { visibleText } from '@bitnetmcu/models/internal';

const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'] as const;

/** A horizontal bar of `share` (0 to 1) of `width` cells, to an eighth of a cell. */
export function bar(share: number, width: number): string {
  const eighths = Math.round(Math.min(1, Math.max(0, share)) * width * 8);
  return '█'.repeat(Math.floor(eighths / 8)) + EIGHTHS[eighths % 8];
}

/** One line a class: label, bar, logit; `emphasize` marks the winner's line. */
export function scoreBars(
  labels: readonly string[],
  logits: ArrayLike<number>,
  winner: number,
  width: number,
  emphasize: (line: string) => string,
): string[] {
  const values = Array.from(logits);
  const lowest = Math.min(...values);
  const range = Math.max(1, Math.max(...values) - lowest);
  const shown = values.map((_, i) => visibleText(labels[i] ?? String(i)));
  const labelWidth = Math.max(...shown.map((label) => label.length));
  const numberWidth = Math.max(...values.map((value) => String(value).length));
  return values.map((value, i) => {
    const label = shown[i]!.padStart(labelWidth);
    const line = `${label} ${String(value).padStart(numberWidth)} ${bar((value - lowest) / range, width)}`;
    return i === winner ? emphasize(line) : line;
  });
}
