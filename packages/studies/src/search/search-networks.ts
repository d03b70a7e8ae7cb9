// searchNetworks: the best networks for a part within a budget, by validation accuracy and what they take; the test part is touched once, at the end.
import { findSimulationTarget } from '@bitnetmcu/mcu-runtime/targets';
import { type DataSpecInput, loadDataset } from '@bitnetmcu/trainer';
import { StudyError } from '../errors.js';
import type { RunRecords } from '../records/run-records.js';
import { canonicalJson } from '../run/canonical-json.js';
import type { FinishedRun, RunRecord } from '../run/run-record.js';
import type { Runner } from '../runners/runner.js';
import { GeneSampler } from '../samplers/gene-sampler.js';
import { evolutionProposer, randomProposer } from '../samplers/proposers.js';
import type { Sampler } from '../samplers/sampler.js';
import { type EndedStudyRun, type RunStudyOptions, runStudy } from '../study/run-study.js';
import { type NetworkCosts, requireBudget, type SearchBudget } from './budget.js';
import { type Candidate, candidatesOf, frontOf, type SearchedRun, validationOf } from './candidates.js';
import { FoundBefore } from './found-before.js';
import { comparedShort, type Objective, objectivesOf } from './objectives.js';
import { PricedConfigs } from './priced-configs.js';
import { SearchTime, TIME_IS_OVER } from './search-time.js';
import { searchedConfigs } from './searched-configs.js';
import { shownPoints, trainedWithAll, withFirst } from './shown-points.js';

export interface SearchOptions {
  /** Name of the study in its folder of records. */
  readonly name: string;
  /** As a training configuration names it. */
  readonly data: DataSpecInput;
  readonly budget: SearchBudget;
  readonly records: RunRecords;
  readonly runner: Runner;
  /** Trainings at most, short ones included; default: as many as the time allows. */
  readonly runs?: number | undefined;
  /** When it is to be over: in the last quarter of the time what is promising is trained to its end. Default: no limit. */
  readonly seconds?: number | undefined;
  /** Of networks, drawing and training; default 1. */
  readonly seed?: number | undefined;
  /** Of the longest trainings; default: as recommended for the data, of images up to four times as many where there are so many `seconds`. */
  readonly epochs?: number | undefined;
  /** Default `evolution`. */
  readonly sampler?: 'evolution' | 'random' | undefined;
  /** What is to be made small besides the error; default flash, RAM and cycles. None: the most accurate network is searched for. */
  readonly objectives?: readonly Objective[] | undefined;
  /** Networks below are not bred from where there are better ones, and shown where there are none; short trainings may be below. Default 0. */
  readonly minAccuracy?: number | undefined;
  /** Shares of the epochs that networks are trained for before the best of them are for all; default [0.1, 0.3, 1]. */
  readonly rungs?: readonly number[] | undefined;
  /** How many trainings may be under way; the search is the same for the same number. Default 8. */
  readonly lag?: number | undefined;
  /** Whether the networks that are shown are judged by the test part when the search has ended; default true. */
  readonly test?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Told of every training that ends, with what its network takes. */
  onRun?: ((run: SearchedRun) => void) | undefined;
  onProgress?: RunStudyOptions['onProgress'];
}

/** A network of the front. */
export interface SearchPoint {
  /** Its training. Of few samples it is one more, with none held out. */
  readonly record: FinishedRun;
  /** Of the integer network, on the held-out samples, of few samples the mean over several held-out parts; chosen by. */
  readonly validation: number;
  /** On the test part, after everything was chosen; absent where the search was interrupted. */
  readonly test?: number | undefined;
  /** By simulation of the trained network. */
  readonly costs: NetworkCosts;
}

export interface SearchResult {
  readonly status: 'finished' | 'interrupted';
  /** What nothing that was trained is better than in every objective, within the budget; smallest first. */
  readonly points: readonly SearchPoint[];
  readonly runs: readonly SearchedRun[];
}

const SHORT_RUNS = [0.1, 0.3, 1];
const POPULATION = 24;
/** Of fewer samples one held-out part says too little: the best are judged by several, and trained with all samples at the end. */
const FEW_SAMPLES = 3000;
const SPLITS = 5;

/**
 * Searches networks and recipes for a part: NSGA-II over widths, depth, kinds and formats of layers, resolution and pooling of the input, and recipes.
 * What breaks the budget by a simulation with random weights is not trained; what is trained is trained shortly first.
 * @throws StudyError `invalid-argument`, `invalid-study`, `nothing-found` where no network keeps the budget; SimulatorError `unknown-target`; what
 * `loadDataset` and `runStudy` throw
 *
 * @example
 * ```ts
 * import { createLocalPool, openRecords, searchNetworks } from '@bitnetmcu/studies';
 *
 * const [records, runner] = [openRecords('search'), createLocalPool()];
 * const { points } = await searchNetworks({
 *   ...{ name: 'digits', data: { kind: 'mnist' }, records, runner, runs: 200 },
 *   budget: { target: 'ch32v003', maxFlash: 6000, maxMs: 30 },
 * });
 * for (const { validation, costs } of points) console.log(validation, costs.flashBytes);
 * ```
 */
