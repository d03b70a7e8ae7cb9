// Runs a study: keeps as many runs under way as the runner takes, skips those that are known, and tells the sampler results in order.
import { setMaxListeners } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { type Progress, parseTrainingConfig } from '@bitnetmcu/trainer';
import { StudyError } from '../errors.js';
import type { RunRecords } from '../records/run-records.js';
import { RunExecutor } from '../run/run-executor.js';
import type { RunRecord } from '../run/run-record.js';
import type { RunRequest } from '../run/run-request.js';
import type { Runner, RunOutcome } from '../runners/runner.js';
import type { Sampler } from '../samplers/sampler.js';
import { listSampler } from './list-sampler.js';
import type { SampledStudy } from './sampled-study.js';
import { configurationOf, type Study, studyRequests } from './study.js';
import { StudyLog } from './study-log.js';

/** One run of a study. */
export interface StudyRun {
  /** 0-based, in the order of the study. */
  readonly index: number;
  /** Name of its configuration; of a sampler the number of the run, and what it differs in. */
  readonly label: string;
  readonly key: string;
  readonly request: RunRequest;
}

export interface EndedStudyRun extends StudyRun {
  readonly record: RunRecord;
  /** Whether the record was there already. */
  readonly known: boolean;
}

export interface RunStudyOptions {
  readonly records: RunRecords;
  readonly runner: Runner;
  /** Stops the study: runs under way are kept and go on with the next start. */
  readonly signal?: AbortSignal | undefined;
  /** Makes runs again that failed before. Default: a failed run has ended as well. */
  readonly retryFailed?: boolean | undefined;
  onStart?: ((run: StudyRun) => void) | undefined;
  onProgress?: ((run: StudyRun, progress: Progress) => void) | undefined;
  /** In the order in which runs end. */
  onEnd?: ((run: EndedStudyRun) => void) | undefined;
}

export interface StudyResult {
  readonly status: 'finished' | 'interrupted';
  /** In the order of the study; those that ended. */
  readonly runs: readonly EndedStudyRun[];
}

/**
 * Runs a study to its end, or until the signal is aborted. Runs whose records are there are not made again; one that fails is a record as well, and
 * the study goes on.
 * @throws StudyError where the runner cannot go on; TrainerError where data cannot be had; ModelError `file-error` where records cannot be written
 *
 * @example
 * ```ts
 * import { createLocalPool, openRecords, parseStudy, runStudy } from '@bitnetmcu/studies';
 *
 * const study = parseStudy({ name: 'seeds', base: { network: 'fc-1k', epochs: 10 }, seeds: 5 });
 * const [records, runner] = [openRecords('study'), createLocalPool()];
 * const { runs } = await runStudy(study, { records, runner });
 * console.log(runs.map(({ label, record }) => [label, record.status]));
 * await runner.close();
 * records.close();
 * ```
 */
export async function runStudy(study: Study | SampledStudy, options: RunStudyOptions): Promise<StudyResult> {
  return new StudyInProgress(study, options).run();
}

class StudyInProgress {
  readonly #sampler: Sampler;
  readonly #labelOf: (index: number, request: RunRequest) => string;
  readonly #options: RunStudyOptions;
  readonly #log: StudyLog;
  /** Only keys are made here; the runner trains. */
  readonly #keys = new RunExecutor();
  /** What is under way, by key: two runs of a study may be the same. */
  readonly #underWay = new Map<string, Promise<RunOutcome>>();
  readonly #ended: (EndedStudyRun | undefined)[] = [];
  readonly #pending = new Set<Promise<void>>();
  /** Runs that the runner has. */
  #running = 0;
  #onChange: (() => void) | undefined;
  #told = 0;
  #failure: { readonly error: unknown } | undefined;
  readonly #stopping = new AbortController();
  readonly #signal: AbortSignal;

