// What a study makes of its jobs' ends, and what it asks of Redis while it waits. Needs redis-server.
import { setTimeout } from 'node:timers/promises';
import { type Job, Queue, UnrecoverableError, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KeyedRequest } from '../runners/runner.js';
import { hasRedis, RedisServer } from '../testing/redis-server.js';
import { KEY_PREFIX, MOST_REFUSALS, QUEUE_NAME, type Refusal } from './job.js';
import { createQueueRunner, type QueueRunnerOptions } from './queue-runner.js';
import { startWorker } from './worker.js';

describe.skipIf(!hasRedis)('a study that waits for a queue', () => {
  let server: RedisServer;
  let client: Redis;
  let jobs: Queue;
  const ends: (() => Promise<unknown>)[] = [];
  beforeEach(async () => {
    server = await RedisServer.start();
    client = new Redis(server.url, { maxRetriesPerRequest: null });
    ends.push(() => client.quit());
    jobs = new Queue(QUEUE_NAME, { connection: client, prefix: KEY_PREFIX });
    ends.push(() => jobs.close());
  });
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
    await server.remove();
  });

  async function runner(options: QueueRunnerOptions = {}) {
    const made = await createQueueRunner({ redis: server.url, ...options });
    ends.push(() => made.close());
    return made;
  }

  /** A run that no worker is there for. */
  function keyed(number: number): KeyedRequest {
    const config = { data: { kind: 'mnist' }, seed: number };
    return {
      key: number.toString(16).padStart(64, '0'),
      request: { config, targets: [], test: false } as unknown as KeyedRequest['request'],
    };
  }

  /** The job of a run, as soon as it is on the queue. */
  async function jobOf({ key }: KeyedRequest): Promise<Job> {
    for (;;) {
      const job = (await jobs.getJob(`run-${key}`)) as Job | undefined;
      if (job) return job;
      await setTimeout(10);
    }
  }

  function failEverything(message: string): void {
    const refuse = async () => {
      throw new UnrecoverableError(message);
    };
    const worker = new Worker(QUEUE_NAME, refuse, { connection: client, prefix: KEY_PREFIX });
    ends.push(() => worker.close());
  }

  const refusal = (refusals: number): Refusal => ({ refusals, worker: 'old 1', message: 'no data here' });

  it('has a run that was refused, and lost by whoever took it then, as one that failed', async () => {
    const run = keyed(1);
    const done = (await runner()).run(run);
    await (await jobOf(run)).updateProgress({ ...refusal(MOST_REFUSALS - 1) });
    failEverything('job stalled more than allowable limit');
    const { record } = await done;
    expect(record).toMatchObject({ status: 'failed', reason: 'crashed', key: run.key });
  });

  it('ends where a run was refused as often as may be', async () => {
    const run = keyed(1);
    const done = (await runner()).run(run);
    done.catch(() => {});
    await (await jobOf(run)).updateProgress({ ...refusal(MOST_REFUSALS) });
    failEverything('no data here');
    await expect(done).rejects.toMatchObject({
      code: 'queue-failed',
      message: expect.stringMatching(/refused 20 times, by old 1 at last: no data here/),
    });
  });

  it('has twice as many jobs ahead as its workers make, but 256 of few, or as many as were asked for', async () => {
    for (const jobs of [150, 60]) {
      const worker = await startWorker({ redis: server.url, jobs });
      ends.push(() => worker.stop());
    }
    const [following, fixed] = [await runner(), await runner({ ahead: 300 })];
    await expect.poll(() => following.parallel, { timeout: 4000 }).toBe(2 * (150 + 60));
    expect(fixed.parallel).toBe(300);
  });

  it('asks Redis for little while it waits, and for all runs where the connection was lost', async () => {
    const queue = await runner();
    const runs = Array.from({ length: 80 }, (_, i) => keyed(i + 1));
    const outcomes = Promise.allSettled(runs.map((run) => queue.run(run)));
    await Promise.all(runs.map(jobOf));
    await setTimeout(500);
    await client.config('RESETSTAT');
    // At least one round, at most two of 16.
    await setTimeout(8000);
    const looks = await looksSince();
    expect([looks >= 16, looks <= 32]).toEqual([true, true]);
    await client.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    await expect.poll(looksSince, { timeout: 4000 }).toBeGreaterThanOrEqual(looks + 80);
    await queue.close();
    expect(new Set((await outcomes).map(({ status }) => status))).toEqual(new Set(['rejected']));

    /** How often outcomes were read since the numbers were set to 0. */
    async function looksSince(): Promise<number> {
      const read = /cmdstat_hgetall:calls=(\d+)/.exec(await client.info('commandstats'));
      return Number(read?.[1] ?? 0);
    }
  });
});
