// `bitnetmcu search`: the best networks for a part within a budget, from nothing but the data and the budget.
import { availableParallelism } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { findSimulationTarget } from '@bitnetmcu/mcu-runtime/targets';
import { visibleText } from '@bitnetmcu/models/internal';
import { createLocalPool, openRecords, type SearchResult, searchNetworks } from '@bitnetmcu/studies';
import type { DataSpec } from '@bitnetmcu/trainer/internal';
import { type CommandContext, newCommand } from '../command.js';
import { CliError } from '../errors.js';
import { EXIT_CODES, type ExitCode } from '../exit-codes.js';
import { parseBudget } from '../inputs/budget.js';
import { addDataFlags, dataSpec } from '../inputs/dataset.js';
import { openNamedDataset } from '../inputs/model-data.js';
import { searchLag, searchLimits } from '../inputs/search-limits.js';
import { withInterrupt } from '../interrupt.js';
import { trainArgument } from '../own-data/argument.js';
import { openOwnData } from '../own-data/open-own-data.js';
import { addShortFlags } from '../own-data/short-flags.js';
import { frontTable } from '../render/front-table.js';
import { count } from '../render/quantities.js';
import { SearchProgress } from '../render/search-progress.js';
import { shellPath } from '../render/shell-word.js';
import { belowWanted, pointJson, writeFront } from '../results/search-front.js';

interface SearchFlags extends Record<string, unknown> {
  readonly target: string;
  readonly maxFlash?: string;
  readonly maxRam?: string;
  readonly maxMs?: string;
  readonly maxWeights?: string;
  readonly hours?: string;
  readonly runs?: string;
  readonly epochs?: string;
  readonly seed?: string;
  readonly minAccuracy?: string;
  readonly jobs?: string;
  readonly out?: string;
}

export function searchCommand({ terminal, setExitCode }: CommandContext) {
  const command = newCommand(
    'search',
    'Searches networks for a part within a budget: layers, widths, weight formats, resolution, recipe.',
  )
    .argument('[data]', 'your own data: a table (.csv), arrays (.npz), a folder of pictures or recordings; or --data')
    .requiredOption('--target <part>', 'the part, such as ch32v003')
    .option('--max-flash <bytes>', 'of firmware, code and weights, such as 4k (default: what the part has)')
    .option('--max-ram <bytes>', 'of firmware with its stack (default: what the part has)')
    .option('--max-ms <milliseconds>', 'of one inference (default: no limit)')
    .option('--max-weights <bytes>', 'of packed weights, such as 1k (default: no limit)')
    .option('--min-accuracy <share>', 'networks below are not bred from, such as 0.9 (default: 0)')
    .option('--hours <number>', 'how long (default: 0.25 without --runs)')
    .option('--runs <number>', 'trainings at most, short ones included')
    .option('--epochs <number>', 'of the longest trainings (default: as suits the data)')
    .option('--seed <number>', 'of what is drawn and of the trainings (default: 1)')
    .option(
      '--jobs <number>',
      'trainings at a time, each on one core (default: the number of cores); above 4 it is part of what is searched',
    )
    .option(
      '--out <folder>',
      'where everything goes (default: searches/<data>-<part>); the same folder goes on where it was',
    );
  addShortFlags(command);
  addDataFlags(command);
  command.addHelpText(
    'after',
    `
Networks are priced by simulation before they are trained, and those that break the budget are not. Most are trained shortly, the best for all
epochs. They are chosen by held-out samples; the test part is looked at at the end, for the networks that are shown. Ctrl-C keeps everything: the same
command goes on.

Examples
  bitnetmcu search --data mnist --target ch32v003 --max-flash 6k --max-ms 30 --hours 1
  bitnetmcu search motion.csv --window 64 --target ch32v003 --runs 100`,
  );
  return command.action(async (argument: string | undefined, given: SearchFlags) => {
    const { milliseconds, flash, ram } = parseBudget(given);
    const target = findSimulationTarget(given.target).name;
    const { maxWeights, ...limits } = searchLimits(given);
    const budget = { target, maxFlash: flash, maxRam: ram, maxMs: milliseconds, maxWeights };
    const { data, name } = await dataOf(argument, given);
    const study = `${name}-${target}`.replace(/[^A-Za-z0-9_-]+/g, '-');
    const records = openRecords(given.out ?? join('searches', study));
    const jobs = limits.jobs ?? availableParallelism();
    const runner = createLocalPool({ processes: jobs });
    try {
      terminal.note(
        terminal.colors.dim(
          `Searching networks for ${target} on ${visibleText(name)}, ${jobs} trainings at a time, into ${visibleText(records.folder)}; Ctrl-C keeps them and stops`,
        ),
      );
      const progress = new SearchProgress(terminal, limits);
      const { runs, seconds, epochs, seed, minAccuracy } = limits;
      const result = await withInterrupt(terminal, 'Keeping what was done … (Ctrl-C again quits at once)', (signal) =>
        searchNetworks({
          ...{ name: study, data, budget, records, runner, signal, runs, seconds, epochs, seed, minAccuracy },
          lag: searchLag(jobs),
          onRun: (run) => progress.ended(run),
          onProgress: () => progress.draw(),
        }),
      );
      terminal.clearStatus();
      const written = writeFront(result, records, `${name} on ${target}`);
      setExitCode(report(result, written, records.folder));
      const shortfall = belowWanted(result, minAccuracy);
      if (shortfall) terminal.note(shortfall);
    } finally {
      await runner.close();
      records.close();
    }
  });

  async function dataOf(
    argument: string | undefined,
    given: SearchFlags,
  ): Promise<{ readonly data: DataSpec; readonly name: string }> {
    const what = trainArgument(argument);
    if (what.kind === 'config') {
      throw new CliError(
        'usage',
        `${visibleText(what.path)} is a configuration; data are wanted. Name them as the argument or by --data.`,
      );
    }
    if (what.kind === 'data') {
      const { spec } = await openOwnData(what.path, given, terminal);
      return { data: spec, name: basename(resolve(what.path)) };
    }
    if (given.data === undefined)
      throw new CliError('usage', 'No data were named: a file or folder wanted, or --data mnist.');
    const data = dataSpec(given);
    await openNamedDataset(data, terminal);
    return { data, name: data.kind };
  }

  function report(
    { status, runs, points: found }: SearchResult,
    { points, plot }: ReturnType<typeof writeFront>,
    folder: string,
  ): ExitCode {
    const failed = runs.filter(({ record }) => record.status === 'failed').length;
    terminal.printJson({ status, folder, trainings: runs.length, failed, points: points.map(pointJson), plot });
    if (found.length > 0) terminal.print(frontTable(points));
    const networks = found.length === 1 ? '1 network' : `${count(found.length)} networks`;
    terminal.note(
      `${count(runs.length)} trainings${failed > 0 ? `, ${count(failed)} failed` : ''}; ${networks} that no other one is better than.${plot === undefined ? '' : ` Picture: ${visibleText(plot)}`}`,
    );
    const best = points.reduce<(typeof points)[number] | undefined>(
      (one, other) => (one === undefined || other.validation > one.validation ? other : one),
      undefined,
    );
    if (best) {
      terminal.note(
        `\nNext\n  bitnetmcu firmware ${shellPath(best.model)}\n  bitnetmcu train ${shellPath(best.config)}    the same network once more`,
      );
    }
    return status === 'interrupted' ? EXIT_CODES.interrupted : EXIT_CODES.ok;
  }
}
