// `bitnetmcu search`: the best networks for a part within a budget, from nothing but the data and the budget.
import { basename, join, resolve } from 'node:path';
import { findSimulationTarget, type SimulationTargetName } from '@bitnetmcu/mcu-runtime/targets';
import { visibleText } from '@bitnetmcu/models/internal';
import { openRecords, type SearchResult, searchNetworks } from '@bitnetmcu/studies';
import type { DataSpec } from '@bitnetmcu/trainer/internal';
import { type CommandContext, newCommand } from '../command.js';
import { CliError } from '../errors.js';
import { EXIT_CODES, type ExitCode } from '../exit-codes.js';
import { parseBudget } from '../inputs/budget.js';
import { addDataFlags, dataSpec } from '../inputs/dataset.js';
import { openNamedDataset } from '../inputs/model-data.js';
import { REDIS_HELP } from '../inputs/queue-flags.js';
import { type ChosenRunner, chosenRunner } from '../inputs/runner.js';
import { searchJobs, searchLag, searchLimits } from '../inputs/search-limits.js';
import { withInterrupt } from '../interrupt.js';
import { trainArgument } from '../own-data/argument.js';
import { openOwnData } from '../own-data/open-own-data.js';
import { addShortFlags } from '../own-data/short-flags.js';
import { frontTable } from '../render/front-table.js';
import { projectCommand } from '../render/project-command.js';
import { count, percent } from '../render/quantities.js';
import { SearchProgress } from '../render/search-progress.js';
import { shellPath } from '../render/shell-word.js';
import { readFront } from '../results/front-folder.js';
import { PICK_HELP, type PickLimits, parsePick, pickOf, writePicked } from '../results/picked-point.js';
import { belowWanted, pointJson, type WrittenFront, writeFront } from '../results/search-front.js';

interface SearchFlags extends Record<string, unknown> {
  readonly target?: string;
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
  readonly redis?: string | true;
  readonly output?: string;
  readonly pick?: string;
}

interface Picking {
  readonly pick: ReturnType<typeof parsePick>;
  readonly limits: PickLimits;
}

interface ReportedSearch {
  readonly folder: string;
  readonly target: SimulationTargetName;
  readonly picking: Picking | undefined;
}

/** @throws CliError `usage` */
function wantedTarget({ target }: SearchFlags): string {
  if (target !== undefined) return target;
  throw new CliError('usage', 'No part was named: --target is wanted, such as --target ch32v003.');
}

/** @throws CliError `usage` */
function searchFolder({ output }: SearchFlags): string {
  if (output !== undefined) return output;
  throw new CliError(
    'usage',
    '--pick without data takes a network of a search that ended, and --output, which names its folder, is missing. Give it, or the data.',
  );
}

