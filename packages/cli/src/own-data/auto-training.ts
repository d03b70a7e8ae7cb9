// `train --auto`: a short search for the network and the recipe, of which the most accurate one that fits the part is then trained as any other.
import { availableParallelism } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { findSimulationTarget } from '@bitnetmcu/mcu-runtime/targets';
import { visibleText } from '@bitnetmcu/models/internal';
import { createLocalPool, openRecords, searchNetworks } from '@bitnetmcu/studies';
import { smallestPart } from '@bitnetmcu/studies/internal';
import type { Dataset, TrainingConfig } from '@bitnetmcu/trainer';
import type { DataSpec } from '@bitnetmcu/trainer/internal';
import { givenTrainingFlags, type NetworkFlags } from '../config/training-config.js';
import { CliError } from '../errors.js';
import { amount } from '../inputs/budget.js';
import { searchLag } from '../inputs/search-limits.js';
import { wholeNumber } from '../inputs/whole-number.js';
import { withInterrupt } from '../interrupt.js';
import { bytes, count, duration, percent } from '../render/quantities.js';
import { SearchProgress } from '../render/search-progress.js';
import { shellPath } from '../render/shell-word.js';
import type { Terminal } from '../terminal.js';

export interface AutoFlags extends NetworkFlags {
  readonly auto?: boolean;
  readonly minutes?: string;
  readonly target?: string;
}

const DEFAULT_MINUTES = 3;
/** Of the time, for what comes before the search and after it: reading data, the last training, its report. */
const OWN_SHARE = 0.15;
/** Keys of a configuration that a search leaves to the user. */
const FREE_KEYS: readonly string[] = ['data', 'seed', 'epochs', 'output', 'engine'];

/**
 * Refuses what the search is to find out, and what belongs to it where there is none.
 * @throws CliError `usage`
 */
export function requireAutoFlags(given: AutoFlags): void {
  if (given.auto !== true) {
    if (given.minutes === undefined) return;
    throw new CliError('usage', '--minutes says how long --auto searches: give --auto as well, or leave it out.');
  }
  const fixed = [
    ...givenTrainingFlags(given).filter((key) => !FREE_KEYS.includes(key)),
    ...(['from', 'resume'] as const).filter((key) => given[key] !== undefined),
  ];
  if (fixed.length === 0) return;
  throw new CliError(
    'usage',
    `--auto searches the network and how it is trained, and ${fixed.join(', ')} would say it: leave out one of them.`,
  );
}

/** Of the search behind a training, for its report. */
export interface Searched {
  readonly target: string;
  readonly folder: string;
  readonly trainings: number;
  /** On the held-out samples, which it was chosen by. */
  readonly validation: number;
}

/**
 * The configuration of the most accurate network that was found within the time.
 * @throws CliError `usage`, `interrupted`; StudyError `nothing-found`
 */
export async function searchedTraining(
  { data, dataset, path }: { readonly data: DataSpec; readonly dataset: Dataset; readonly path: string },
  given: AutoFlags,
  terminal: Terminal,
): Promise<{ readonly config: TrainingConfig; readonly searched: Searched }> {
  const seconds = 60 * (given.minutes === undefined ? DEFAULT_MINUTES : amount('--minutes', given.minutes));
  const [seed, epochs] = (['seed', 'epochs'] as const).map((key) =>
    given[key] === undefined ? undefined : wholeNumber(`--${key}`, String(given[key])),
  );
  const target = given.target === undefined ? await smallestPart(dataset) : findSimulationTarget(given.target).name;
  const name = `${basename(resolve(path))}-${target}`.replace(/[^A-Za-z0-9_-]+/g, '-');
  const records = openRecords(join('searches', name));
  const jobs = availableParallelism();
  const runner = createLocalPool({ processes: jobs });
  const { dim } = terminal.colors;
  try {
    terminal.note(
      dim(
        `Searching a network for ${target} for ${duration(seconds)}, ${jobs} trainings at a time, into ${visibleText(records.folder)}; Ctrl-C keeps them and stops`,
      ),
    );
    const limits = { seconds: (1 - OWN_SHARE) * seconds };
    const progress = new SearchProgress(terminal, limits);
    const result = await withInterrupt(terminal, 'Keeping what was done … (Ctrl-C again quits at once)', (signal) =>
      searchNetworks({
        ...{ name: `${name}-auto`, data, budget: { target }, records, runner, signal, seed, epochs, ...limits },
        ...{ lag: searchLag(jobs), objectives: [], test: false },
        onRun: (run) => progress.ended(run),
        onProgress: () => progress.draw(),
      }),
    );
    terminal.clearStatus();
    if (result.status === 'interrupted') {
      throw new CliError(
        'interrupted',
        `The search was stopped after ${count(result.runs.length)} trainings, and nothing else was trained. What was done is kept in ${shellPath(records.folder)}: the same command goes on.`,
      );
    }
    const [best] = result.points;
    if (best === undefined) {
      throw new CliError(
        'check-failed',
        `The network that was found does not fit ${target} as trained. Search longer (--minutes), or take a larger --target.`,
      );
    }
    const { costs, validation } = best;
    const { output: _, ...config } = best.record.request.config;
    terminal.note(
      dim(
        `${count(result.runs.length)} trainings; the best has ${percent(validation)} on held-out samples, ${bytes(costs.flashBytes)} of flash and ${bytes(costs.ramBytes)} of RAM on ${target}. It is trained again here.`,
      ),
    );
    const { folder } = records;
    return { config, searched: { target, folder, trainings: result.runs.length, validation } };
  } finally {
    await runner.close();
    records.close();
  }
}
