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

/** What a model makes of one sample. */
export interface Scored {
  /** Class number. */
  readonly winner: number;
  /** One a class. */
  readonly logits: readonly number[];
  /** One a class, where the model says how logits become probabilities. */
  readonly probabilities: readonly number[] | undefined;
}

/** Classes that are listed: of more, those with the highest scores. */
const MOST_CLASSES = 12;

/** One line a class: probability, bar and logit, or the bars of the logits alone where there are no probabilities. */
export function scoreLines(
  labels: readonly string[],
  { winner, logits, probabilities }: Scored,
  width: number,
  emphasize: (line: string) => string,
): string[] {
  if (probabilities === undefined) return scoreBars(labels, logits, winner, width, emphasize);
  const order = [...logits.keys()];
  const shownClasses =
    order.length <= MOST_CLASSES ? order : order.sort((a, b) => logits[b]! - logits[a]!).slice(0, MOST_CLASSES);
  const names = shownClasses.map((i) => visibleText(labels[i] ?? String(i)));
  const labelWidth = Math.max(...names.map((name) => name.length));
  const lines = shownClasses.map((i, row) => {
    const share = probabilities[i]!;
    const line = `${names[row]!.padStart(labelWidth)} ${(100 * share).toFixed(1).padStart(5)} % ${bar(share, width)} (${logits[i]})`;
    return i === winner ? emphasize(line) : line;
  });
  return order.length <= MOST_CLASSES ? lines : [...lines, `and ${logits.length - MOST_CLASSES} more classes`];
}