export function searchCommand({ terminal, setExitCode }: CommandContext) {
  const command = newCommand(
    'search',
    'Searches networks for a part within a budget: layers, widths, weight formats, resolution, recipe.',
  )
    .argument('[data]', 'your own data: a table (.csv), arrays (.npz), a folder of pictures or recordings; or --data')
    .option('--target <part>', 'the part, such as ch32v003')
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
      'trainings at a time, each on one core (default: the number of cores, with --redis 4); above 4 it is part of what is searched',
    )
    .option('--redis [address]', `workers of a queue make the trainings: ${REDIS_HELP}`)
    .option(
      '-o, --output <folder>',
      'where everything goes (default: searches/<data>-<part>); the same folder goes on where it was',
    )
    .option(
      '--pick <network>',
      `write one of the networks found as .bnm and C: ${PICK_HELP}; without data, of the search that --output holds`,
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
  bitnetmcu search motion.csv --window 64 --target ch32v003 --runs 100
  bitnetmcu search motion.csv --target ch32v003 --hours 1 --redis redis://queue.example --jobs 32
  bitnetmcu search --output searches/motion-csv-ch32v003 --pick best --max-flash 5k`,
  );
  return command.action(async (argument: string | undefined, given: SearchFlags) => {
    const { milliseconds, flash, ram } = parseBudget(given);
    const { maxWeights, ...limits } = searchLimits(given);
    const pick = given.pick === undefined ? undefined : parsePick(given.pick);
    const picking =
      pick === undefined ? undefined : { pick, limits: { milliseconds, flash, ram, weights: maxWeights } };
    if (picking && argument === undefined && given.data === undefined) {
      const { folder, ...picked } = await pickFrom(searchFolder(given), picking);
      terminal.printJson({ folder, picked });
      return;
    }
    const target = findSimulationTarget(wantedTarget(given)).name;
    const budget = { target, maxFlash: flash, maxRam: ram, maxMs: milliseconds, maxWeights };
    const { data, name } = await dataOf(argument, given);
    const study = `${name}-${target}`.replace(/[^A-Za-z0-9_-]+/g, '-');
    const records = openRecords(given.output ?? join('searches', study));
    let chosen: ChosenRunner | undefined;
    try {
      const jobs = searchJobs(limits.jobs, given.redis !== undefined);
      chosen = await chosenRunner(
        given.redis === undefined ? { jobs: `${jobs}` } : { redis: given.redis, ahead: `${jobs}` },
        terminal,
      );
      const { runner, where } = chosen;
      terminal.note(
        terminal.colors.dim(
          `Searching networks for ${target} on ${visibleText(name)}, ${where}, into ${visibleText(records.folder)}; Ctrl-C keeps them and stops`,
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
      const written = writeFront(result, records, { title: `${name} on ${target}`, target });
      setExitCode(await report(result, written, { folder: records.folder, target, picking }));
      const shortfall = belowWanted(result, minAccuracy);
      if (shortfall) terminal.note(shortfall);
    } finally {
      await chosen?.runner.close();
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

  /** Writes the network that is asked for, of a front that is there, and shows what it is. */
  async function pickFrom(folder: string, { pick, limits }: Picking) {
    const front = readFront(folder);
    if (front.status === 'interrupted') terminal.note('The search was interrupted: this is of what it had so far.');
    const { point, model, config, c, reproduce } = await writePicked(front, pickOf(front, pick, limits), terminal);
    const { number, validation, test, flashBytes, ramBytes, milliseconds } = point;
    const judged = `held out ${percent(validation)}${test === undefined ? '' : `, test ${percent(test)}`}`;
    const time = milliseconds === undefined ? '' : `, ${milliseconds.toFixed(2)} ms`;
    terminal.print(
      `Network ${number} for ${front.target}: ${judged}; ${count(flashBytes)} B of flash, ${count(ramBytes)} B of RAM${time}`,
    );
    for (const path of [model, config, ...c]) terminal.print(`  ${visibleText(path)}`);
    terminal.note(
      `\nNext\n  ${projectCommand(front.target, shellPath(model))}\n  ${reproduce}    the same network once more`,
    );
    return { folder, ...point, model, config, c, reproduce };
  }

  async function report(
    { status, runs, points: found }: SearchResult,
    { points, plot }: WrittenFront,
    { folder, target, picking }: ReportedSearch,
  ): Promise<ExitCode> {
    const failed = runs.filter(({ record }) => record.status === 'failed').length;
    if (found.length > 0) terminal.print(frontTable(points));
    const networks = found.length === 1 ? '1 network' : `${count(found.length)} networks`;
    terminal.note(
      `${count(runs.length)} trainings${failed > 0 ? `, ${count(failed)} failed` : ''}; ${networks} that no other one is better than.${plot === undefined ? '' : ` Picture: ${visibleText(plot)}`}`,
    );
    const picked = picking && status === 'finished' ? await pickFrom(folder, picking) : undefined;
    terminal.printJson({
      ...{ status, folder, trainings: runs.length, failed, points: points.map(pointJson), plot },
      ...(picked && { picked }),
    });
    const best = points.reduce<(typeof points)[number] | undefined>(
      (one, other) => (one === undefined || other.validation > one.validation ? other : one),
      undefined,
    );
    if (best && picked === undefined) {
      terminal.note(
        `\nNext\n  ${projectCommand(target, shellPath(best.model))}\n  bitnetmcu train ${shellPath(best.config)}    the same network once more\n  bitnetmcu search --output ${shellPath(folder)} --pick best    its .bnm and C, or of another network`,
      );
    }
    return status === 'interrupted' ? EXIT_CODES.interrupted : EXIT_CODES.ok;
  }
}