  constructor(study: Study | SampledStudy, options: RunStudyOptions) {
    this.#options = options;
    const { signal } = this.#stopping;
    this.#signal = options.signal ? AbortSignal.any([options.signal, signal]) : signal;
    // As many as there are runs under way.
    setMaxListeners(0, this.#signal);
    if ('sampler' in study) {
      this.#sampler = study.sampler;
      this.#labelOf = (index, request) => [`#${index + 1}`, study.label?.(request)].filter(Boolean).join(' ');
      this.#log = new StudyLog(options.records.folder, study.name, study.runs);
    } else {
      const requests = studyRequests(study);
      this.#sampler = listSampler(requests);
      this.#labelOf = (index) => configurationOf(study, index);
      this.#log = new StudyLog(options.records.folder, study.name, requests.length);
    }
  }

  async run(): Promise<StudyResult> {
    try {
      await this.#runAll();
    } catch (error) {
      this.#fail(error);
    }
    // What is under way is kept by whoever has it; nothing may be written after this has ended.
    await Promise.all(this.#pending);
    if (this.#failure) throw this.#failure.error;
    const runs = this.#ended.filter((run) => run !== undefined);
    return { status: this.#isStopped ? 'interrupted' : 'finished', runs };
  }

  /** The study ends: what else is under way is stopped and kept. What only says so itself is no failure. */
  #fail(error: unknown): void {
    if (this.#failure || (this.#signal.aborted && error === this.#signal.reason)) return;
    this.#failure = { error };
    this.#stopping.abort(error);
  }

  get #isStopped(): boolean {
    return this.#options.signal?.aborted === true;
  }

  async #runAll(): Promise<void> {
    for (let index = 0; !this.#isStopped && !this.#failure; ) {
      // Where a request depends on results, it is asked for when these are there.
      if (index - this.#told >= this.#sampler.lag) {
        await this.#change();
        continue;
      }
      const request = await this.#sampler.next();
      if (request !== undefined) await this.#begin(index++, request);
      else if (this.#told === index) return;
      else await Promise.all(this.#pending);
    }
  }

  /** Resolves when a run ends, or a place of the runner is free. */
  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#onChange = resolve;
    });
  }

  async #begin(index: number, given: RunRequest): Promise<void> {
    const request = { ...given, config: await this.#settled(given.config) };
    const key = await this.#keys.keyOf(request);
    const run: StudyRun = { index, label: this.#labelOf(index, request), key, request };
    this.#log.begin({ key, label: run.label, seed: request.config.seed });
    this.#ended.push(undefined);
    const known = this.#options.records.find(key);
    if (known && !(this.#options.retryFailed && known.status === 'failed')) {
      this.#end({ ...run, record: known, known: true });
      return;
    }
    // The next one is ready when the runner is.
    while (this.#running >= this.#options.runner.parallel) await this.#change();
    if (this.#isStopped || this.#failure) return;
    const pending = this.#make(run).catch((error: unknown) => this.#fail(error));
    this.#pending.add(pending);
    void pending.finally(() => {
      this.#pending.delete(pending);
      this.#onChange?.();
    });
  }

  /** The engine that `auto` is here is the one of all runs, whoever makes them. */
  async #settled(config: RunRequest['config']): Promise<RunRequest['config']> {
    const parsed = parseTrainingConfig(config);
    return { ...parsed, engine: await this.#keys.engineKind(parsed) };
  }

  async #make(run: StudyRun): Promise<void> {
    const { records, runner, onStart, onProgress } = this.#options;
    const { key } = run;
    const other = this.#underWay.get(key);
    if (other) {
      this.#end({ ...run, record: (await other).record, known: true });
      return;
    }
    onStart?.(run);
    this.#running++;
    const outcome = runner.run(run, {
      signal: this.#signal,
      unfinished: records.unfinished,
      onProgress: (progress) => onProgress?.(run, progress),
    });
    this.#underWay.set(key, outcome);
    try {
      const { record, model } = await outcome
        .catch((error: unknown) => {
          this.#fail(error);
          throw error;
        })
        .finally(() => {
          this.#running--;
          this.#onChange?.();
        });
      // The next run is on its way before this one is written and flushed.
      await setImmediate();
      if (record.key !== key) throw otherKey(run, record);
      records.add(record, model);
      this.#end({ ...run, record, known: false });
    } finally {
      this.#underWay.delete(key);
    }
  }

  #end(run: EndedStudyRun): void {
    this.#ended[run.index] = run;
    this.#options.onEnd?.(run);
    for (let next = this.#ended[this.#told]; next !== undefined; next = this.#ended[this.#told]) {
      this.#sampler.tell(next.record);
      this.#told++;
    }
  }
}

function otherKey({ label, key }: StudyRun, record: RunRecord): StudyError {
  return new StudyError(
    'machines-differ',
    `The run ${label} came back from ${record.worker} with the key ${record.key}; ${key} wanted: its data, its engine or its version of bitnetmcu is another one. Give all workers the same.`,
  );
}