export async function searchNetworks(options: SearchOptions): Promise<SearchResult> {
  const foundBefore = new FoundBefore(options.records.folder);
  try {
    return await search(options, foundBefore);
  } finally {
    foundBefore.close();
  }
}

async function search(options: SearchOptions, foundBefore: FoundBefore): Promise<SearchResult> {
  const { name, data, budget, records, runner, seed = 1, epochs, signal, runs = Number.POSITIVE_INFINITY } = options;
  requireBudget(budget);
  if (options.seconds === undefined && runs === Number.POSITIVE_INFINITY && signal === undefined) {
    throw new StudyError(
      'invalid-argument',
      'A search without an end was asked for: runs, seconds or a signal wanted. Say how many trainings there are to be, or how long they may take.',
    );
  }
  findSimulationTarget(budget.target);
  const dataset = await loadDataset(data);
  const configs = searchedConfigs({ dataset, data, budget, seed, epochs, seconds: options.seconds });
  const priced = new PricedConfigs(configs, budget, dataset, foundBefore);
  const costs = new Map<string, NetworkCosts>();
  const costsOf = ({ request: { config } }: RunRecord) => costs.get(canonicalJson(config.network))!;
  const objectives = objectivesOf(options);
  const time = new SearchTime(options);
  const settings = {
    ...{ space: configs.networks.space, start: configs.networks.start, runs, seed, lag: options.lag },
    async decode(genes: Parameters<typeof priced.config>[0]) {
      const config = await priced.config(genes, () => {
        signal?.throwIfAborted();
        if (time.isBeginningOver) throw TIME_IS_OVER;
      });
      if (config === undefined) return undefined;
      costs.set(canonicalJson(config.network), (await priced.costsOf(config.network))!);
      return { config, targets: [], test: false };
    },
    fitness: (record: FinishedRun) => objectives(validationOf(record), costsOf(record)),
  };
  const isFew = dataset.train.count < FEW_SAMPLES;
  const splits = isFew && { splits: SPLITS };
  const sampler =
    options.sampler === 'random'
      ? new GeneSampler(randomProposer(settings.space), { ...settings, ...splits })
      : new GeneSampler(
          evolutionProposer(settings.space, POPULATION),
          { ...settings, ...splits, rungs: options.rungs ?? SHORT_RUNS, reduction: isFew ? 2 : 3 },
          isFew ? undefined : comparedShort,
        );
  const searched: SearchedRun[] = [];
  const front = () => frontOf(candidatesOf(searched), ({ validation, costs }) => objectives(validation, costs));
  // The training that would begin; what is shown of few samples is trained once more.
  const stillToTrain = () => meanSeconds(searched) + (isFew ? secondsOf(front(), runner.parallel) : 0);
  const limited = withinTime(sampler, time, stillToTrain);
  const study = { name, sampler: limited, ...(Number.isFinite(runs) && { runs }) };
  const searching = await runStudy(study, {
    ...{ records, runner, signal, onProgress: options.onProgress },
    onEnd({ record, known }: EndedStudyRun) {
      const run = { record, known, costs: costsOf(record) };
      searched.push(run);
      options.onRun?.(run);
    },
  });
  const best = front();
  const isComplete = searching.status === 'finished';
  if (best.length === 0 && isComplete) throw nothingFound(searched, budget);
  const { status, chosen } =
    isFew && isComplete
      ? await trainedWithAll(best, options)
      : { status: searching.status, chosen: best.map(withFirst) };
  return {
    status,
    points: await shownPoints(chosen, {
      ...{ dataset, budget, records, foundBefore },
      isTested: status === 'finished' && options.test !== false,
    }),
    runs: searched,
  };
}

function meanSeconds(runs: readonly SearchedRun[]): number {
  const all = runs.flatMap(({ record }) => (record.status === 'finished' ? [record.seconds] : []));
  return all.length === 0 ? 0 : all.reduce((sum, seconds) => sum + seconds, 0) / all.length;
}

/** How long the networks of the candidates take to be trained once more. */
function secondsOf(candidates: readonly Candidate[], parallel: number): number {
  const each = candidates.map(({ records }) => Math.max(...records.map(({ seconds }) => seconds)));
  return Math.max(each.reduce((sum, seconds) => sum + seconds, 0) / parallel, ...each);
}

/** The sampler, as long as the time lasts for what it gives and for what comes after it. */
function withinTime(sampler: GeneSampler, time: SearchTime, secondsAfter: () => number): Sampler {
  return {
    lag: sampler.lag,
    tell: (record) => sampler.tell(record),
    async next() {
      if (time.isOver(secondsAfter)) return undefined;
      if (time.isBeginningOver) sampler.finish();
      try {
        return await sampler.next();
      } catch (error) {
        if (error !== TIME_IS_OVER) throw error;
        return this.next();
      }
    },
  };
}

function nothingFound(runs: readonly SearchedRun[], { target }: SearchBudget): StudyError {
  const failed = runs.find(({ record }) => record.status === 'failed')?.record;
  const why =
    failed?.status === 'failed'
      ? `all ${runs.length} trainings failed, the first one with: ${failed.message}`
      : 'no network was found that keeps the budget';
  return new StudyError(
    'nothing-found',
    `The search for ${target} has no result: ${why}. Allow more flash, RAM or time, or take a larger part.`,
  );
}
