// The runner of many machines: runs become jobs of a queue in Redis, and what workers send back is waited for.
import { hostname } from 'node:os';
import type { Job, Queue, QueueEvents } from 'bullmq';
import { StudyError } from '../errors.js';
import type { FailedRun } from '../run/run-record.js';
import type { KeyedRequest, Runner, RunnerHandlers, RunOutcome } from '../runners/runner.js';
import { Audits } from './audits.js';
import { Checks } from './checks.js';
import { connectRedis, ended, type RedisConnection } from './connect-redis.js';
import {
  JOB_VERSION,
  jobId,
  KEY_PREFIX,
  MAX_JOB_BYTES,
  MOST_REFUSALS,
  QUEUE_NAME,
  type RunJob,
  refusalSchema,
} from './job.js';
import { Outcomes } from './outcomes.js';
import { redisAddress } from './redis-address.js';
import { type Waiting, WaitingJobs } from './waiting-jobs.js';
import { jobsOfWorker, workersOf } from './workers-of-queue.js';

export interface QueueRunnerOptions {
  /** redis:// or rediss:// (TLS). Default: the environment's REDIS_URL; a login is better in REDIS_USERNAME and REDIS_PASSWORD. */
  readonly redis?: string | undefined;
  /**
   * How many jobs of a study are in the queue at most. More than its workers do at a time, or they wait for the study; default: twice as many as they
   * do, and at least 256.
   */
  readonly ahead?: number | undefined;
  /** The share of runs, 0 to 1, that another worker repeats to compare machines; default 0. */
  readonly audit?: number | undefined;
  /** What a user should know: workers that refuse jobs, a connection that is lost and back. */
  onNotice?: ((text: string) => void) | undefined;
}

/** A runner whose workers are elsewhere. */
export interface QueueRunner extends Runner {
  /** The queue, without the login. */
  readonly address: string;
  /** Waits for the audits of what has ended; an error `machines-differ` for every run that came out otherwise on another worker. */
  audited(): Promise<readonly StudyError[]>;
}

const LEAST_AHEAD = 256;
const MOST_AHEAD = 100_000;
/** Events tell at once; this is for those that were lost. */
const CHECK_MILLISECONDS = 5000;
/** Of a job whose worker fails, not its run. */
const ATTEMPTS = 3;
const RETRY_MILLISECONDS = 1000;
/** Failed jobs are there to be looked at. */
const DEAD_LETTERS = { age: 7 * 86_400, count: 10_000 };

/**
 * Connects to a queue whose workers make the runs of a study: see `startWorker`. Runs that ended within the last three days, for whichever study, are
 * taken from the queue and not made again.
 * @throws StudyError `invalid-argument` for an address or a number that is none; `queue-failed` where Redis is not there or refuses the login
 *
 * @example
 * ```ts
 * import { createQueueRunner, openRecords, parseStudy, runStudy } from '@bitnetmcu/studies';
 *
 * const study = parseStudy({ name: 'seeds', base: { network: 'fc-1k', epochs: 10 }, seeds: 500 });
 * const records = openRecords('study');
 * const runner = await createQueueRunner({ redis: 'redis://queue.example', audit: 0.02 });
 * await runStudy(study, { records, runner });
 * console.log(await runner.audited());
 * await runner.close();
 * records.close();
 * ```
 */
export async function createQueueRunner(options: QueueRunnerOptions = {}): Promise<QueueRunner> {
  const { ahead, audit = 0 } = options;
  if (ahead !== undefined && !(Number.isInteger(ahead) && ahead >= 1 && ahead <= MOST_AHEAD)) {
    throw new StudyError('invalid-argument', `The queue's ahead is ${ahead}: 1 to ${MOST_AHEAD} wanted.`);
  }
  if (!(audit >= 0 && audit <= 1)) {
    throw new StudyError('invalid-argument', `The queue's audit is ${audit}: a share from 0 to 1 wanted.`);
  }
  const address = redisAddress(options.redis);
  const connection = await connectRedis(address, options.onNotice);
  try {
    const { Queue, QueueEvents } = await import('bullmq');
    const queue = new Queue(QUEUE_NAME, { connection: connection.redis, prefix: KEY_PREFIX });
    const events = new QueueEvents(QUEUE_NAME, { connection: connection.redis, prefix: KEY_PREFIX });
    await Promise.all([queue.waitUntilReady(), events.waitUntilReady()]);
    return new BullRunner({ ...options, ahead, audit, connection, queue, events });
  } catch (error) {
    await connection.close();
    throw error;
  }
}

