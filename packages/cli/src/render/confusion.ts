// A confusion matrix in the terminal: the whole of it where it is small enough, else the classes with the lowest recall and the worst pairs.
import { visibleText } from '@bitnetmcu/models/internal';
import type { ClassScore, Confusion } from '../results/confusion.js';
import type { Terminal } from '../terminal.js';
import { count, percent } from './quantities.js';
import { type Column, renderTable, visibleWidth } from './table.js';

/** More classes than this are not shown as a matrix. */
const MOST_CLASSES = 20;
/** Pairs and classes that are named where there is no matrix. */
const WORST = 10;
const LONGEST_LABEL = 16;

/** Prints matrix, recall and precision; classes never predicted are named on standard error. */
export function printConfusion(terminal: Terminal, confusion: Confusion, heading: string): void {
  const { bold, dim } = terminal.colors;
  const { labels, samples, correct } = confusion;
  terminal.print(
    `\n${bold(heading)} ${percent(correct / samples)} ${dim(`(${count(correct)} of ${count(samples)} test samples)`)}`,
  );
  const matrix = labels.length <= MOST_CLASSES ? matrixTable(confusion) : undefined;
  if (matrix !== undefined && widthOf(matrix) <= terminal.columns) terminal.print(matrix);
  else printWorst(terminal, confusion);
  printNeverPredicted(terminal, confusion);
}

const widthOf = (table: string): number => Math.max(...table.split('\n').map(visibleWidth));

function matrixTable({ labels, matrix, classes }: Confusion): string {
  // Columns are named by the numbers of the rows where names would make them wide.
  const names = labels.map(short);
  const byName = names.every((name) => name.length <= 6);
  const rowNames = byName ? names : names.map((name, i) => `${i} ${name}`);
  const columns: Column[] = [
    { title: 'is \\ given' },
    ...names.map((name, i): Column => ({ title: byName ? name : String(i), align: 'right' })),
    { title: 'recall', align: 'right' },
    { title: 'precision', align: 'right' },
  ];
  return renderTable(
    columns,
    matrix.map((row, i) => [
      rowNames[i]!,
      ...row.map((samples) => (samples === 0 ? '·' : String(samples))),
      ...sharesOf(classes[i]!),
    ]),
  );
}

function printWorst(terminal: Terminal, { classes, mistakes }: Confusion): void {
  const worst = classes
    .filter(({ samples }) => samples > 0)
    .sort((a, b) => (a.recall ?? 0) - (b.recall ?? 0))
    .slice(0, WORST);
  terminal.print(`classes with the lowest recall, ${worst.length} of ${classes.length}`);
  terminal.print(
    renderTable(
      [
        { title: 'class' },
        { title: 'samples', align: 'right' },
        { title: 'recall', align: 'right' },
        { title: 'precision', align: 'right' },
      ],
      worst.map((one) => [short(one.label), count(one.samples), ...sharesOf(one)]),
    ),
  );
  if (mistakes.length === 0) return;
  terminal.print('most frequent mistakes');
  for (const { label, predicted, samples } of mistakes.slice(0, WORST)) {
    terminal.print(`  ${count(samples)} of ${short(label)} taken for ${short(predicted)}`);
  }
}

function printNeverPredicted(terminal: Terminal, { classes, neverPredicted }: Confusion): void {
  if (neverPredicted.length === 0) return;
  const names = neverPredicted.slice(0, 8).map((label) => {
    const found = classes.find((one) => one.label === label);
    return `${short(label)} (0 of ${count(found?.samples ?? 0)})`;
  });
  const more = neverPredicted.length > names.length ? `, and ${neverPredicted.length - names.length} more` : '';
  terminal.note(`${terminal.colors.yellow('!')} never predicted: ${names.join(', ')}${more}`);
}

const sharesOf = ({ recall, precision }: ClassScore): string[] => [recall, precision].map(shareText);

const shareText = (share: number | undefined): string => (share === undefined ? '–' : `${(100 * share).toFixed(1)} %`);

function short(label: string): string {
  const text = visibleText(label);
  return text.length > LONGEST_LABEL ? `${text.slice(0, LONGEST_LABEL - 1)}…` : text;
}
