// An integer network beside its float network: accuracies, a histogram of what separates their logits, the images where it is most.
import type { FloatComparison, WorstImage } from '@bitnetmcu/exporter';
import type { QuantizedModel } from '@bitnetmcu/models';
import { visibleText } from '@bitnetmcu/models/internal';
import type { Samples } from '@bitnetmcu/trainer';
import type { Terminal } from '../terminal.js';
import { drawPicture, pictureOf } from './picture.js';
import { count, percent } from './quantities.js';
import { bar } from './score-bars.js';
import { renderTable, sideBySide, visibleWidth } from './table.js';

const BAR_CELLS = 40;
const GAP = 3;
const QUANTILES = ['0', '0.01', '0.05', '0.25', '0.5', '0.75', '0.95', '0.99', '1'] as const;

/** Prints everything; pictures where the input is one. */
export function printComparison(
  terminal: Terminal,
  model: QuantizedModel,
  comparison: FloatComparison,
  samples: Samples,
): void {
  const { bold, green, yellow } = terminal.colors;
  const { accuracy, agreement, images, reference, differences, worst } = comparison;
  const same = Math.round(agreement * images);
  if (accuracy) {
    terminal.print(
      renderTable(
        [{ title: 'network' }, { title: 'accuracy', align: 'right' }],
        [
          [reference, percent(accuracy.float)],
          ['integers', percent(accuracy.integer)],
        ],
      ),
    );
    terminal.print();
  }
  const mark = same === images ? green('✓') : yellow('–');
  if (model.output === undefined) {
    terminal.print(
      `${mark} ${bold(`${percent(agreement)} agreement`)}: the same class for ${count(same)} of ${count(images)} ${noun(model)}s\n`,
    );
  }
  terminal.print(
    `Difference of the logits, integer − float, in the float network's units: ${amount(differences.rootMeanSquare)} root mean square, ` +
      `${percent(differences.relative)} of the logits' deviation`,
  );
  for (const line of histogramLines(differences.histogram)) terminal.print(`  ${line}`);
  terminal.print(
    `  quantiles  ${QUANTILES.map((q) => `${Number(q) * 100} %: ${amount(differences.quantiles[q])}`).join('  ')}`,
  );
  if (worst.length === 0) return;
  terminal.print(`\nThe ${worst.length} ${noun(model)}s with the largest differences`);
  for (const row of rowsOf(terminal, model, worst, samples)) terminal.print(`\n${row}`);
}

/** One line a bin: its middle, a bar, its count. The fullest bin has the whole bar; any other that is not empty at least a sliver. */
export function histogramLines({ from, to, counts }: FloatComparison['differences']['histogram']): string[] {
  const most = Math.max(1, ...counts);
  const width = (to - from) / counts.length;
  const middles = counts.map((_, i) => amount(from + (i + 0.5) * width));
  const widest = Math.max(...middles.map((text) => text.length));
  return counts.map((n, i) => {
    const share = n === 0 ? 0 : Math.max(n / most, 1 / (8 * BAR_CELLS));
    return `${middles[i]!.padStart(widest)} ${bar(share, BAR_CELLS).padEnd(BAR_CELLS)} ${n === 0 ? '' : count(n)}`.trimEnd();
  });
}

/** Rows of tables and windows of signals are no images. */
const noun = ({ input }: QuantizedModel): string => (input.raw === undefined ? 'image' : 'sample');

/** Captions over pictures, as many beside each other as the terminal is wide. */
function rowsOf(
  terminal: Terminal,
  model: QuantizedModel,
  worst: readonly WorstImage[],
  { bytes, count: images }: Samples,
): string[] {
  const features = bytes.length / images;
  const { isColorSupported } = terminal.colors;
  const blocks = worst.map((entry) => {
    const values = bytes.subarray(entry.image * features, (entry.image + 1) * features);
    const picture = pictureOf(model.input.shape, values);
    return [...caption(terminal, model, entry), ...(picture ? drawPicture(picture, isColorSupported) : [])];
  });
  const width = Math.max(...blocks.flat().map(visibleWidth));
  const columns = Math.max(1, Math.floor((terminal.columns + GAP) / (width + GAP)));
  return Array.from({ length: Math.ceil(blocks.length / columns) }, (_, row) =>
    blocks
      .slice(row * columns, (row + 1) * columns)
      .reduce((left, right) => sideBySide(left, right, GAP).split('\n'))
      .join('\n'),
  );
}

function caption(terminal: Terminal, model: QuantizedModel, entry: WorstImage): string[] {
  const { bold, dim, green, red } = terminal.colors;
  const { image, label, floatClass, integerClass, difference } = entry;
  const name = (index: number) => visibleText(model.labels[index] ?? String(index));
  const judged = (index: number) => (label === undefined ? name(index) : (index === label ? green : red)(name(index)));
  return [
    `${bold(`${noun(model)} ${image}`)}${label === undefined ? '' : `, a ${name(label)}`}`,
    `float ${judged(floatClass)}, integers ${judged(integerClass)}`,
    dim(`${amount(difference)} apart`),
  ];
}

/** Three significant digits. */
function amount(value: number): string {
  return value === 0 ? '0' : Number(value.toPrecision(3)).toString();
}