interface RunnerParts extends Pick<QueueRunnerOptions, 'onNotice'> {
  readonly connection: RedisConnection;
  readonly queue: Queue;
  readonly events: QueueEvents;
  readonly ahead: number | undefined;
  readonly audit: number;
}

class BullRunner implements QueueRunner {
  readonly address: string;
  #parallel: number;
  readonly #connection: RedisConnection;
  readonly #queue: Queue;
  readonly #events: QueueEvents;
  readonly #outcomes: Outcomes;
  readonly #waiting = new WaitingJobs();
  readonly #audits: Audits;
  readonly #checks: Checks;
  readonly #timer: NodeJS.Timeout;
  readonly #onBack = () => this.#checks.all();
  readonly #onNotice: (text: string) => void;

  constructor({ connection, queue, events, ahead, audit, onNotice = () => {} }: RunnerParts) {
    this.#parallel = ahead ?? LEAST_AHEAD;
    this.address = connection.address.shown;
    this.#connection = connection;
    this.#queue = queue;
    this.#events = events;
    this.#outcomes = new Outcomes(connection.redis);
    this.#onNotice = onNotice;
    this.#audits = new Audits(audit, {
      make: (id, job, handlers) => this.#outcome(id, job, handlers),
      forget: (id) => this.#forget(id),
      onNotice,
    });
    queue.on('error', (error) => connection.report(error));
    events.on('error', (error) => connection.report(error));
    events.on('completed', ({ jobId }) => void this.#look(jobId));
    events.on('failed', ({ jobId }) => void this.#look(jobId));
    events.on('progress', ({ jobId, data }) => this.#progress(jobId, data));
    this.#checks = new Checks(
      () => this.#waiting.ids(),
      (id) => this.#look(id),
    );
    this.#timer = setInterval(() => {
      this.#checks.some();
      if (ahead === undefined) void this.#followWorkers();
    }, CHECK_MILLISECONDS).unref();
    if (ahead === undefined) void this.#followWorkers();
    connection.redis.on('ready', this.#onBack);
  }

  get parallel(): number {
    return this.#parallel;
  }

  async run({ key, request }: KeyedRequest, handlers: RunnerHandlers = {}): Promise<RunOutcome> {
    const job: RunJob = { version: JOB_VERSION, key, request };
    const outcome = await this.#outcome(jobId(key), job, handlers);
    this.#audits.consider(job, outcome.record);
    return outcome;
  }

  audited(): Promise<readonly StudyError[]> {
    return this.#audits.settled();
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#connection.redis.off('ready', this.#onBack);
    this.#audits.close();
    this.#waiting.rejectAll(new StudyError('run-failed', 'The queue is closed: no run is waited for any more.'));
    await ended(Promise.all([this.#events.close(), this.#queue.close()]));
    await this.#connection.close();
  }

  async #outcome(id: string, job: RunJob, { signal, onProgress }: RunnerHandlers): Promise<RunOutcome> {
    signal?.throwIfAborted();
    const size = Buffer.byteLength(JSON.stringify(job));
    if (size > MAX_JOB_BYTES) {
      throw new StudyError(
        'invalid-argument',
        `A run's request takes ${size} bytes, at most ${MAX_JOB_BYTES} go through a queue. Run this study without one.`,
      );
    }
    const known = await this.#outcomes.read(id);
    if (known?.record.status === 'finished') return known;
    // It failed when it was asked for before; now it is asked for again.
    await this.#forget(id, known !== undefined);
    const done = this.#waiting.add(id, { job, onProgress });
    const onAbort = () => {
      this.#waiting.reject(id, signal!.reason);
      // Of those that a worker has the outcome is kept for the next start.
      void this.#queue.remove(id).catch(() => {});
    };
    signal?.addEventListener('abort', onAbort);
    try {
      await this.#add(id, job);
      void this.#look(id);
      return await done;
    } finally {
      signal?.removeEventListener('abort', onAbort);
    }
  }

  /** Workers come and go. */
  async #followWorkers(): Promise<void> {
    const workers = await workersOf(this.#queue).catch(() => []);
    const jobs = workers.reduce((sum, name) => sum + jobsOfWorker(name), 0);
    this.#parallel = Math.min(MOST_AHEAD, Math.max(LEAST_AHEAD, 2 * jobs));
  }

  async #add(id: string, job: RunJob): Promise<void> {
    await this.#queue.add('run', job, {
      jobId: id,
      attempts: ATTEMPTS,
      backoff: { type: 'exponential', delay: RETRY_MILLISECONDS },
      removeOnComplete: true,
      removeOnFail: DEAD_LETTERS,
      stackTraceLimit: 1,
    });
  }

  /** Takes away a job that failed, and what came of it. */
  async #forget(id: string, hasOutcome = true): Promise<void> {
    const state = await this.#queue.getJobState(id);
    if (state === 'failed' || state === 'completed') await this.#queue.remove(id).catch(() => {});
    if (hasOutcome) await this.#outcomes.remove(id);
  }

  async #look(id: string): Promise<void> {
    const waiting = this.#waiting.get(id);
    if (waiting) await this.#settle(id, waiting).catch((error: unknown) => this.#waiting.reject(id, error));
  }

  async #settle(id: string, { job }: Waiting): Promise<void> {
    const outcome = await this.#outcomes.read(id);
    if (outcome) return this.#waiting.resolve(id, outcome);
    const state = await this.#queue.getJobState(id);
    if (state !== 'failed') {
      // Redis may have come back without it, and another study may have taken it away.
      if ((state === 'unknown' || state === 'completed') && this.#waiting.get(id)) await this.#add(id, job);
      return;
    }
    // Written before the job failed, where there is one.
    const late = await this.#outcomes.read(id);
    if (late) return this.#waiting.resolve(id, late);
    const dead = (await this.#queue.getJob(id)) as Job | undefined;
    if (!dead) return;
    const refused = refusalSchema.safeParse(dead.progress).data;
    // With fewer refusals it was taken by a worker in the end, and came to grief there.
    if (refused && refused.refusals >= MOST_REFUSALS)
      throw refusedByAll(refused.refusals, refused.worker, dead.failedReason);
    this.#waiting.resolve(id, { record: lost(job, dead) });
  }

  #progress(id: string, data: unknown): void {
    const refused = refusalSchema.safeParse(data).data;
    const waiting = this.#waiting.get(id);
    if (!waiting) return;
    if (refused) this.#onNotice(`The worker ${refused.worker} does not take a run: ${refused.message}`);
    else if (isProgress(data)) waiting.onProgress?.(data);
  }
}

function isProgress(data: unknown): data is Parameters<NonNullable<RunnerHandlers['onProgress']>>[0] {
  return typeof data === 'object' && data !== null && 'done' in data && typeof data.done === 'number';
}

function refusedByAll(refusals: number, worker: string, message: string): StudyError {
  return new StudyError(
    'queue-failed',
    `A run was refused ${refusals} times, by ${worker} at last: ${message} Mend the workers, and start the study again.`,
  );
}

/** Of a job that no worker brought to an end. */
function lost({ key, request }: RunJob, job: Job): FailedRun {
  const worker = `${hostname()} ${process.pid}`;
  const ended = new Date().toISOString();
  const attempts = Math.max(1, job.attemptsStarted);
  const isStalled = /stalled/.test(job.failedReason);
  const message = isStalled
    ? `${attempts} workers ended, or were not heard of any more, with this run. Look at what it takes of memory.`
    : job.failedReason;
  return { status: 'failed', key, request, reason: isStalled ? 'crashed' : 'error', message, attempts, worker, ended };
}
