// What is in a queue: for `bitnetmcu study status --redis`.
import type { Job } from 'bullmq';
import { connectRedis } from './connect-redis.js';
import { jobSchema, KEY_PREFIX, QUEUE_NAME, refusalSchema } from './job.js';
import { Outcomes } from './outcomes.js';
import { redisAddress } from './redis-address.js';
import { workersOf } from './workers-of-queue.js';

/** A job that no worker brought to an end, or whose run failed. */
export interface DeadLetter {
  readonly id: string;
  /** Undefined where the job is none that this version knows. */
  readonly key: string | undefined;
  readonly seed: number | undefined;
  readonly message: string;
  /** Why the run failed; absent where it was refused, or its workers were lost. */
  readonly reason?: string | undefined;
  readonly attempts: number;
  readonly worker?: string | undefined;
  /** ISO 8601, UTC. */
  readonly ended?: string | undefined;
}

export interface QueueStatus {
  /** Without the login. */
  readonly address: string;
  /** Host, process and how many runs at a time, such as `lab-4711-x8`; sorted. */
  readonly workers: readonly string[];
  readonly waiting: number;
  readonly active: number;
  /** Those that wait to be tried again or were left to other workers. */
  readonly delayed: number;
  readonly failed: number;
  /** The last ones that failed. */
  readonly deadLetters: readonly DeadLetter[];
}

const MOST_LETTERS = 100;

/** @throws StudyError `invalid-argument`, `queue-failed` */
export async function readQueue(redis?: string): Promise<QueueStatus> {
  const connection = await connectRedis(redisAddress(redis));
  try {
    const { Queue } = await import('bullmq');
    const queue = new Queue(QUEUE_NAME, { connection: connection.redis, prefix: KEY_PREFIX });
    const counts = await queue.getJobCounts('waiting', 'active', 'delayed', 'failed');
    const workers = await workersOf(queue);
    const failed = (await queue.getFailed(0, MOST_LETTERS - 1)).filter((job) => job !== undefined);
    const outcomes = new Outcomes(connection.redis);
    const deadLetters = await Promise.all(failed.map((job) => deadLetter(job, outcomes)));
    await queue.close();
    return {
      address: connection.address.shown,
      workers,
      waiting: counts.waiting ?? 0,
      active: counts.active ?? 0,
      delayed: counts.delayed ?? 0,
      failed: counts.failed ?? 0,
      deadLetters,
    };
  } finally {
    await connection.close();
  }
}

async function deadLetter(job: Job, outcomes: Outcomes): Promise<DeadLetter> {
  const data = jobSchema.safeParse(job.data).data;
  const record = (await outcomes.read(job.id!))?.record;
  const seed = data?.request.config.seed;
  return {
    id: job.id!,
    key: data?.key,
    seed: typeof seed === 'number' ? seed : undefined,
    message: record?.status === 'failed' ? record.message : job.failedReason,
    ...(record?.status === 'failed' && { reason: record.reason }),
    attempts: record?.status === 'failed' ? record.attempts : job.attemptsStarted,
    worker: record?.worker ?? refusalSchema.safeParse(job.progress).data?.worker,
    ...(job.finishedOn !== undefined && { ended: new Date(job.finishedOn).toISOString() }),
  };
}
