// A worker: takes jobs of the queue, trains each in a child process as the local pool does, and sends back what came of it.
import { hostname } from 'node:os';
import { join } from 'node:path';
import { trimCache } from '@bitnetmcu/models/internal/node';
import { cacheFolder } from '@bitnetmcu/trainer/internal';
import type { Worker } from 'bullmq';
import { StudyError } from '../errors.js';
import type { RunRecord } from '../run/run-record.js';
import { createLocalPool, type LocalPoolOptions } from '../runners/local-pool.js';
import { connectRedis, ended, type RedisConnection } from './connect-redis.js';
import { KEY_PREFIX, QUEUE_NAME } from './job.js';
import { JobProcessor } from './job-processor.js';
import { redisAddress } from './redis-address.js';
import { clientName } from './workers-of-queue.js';

/** What a worker did with a job. */
export interface EndedJob {
  readonly key: string;
  readonly record: RunRecord;
  /** Whether it was done to check what another worker had done. */
  readonly isAudit: boolean;
}

export interface WorkerOptions extends Pick<LocalPoolOptions, 'limits' | 'attempts'> {
  /** redis:// or rediss:// (TLS). Default: the environment's REDIS_URL; a login is better in REDIS_USERNAME and REDIS_PASSWORD. */
  readonly redis?: string | undefined;
  /** How many runs at a time, a process each; default: the number of cores. */
  readonly jobs?: number | undefined;
  /** Where the files of data sets are; a job's paths then count by their last part. Default: where the study's machine has them. */
  readonly data?: string | undefined;
  /** Where unfinished runs are kept, for all workers of this machine. Default: in the cache folder of bitnetmcu. */
  readonly unfinished?: string | undefined;
  /** For how long a job stays with a worker that is not heard of; default 30. Others take it within three times that. */
  readonly lockSeconds?: number | undefined;
  onStart?: ((key: string) => void) | undefined;
  /** So many epochs of a run are done and kept. */
  onEpoch?: ((key: string, epochs: number) => void) | undefined;
  onEnd?: ((job: EndedJob) => void) | undefined;
  /** What a user should know: jobs that are refused, a connection that is lost and back. */
  onNotice?: ((text: string) => void) | undefined;
}

/** A worker that is at work. */
export interface RunningWorker {
  /** Host and process; in the records of its runs. */
  readonly name: string;
  /** Runs at a time. */
  readonly jobs: number;
  /** The queue, without the login. */
  readonly address: string;
  /** Keeps what is under way, gives its jobs back, and ends. */
  stop(): Promise<void>;
}

const DEFAULT_LOCK_SECONDS = 30;
/** How often a job may lose its worker before it counts as what kills them. */
const MOST_STALLS = 5;
/** What keeping runs and giving jobs back may take. */
const STOP_MILLISECONDS = 15_000;
const UNFINISHED_BYTES = 2 ** 30;
const UNFINISHED_MILLISECONDS = 3 * 86_400_000;

/**
 * Starts a worker: it takes runs of the queue and trains each in a child process of this machine, until it is stopped. What a killed worker had begun
 * another one does, from its last epoch where it is of the same machine.
 * @throws StudyError `invalid-argument` for an address or a number that is none; `queue-failed` where Redis is not there or refuses the login
 *
 * @example
 * ```ts
 * import { startWorker } from '@bitnetmcu/studies';
 *
 * const worker = await startWorker({ redis: 'redis://queue.example', jobs: 4, onNotice: (text) => console.log(text) });
 * process.once('SIGTERM', () => worker.stop());
 * ```
 */
export async function startWorker(options: WorkerOptions = {}): Promise<RunningWorker> {
  const { lockSeconds = DEFAULT_LOCK_SECONDS, limits, attempts, jobs } = options;
  if (!(lockSeconds > 0)) {
    throw new StudyError('invalid-argument', `The worker's lockSeconds is ${lockSeconds}: more than 0 wanted.`);
  }
  const address = redisAddress(options.redis);
  const pool = createLocalPool({ processes: jobs, limits, attempts });
  let connection: RedisConnection | undefined;
  try {
    connection = await connectRedis(address, options.onNotice);
    return await run(connection, pool, { ...options, lockSeconds });
  } catch (error) {
    await connection?.close();
    await pool.close();
    throw error;
  }
}

async function run(
  connection: RedisConnection,
  pool: ReturnType<typeof createLocalPool>,
  options: WorkerOptions & { readonly lockSeconds: number },
): Promise<RunningWorker> {
  const { Worker } = await import('bullmq');
  const unfinished = options.unfinished ?? join(cacheFolder(), 'unfinished');
  trimCache(unfinished, { maxBytes: UNFINISHED_BYTES, inUse: UNFINISHED_MILLISECONDS });
  const name = `${hostname()} ${process.pid}`;
  const processor = await JobProcessor.create({ ...options, redis: connection.redis, pool, name, unfinished });
  const milliseconds = Math.ceil(options.lockSeconds * 1000);
  const worker: Worker = new Worker(QUEUE_NAME, (job, token) => processor.process(job, token!, worker), {
    connection: connection.redis,
    prefix: KEY_PREFIX,
    name: clientName(name, pool.parallel),
    concurrency: pool.parallel,
    lockDuration: milliseconds,
    stalledInterval: milliseconds,
    maxStalledCount: MOST_STALLS,
    runRetryDelay: 1000,
  });
  worker.on('error', (error) => connection.report(error));
  await worker.waitUntilReady();
  return {
    name,
    jobs: pool.parallel,
    address: connection.address.shown,
    async stop() {
      processor.stop();
      // A job that cannot be given back, because Redis is away, is taken by others when its lock ends.
      await ended(worker.close(), STOP_MILLISECONDS);
      await pool.close();
      await connection.close();
    },
  };
}
