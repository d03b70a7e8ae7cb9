// `bitnetmcu zoo`: the trained models that come with the package, with their sizes and scores.
import { findSimulationTarget } from '@bitnetmcu/mcu-runtime/targets';
import { formatShape } from '@bitnetmcu/models/internal';
import { findZooEntry, type ZooEntry, zoo } from '@bitnetmcu/models/zoo';
import { type CommandContext, newCommand } from '../command.js';
import { CliError } from '../errors.js';
import { bytes, count, percent } from '../render/quantities.js';
import { estimateMark } from '../render/simulation.js';
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
  { title: 'fits (ms an image)' },
];

const SEED_COLUMNS: readonly Column[] = [
  { title: 'seed', align: 'right' },
  { title: 'validation', align: 'right' },
  { title: 'test', align: 'right' },
  { title: '' },
];

export function zooCommand({ terminal }: CommandContext) {
  const command = newCommand('zoo', 'Lists the trained models that come with the package, or tells all about one.')
    .argument('[name]', 'one model: its network, the scores of every seed, the command that trains it again')
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
  fits              targets for which firmware can be built, with milliseconds of an image that is mostly background; ≈: estimated

Use them as zoo:<name> wherever a command wants a model
  bitnetmcu infer zoo:fc-1k 42
  bitnetmcu sim zoo:fc-1k --target ch32v003
  bitnetmcu export zoo:fc-1k`,
  );
  return command.action((name: string | undefined, given: ZooFlags) => {
    if (name !== undefined) return showEntry(findZooEntry(name.replace(/^zoo:/, '')));
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

  function showEntry(entry: ZooEntry): void {
    terminal.printJson(entry);
    const { bold, dim } = terminal.colors;
    const { dataset, input, classes, weightBytes, ramBytes, macs, published, floatCeiling } = entry;
    const about = dim(`(${dataset}, ${formatShape(input)} → ${classes} classes)`);
    terminal.print(`${bold(entry.name)} ${about}\n${entry.network}\n`);
    const rows = entry.seeds.map(({ seed, validation, test }) => [
      String(seed),
      percent(validation),
      percent(test),
      seed === entry.seed ? 'shipped' : '',
    ]);
    terminal.print(`${renderTable(SEED_COLUMNS, rows)}\n`);
    const facts: readonly (readonly [string, string | undefined])[] = [
      ['test, all seeds', meanAndDeviation(entry)],
      ['published', published && `${percent(published.accuracy)} (${published.network})`],
      ['float ceiling', floatCeiling === undefined ? undefined : percent(floatCeiling)],
      ['weights', bytes(weightBytes)],
      ['RAM', `${bytes(ramBytes)} and the stack`],
      ['MACs', count(macs)],
      ['fits (ms)', onTargets(entry)],
      ['trained by', entry.command],
    ];
    for (const [title, value] of facts) {
      if (value) terminal.print(`${title.padEnd(16)} ${value}`);
    }
  }
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

function row(entry: ZooEntry): string[] {
  const { name, weightBytes, test, published, ramBytes, macs } = entry;
  return [
    name,
    bytes(weightBytes),
    percent(test),
    meanAndDeviation(entry),
    published === undefined ? '' : percent(published.accuracy),
    count(ramBytes),
    count(macs),
    onTargets(entry),
  ];
}

/** ch32v003 12.3, rp2040 1.2: the targets on which it fits, with milliseconds. */
function onTargets({ targets, milliseconds }: ZooEntry): string {
  return targets.map((target, i) => `${target} ${estimateMark(target)}${milliseconds[i]}`).join(', ');
}

/** 99.02 ± 0.06; nothing of a single seed. */
function meanAndDeviation({ testMean, testDeviation }: ZooEntry): string {
  return testDeviation === undefined ? '' : `${(100 * testMean).toFixed(2)} ± ${(100 * testDeviation).toFixed(2)}`;
}
