// `bitnetmcu zoo`: the trained models that come with the package, with their sizes and scores.
import { findSimulationTarget } from '@bitnetmcu/mcu-runtime/targets';
import { type ZooEntry, zoo } from '@bitnetmcu/models/zoo';
import { type CommandContext, newCommand } from '../command.js';
import { CliError } from '../errors.js';
import { bytes, count, percent } from '../render/quantities.js';
import { type Column, renderTable } from '../render/table.js';

interface ZooFlags {
  readonly data?: string;
  readonly target?: string;
  readonly maxBytes?: string;
}

const COLUMNS: readonly Column[] = [
  { title: 'model' },
  { title: 'weights', align: 'right' },
  { title: 'test', align: 'right' },
  { title: 'mean ± deviation', align: 'right' },
  { title: 'published', align: 'right' },
  { title: 'RAM', align: 'right' },
  { title: 'MACs', align: 'right' },
  { title: 'fits' },
];

export function zooCommand({ terminal }: CommandContext) {
  const command = newCommand('zoo', 'Lists the trained models that come with the package.')
    .option('--data <name>', 'only models of this data set')
    .option('--target <name>', 'only models that fit this target')
    .option('--max-bytes <number>', 'only models whose weights take at most so many bytes');
  command.addHelpText(
    'after',
    `
Columns
  test              accuracy of the shipped model, chosen by its validation score, on the test images
  mean ± deviation  of the test accuracy over the seeds that were trained
  published         the best that the original BitNetMCU project published at this size
  RAM               buffers of input, activations and logits in bytes; the stack comes on top
  MACs              multiply-accumulates of one inference

Use them as zoo:<name> wherever a command wants a model
  bitnetmcu infer zoo:fc-1k 42
  bitnetmcu sim zoo:fc-1k --target ch32v003
  bitnetmcu export zoo:fc-1k`,
  );
  return command.action((given: ZooFlags) => {
    const chosen = zoo.filter(filterOf(given));
    terminal.printJson(chosen);
    if (chosen.length === 0) {
      terminal.print(zoo.length === 0 ? 'This version comes without trained models.' : 'No model of the zoo is so.');
      return;
    }
    const { bold } = terminal.colors;
    for (const dataset of new Set(chosen.map((entry) => entry.dataset))) {
      terminal.print(`${bold(dataset)}\n`);
      const rows = chosen.filter((entry) => entry.dataset === dataset).map(row);
      // Columns that nothing fills are left out: other data sets have no published figures.
      const used = COLUMNS.map((_, i) => rows.some((cells) => cells[i] !== ''));
      terminal.print(
        `${renderTable(
          COLUMNS.filter((_, i) => used[i]),
          rows.map((cells) => cells.filter((_, i) => used[i])),
        )}\n`,
      );
    }
    terminal.print(`Use one as zoo:<name>, as in \`bitnetmcu inspect zoo:${chosen[0]!.name}\`.`);
  });
}

function filterOf({ data, target, maxBytes }: ZooFlags): (entry: ZooEntry) => boolean {
  const limit = maxBytes === undefined ? Number.POSITIVE_INFINITY : Number(maxBytes);
  if (maxBytes?.trim() === '' || !(limit > 0)) {
    throw new CliError('usage', `--max-bytes ${maxBytes}: a number above 0 is wanted.`);
  }
  if (target !== undefined) findSimulationTarget(target);
  return (entry) =>
    (data === undefined || entry.dataset === data) &&
    (target === undefined || entry.targets.includes(target)) &&
    entry.weightBytes <= limit;
}

function row({
  name,
  weightBytes,
  test,
  testMean,
  testDeviation,
  published,
  ramBytes,
  macs,
  targets,
}: ZooEntry): string[] {
  return [
    name,
    bytes(weightBytes),
    percent(test),
    testDeviation === undefined ? '' : `${(100 * testMean).toFixed(2)} ± ${(100 * testDeviation).toFixed(2)}`,
    published === undefined ? '' : percent(published.accuracy),
    count(ramBytes),
    count(macs),
    targets.join(' '),
  ];
}
