// One job after another: refused, known already, made, failed or given back.
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import type { Job, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { StudyError } from '../errors.js';
import { checkpointFolder } from '../run/checkpoint-store.js';
import { packageVersions } from '../run/run-key.js';
import type { FailedRun, RunRecord } from '../run/run-record.js';
import type { Runner, RunOutcome } from '../runners/runner.js';
import { JOB_VERSION, jobSchema, MOST_REFUSALS, type Refusal, type RunJob, refusalSchema, versionOf } from './job.js';
import { type EncodedOutcome, encodeOutcome, MAX_OUTCOME_BYTES, Outcomes } from './outcomes.js';
import { requestIn } from './request-here.js';
import type { WorkerOptions } from './worker.js';

interface ProcessorOptions extends Pick<WorkerOptions, 'data' | 'onStart' | 'onEpoch' | 'onEnd' | 'onNotice'> {
  readonly redis: Redis;
  readonly pool: Runner;
  /** Of the worker. */
  readonly name: string;
  readonly unfinished: string;
}

/** Of errors that another machine need not have: the run is well, and this is not the place for it. */
const ELSEWHERE = new Set(['machines-differ', 'data-not-found', 'file-error', 'engine-unavailable']);
const PROGRESS_MILLISECONDS = 1000;
/** A job that another worker is to do is looked at again after this. */
const ASIDE_MILLISECONDS = 500;
const FIRST_REST_MILLISECONDS = 1000;
const LONGEST_REST_MILLISECONDS = 60_000;
/** Between attempts to send what Redis does not take. */
const RESEND_MILLISECONDS = 2000;

type Errors = Pick<typeof import('bullmq'), 'DelayedError' | 'UnrecoverableError' | 'WaitingError'>;

export class JobProcessor {
  readonly #options: ProcessorOptions;
  readonly #errors: Errors;
  readonly #outcomes: Outcomes;
  readonly #stopping = new AbortController();
  /** How many jobs were refused one after another. */
  #refused = 0;

  private constructor(options: ProcessorOptions, errors: Errors) {
    this.#options = options;
    this.#errors = errors;
    this.#outcomes = new Outcomes(options.redis);
  }

  static async create(options: ProcessorOptions): Promise<JobProcessor> {
    return new JobProcessor(options, await import('bullmq'));
  }

  stop(): void {
    this.#stopping.abort();
  }

  /** Ends where the outcome is in Redis; throws what the queue takes for another place of the job. */
  async process(job: Job, token: string, worker: Worker): Promise<string> {
    const parsed = jobSchema.safeParse(job.data);
    if (!parsed.success) return this.#refuse(job, token, worker, unknownJob(job));
    const data = parsed.data as unknown as RunJob;
    if (data.notBy === this.#options.name) return this.#aside(job, token, ASIDE_MILLISECONDS);
    const known = await this.#outcomes.read(job.id!);
    if (known?.record.status === 'finished') return 'known';
    this.#options.onStart?.(data.key);
    const outcome = await this.#made(job, token, data);
    if (outcome instanceof StudyError) return this.#refuse(job, token, worker, outcome.message);
    const failed = outcome.record.status === 'failed' ? outcome.record : undefined;
    if (failed?.code !== undefined && ELSEWHERE.has(failed.code)) {
      return this.#refuse(job, token, worker, failed.message);
    }
    this.#refused = 0;
    return this.#send(job, token, data, outcome);
  }

  /** An error where no process for runs can be had: the run did not even begin. */
  async #made(job: Job, token: string, { key, request, notBy }: RunJob): Promise<RunOutcome | StudyError> {
    const { pool, data, onEpoch } = this.#options;
    let told = 0;
    try {
      return await pool.run(
        { key, request: data === undefined ? request : requestIn(data, request) },
        {
          signal: this.#stopping.signal,
          unfinished: this.#folder(notBy),
          onEpoch: (epochs) => onEpoch?.(key, epochs),
          onProgress: (progress) => {
            if (performance.now() - told < PROGRESS_MILLISECONDS) return;
            told = performance.now();
            // What is not told is told the next time.
            job.updateProgress({ ...progress }).catch(() => {});
          },
        },
      );
    } catch (error) {
      if (this.#stopping.signal.aborted) return this.#giveBack(job, token);
      if (StudyError.isInstance(error) && error.code === 'run-failed') return error as StudyError;
      throw error;
    }
  }

  async #giveBack(job: Job, token: string): Promise<never> {
    await job.moveToWait(token);
    throw new this.#errors.WaitingError();
  }

  async #send(
    job: Job,
    token: string,
    { key, request, notBy }: RunJob,
    { record, model }: RunOutcome,
  ): Promise<string> {
    const own: RunRecord = { ...record, request, worker: this.#options.name };
    let outcome: RunOutcome = { record: own, model };
    let encoded = await encodeOutcome(outcome);
    const bytes = encoded.record.length + encoded.model.length;
    if (bytes > MAX_OUTCOME_BYTES) {
      outcome = { record: tooLarge(own, bytes) };
      encoded = await encodeOutcome(outcome);
    }
    await this.#write(job, token, encoded);
    checkpointFolder(this.#folder(notBy)).remove(key);
    this.#options.onEnd?.({ key, record: outcome.record, isAudit: notBy !== undefined });
    if (outcome.record.status === 'failed') throw new this.#errors.UnrecoverableError(outcome.record.message);
    return 'made';
  }

  /** Hours of training are in it: it is sent until Redis, which may be out of memory or of disk, takes it. */
  async #write(job: Job, token: string, encoded: EncodedOutcome): Promise<void> {
    for (let isTold = false; ; isTold = true) {
      try {
        return await this.#outcomes.write(job.id!, encoded);
      } catch (error) {
        if (!isTold) {
          this.#options.onNotice?.(
            `${job.id} is made, and Redis does not take what came of it (${(error as Error).message}): trying again. Give Redis more room.`,
          );
        }
      }
      await after(RESEND_MILLISECONDS, undefined, { signal: this.#stopping.signal }).catch(() => {});
      if (this.#stopping.signal.aborted) await this.#giveBack(job, token);
    }
  }

  /** An audit begins at the beginning, whatever the other worker left. */
  #folder(notBy: string | undefined): string {
    return notBy === undefined ? this.#options.unfinished : join(this.#options.unfinished, 'audits');
  }

  /** The job is left to another worker; this one takes none for a while, so that it does not go through all that it cannot do. */
  async #refuse(job: Job, token: string, worker: Worker, message: string): Promise<never> {
    const { name, onNotice } = this.#options;
    const refusals = (refusalSchema.safeParse(job.progress).data?.refusals ?? 0) + 1;
    const refusal: Refusal = { refusals, worker: name, message };
    await job.updateProgress({ ...refusal });
    onNotice?.(`${job.id} is left to other workers: ${message}`);
    if (refusals >= MOST_REFUSALS) throw new this.#errors.UnrecoverableError(message);
    const rest = Math.min(FIRST_REST_MILLISECONDS * 2 ** this.#refused++, LONGEST_REST_MILLISECONDS);
    await worker.pause(true);
    setTimeout(() => {
      if (!this.#stopping.signal.aborted) void worker.resume();
    }, rest).unref();
    return this.#aside(job, token, FIRST_REST_MILLISECONDS);
  }

  async #aside(job: Job, token: string, milliseconds: number): Promise<never> {
    await job.moveToDelayed(Date.now() + milliseconds, token);
    throw new this.#errors.DelayedError();
  }
}

function unknownJob(job: Job): string {
  const version = JSON.stringify(versionOf(job.data))?.slice(0, 40) ?? 'none';
  const found = version === String(JOB_VERSION) ? 'is not as jobs of its version are' : `is of version ${version}`;
  return `the job ${found}; version ${JOB_VERSION} wanted. This worker has the packages ${JSON.stringify(packageVersions())}: use the same version of bitnetmcu for studies and workers.`;
}

function tooLarge(record: RunRecord, bytes: number): FailedRun {
  return {
    status: 'failed',
    key: record.key,
    request: record.request,
    reason: 'error',
    message: `The record and the model of the run take ${bytes} bytes, at most ${MAX_OUTCOME_BYTES} go through a queue. Make this run without one.`,
    attempts: 1,
    worker: record.worker,
    ended: record.ended,
  };
}
