// `bitnetmcu compare`: are networks, or recipes over seeds, really different?
import { compareWithFirst, meanAndDeviation } from '@bitnetmcu/studies/internal';
import { type CommandContext, newCommand } from '../command.js';
import { addDataFlags } from '../inputs/dataset.js';
import { MODEL_ARGUMENT } from '../inputs/model.js';
import { addTrustFlag, type DataTrust } from '../inputs/model-data.js';
import { comparedTable } from '../render/compared-table.js';
import { sidesOf } from '../results/compared-sides.js';

const HELP = `
Each of the others is compared with the first one. Networks that were trained by one recipe are one side, so that
  bitnetmcu compare runs/a-1 runs/a-2 runs/a-3 runs/b-1 runs/b-2 runs/b-3
compares a with b over three seeds: by a paired t test, which needs the same seeds on both sides. One network on either side are compared
answer by answer over the same test samples (McNemar's test). Of several comparisons p is corrected (Holm). A difference is real where p is
below 0.05.

Examples
  bitnetmcu compare runs/mine zoo:mini-cnn-1k --data mnist
  bitnetmcu compare studies/learning-rates`;

export function compareCommand({ terminal }: CommandContext) {
  const command = newCommand(
    'compare',
    'Compares networks, or recipes over seeds, and says whether a difference is real.',
  ).argument('<run...>', `folders that train wrote, folders of records that study wrote, or models: ${MODEL_ARGUMENT}`);
  addTrustFlag(command);
  addDataFlags(command);
  command.addHelpText('after', HELP);
  return command.action(async (paths: readonly string[], given: Record<string, unknown> & DataTrust) => {
    const sides = await sidesOf(paths, given, terminal);
    const comparisons = compareWithFirst(sides);
    const shown = sides.map(({ name, runs, weightBytes }) => ({
      name,
      weightBytes,
      ...meanAndDeviation(runs.map(({ value }) => value)),
    }));
    const { part, measure } = sides[0].runs[0]!;
    terminal.printJson({ part, measure, sides: shown, comparisons });
    terminal.print(comparedTable(shown, { part, measure }));
    terminal.print();
    for (const { sentence } of comparisons) terminal.print(sentence);
  });
}
