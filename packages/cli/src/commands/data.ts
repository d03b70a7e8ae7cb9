// `bitnetmcu data`: looks at own data as `train` does, or fetches and checks a data set, and shows what is in it.
import { elementCount, type Task, taskOf, visibleText } from '@bitnetmcu/models/internal';
import type { Samples } from '@bitnetmcu/trainer';
import { dataSpecSchema } from '@bitnetmcu/trainer/internal';
import { type CommandContext, newCommand } from '../command.js';
import { CliError } from '../errors.js';
import { addDataFlags, dataSpec } from '../inputs/dataset.js';
import { openNamedDataset } from '../inputs/model-data.js';
import { isThere, noSuchPath } from '../own-data/argument.js';
import { openOwnData } from '../own-data/open-own-data.js';
import { printOwnData } from '../own-data/own-training.js';
import { addShortFlags } from '../own-data/short-flags.js';
import { drawPicture } from '../render/picture.js';
import { count } from '../render/quantities.js';
import { renderTable } from '../render/table.js';

interface DataFlags extends Record<string, unknown> {
  readonly show?: string[];
}

export function dataCommand({ terminal }: CommandContext) {
  const command = newCommand(
    'data',
    'Looks at your own data as train does, or fetches a data set, and shows what is in it.',
  )
    .argument('[dataset]', 'your own file or folder, mnist or fashion-mnist; other kinds by --data and its companions')
    .option('--show <numbers...>', 'draw these test samples, where they are pictures');
  addShortFlags(command);
  addDataFlags(command);
  command.addHelpText(
    'after',
    '\nExamples\n  bitnetmcu data iris.csv\n  bitnetmcu data mnist --show 0 42\n  bitnetmcu data --data emnist --data-path ~/emnist --data-split letters',
  );
  return command.action(async (name: string | undefined, given: DataFlags) => {
    if (name !== undefined && !isThere(name) && !isDataKind(name)) throw noSuchData(name);
    const own = name !== undefined && isThere(name) ? await openOwnData(name, given, terminal) : undefined;
    if (own && name !== undefined) printOwnData(terminal, name, own.dataset, own.assumptions);
    const dataset =
      own?.dataset ??
      (await openNamedDataset(dataSpec(name === undefined ? given : { ...given, data: name }), terminal));
    const { train, test, shape, labels } = dataset;
    const task = taskOf(dataset);
    terminal.printJson({
      dataset: dataset.name,
      sha256: dataset.sha256,
      shape,
      classes: labels,
      train: { samples: train.count, perClass: perClass(train, labels.length, task) },
      test: { samples: test.count, perClass: perClass(test, labels.length, task) },
      // How the files were read; people have seen it while they were.
      notes: dataset.notes ?? [],
      ...(own && { assumptions: own.assumptions }),
    });
    terminal.print(
      `${terminal.colors.bold(visibleText(dataset.name))}, samples of ${shape.join('×')}, checked (SHA-256 ${dataset.sha256.slice(0, 16)}…)\n`,
    );
    const [trainCounts, testCounts] = [perClass(train, labels.length, task), perClass(test, labels.length, task)];
    terminal.print(
      renderTable(
        [{ title: NOUNS[task] }, { title: 'training', align: 'right' }, { title: 'test', align: 'right' }],
        [
          ...(task === 'regression' ? [] : labels).map((label, i) => [
            label,
            count(trainCounts[i]!),
            count(testCounts[i]!),
          ]),
          ['all', count(train.count), count(test.count)],
        ],
      ),
    );
    const features = elementCount(shape);
    for (const text of given.show ?? []) {
      const number = Number(text);
      if (!Number.isInteger(number) || number < 0 || number >= test.count) {
        throw new CliError(
          'invalid-value',
          `--show ${text}: the number of a test sample is wanted, 0 to ${test.count - 1}.`,
        );
      }
      if (shape.length !== 3 || shape[1] === 1)
        throw new CliError('usage', `The samples of ${dataset.name} are no images and cannot be drawn.`);
      const pixels = test.bytes.subarray(number * features, (number + 1) * features);
      terminal.print(`\ntest sample ${number}: ${visibleText(labels[test.labels[number]!]!)}`);
      terminal.print(
        drawPicture(
          { width: shape[2], height: shape[1], pixels: pixels.subarray(0, shape[1] * shape[2]) },
          terminal.colors.isColorSupported,
        ).join('\n'),
      );
    }
  });
}

/** What people call data sets that are fetched. */
const NAMES = ['mnist', 'fashion-mnist'];

function isDataKind(name: string): boolean {
  return dataSpecSchema.options.some(({ shape }) => shape.kind.value === name);
}

function noSuchData(name: string): CliError {
  return noSuchPath(name, `the name of a data set (${NAMES.join(', ')})`);
}

const NOUNS: Readonly<Record<Task, string>> = {
  classification: 'class',
  regression: '',
  anomaly: 'label',
  multiLabel: 'label',
};

/** Samples of each class, or with each label. */
function perClass(samples: Samples, classes: number, task: Task): number[] {
  const counts = new Array<number>(classes).fill(0);
  if (task === 'multiLabel') {
    samples.targets?.forEach((target, i) => {
      if (target > 0.5) counts[i % classes]!++;
    });
    return counts;
  }
  for (const label of samples.labels) counts[label]!++;
  return counts;
}
