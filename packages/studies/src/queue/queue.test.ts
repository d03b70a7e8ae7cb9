// A study over a queue: the same records as the local pool's, in the face of workers and a Redis that are killed. Needs redis-server.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { comparable } from '../run/comparable-record.js';
import { RunExecutor } from '../run/run-executor.js';
import type { FinishedRun } from '../run/run-record.js';
import { createLocalPool } from '../runners/local-pool.js';
import type { KeyedRequest, RunOutcome } from '../runners/runner.js';
import { hasRedis, RedisServer } from '../testing/redis-server.js';
import { stripedConfig, writeStripedFiles } from '../testing/striped-files.js';
import { KEY_PREFIX, QUEUE_NAME } from './job.js';
import { encodeOutcome, Outcomes } from './outcomes.js';
import { createQueueRunner, type QueueRunner } from './queue-runner.js';
import { readQueue } from './queue-status.js';
import { type RunningWorker, startWorker, type WorkerOptions } from './worker.js';

const WORKER = fileURLToPath(new URL('../testing/run-worker.mjs', import.meta.url));
const executor = new RunExecutor();

describe.skipIf(!hasRedis)('a queue', () => {
  let folder = '';
  let server: RedisServer;
  const ends: (() => Promise<unknown>)[] = [];
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'bitnetmcu-queue-'));
    server = await RedisServer.start();
  });
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
    await server.remove();
    rmSync(folder, { recursive: true });
  });

  async function runner(options: Parameters<typeof createQueueRunner>[0] = {}): Promise<QueueRunner> {
    const made = await createQueueRunner({ redis: server.url, ...options });
    ends.push(() => made.close());
    return made;
  }

  async function worker(options: WorkerOptions = {}): Promise<RunningWorker> {
    const made = await startWorker({ redis: server.url, jobs: 1, unfinished: join(folder, 'unfinished'), ...options });
    ends.push(() => made.stop());
    return made;
  }

  /** A worker that can be killed. */
  function workerProcess(): { child: ChildProcess; epochs: string[]; ended: Promise<unknown> } {
    const child = spawn(process.execPath, [WORKER, server.url, join(folder, 'unfinished'), '1']);
    const epochs: string[] = [];
    let rest = '';
    child.stdout.on('data', (text: Buffer) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop()!;
      epochs.push(...lines.filter((line) => line.startsWith('epoch ')));
    });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    ends.push(async () => {
      child.kill('SIGKILL');
      await ended;
    });
    return { child, epochs, ended };
  }

  async function redis(): Promise<Redis> {
    const client = new Redis(server.url);
    ends.push(() => client.quit());
    return client;
  }

  async function requests(count: number, epochs = 4, train = 400): Promise<KeyedRequest[]> {
    const data = writeStripedFiles(folder, train, 100);
    return Promise.all(
      Array.from({ length: count }, async (_, i) => {
        const config = { ...stripedConfig(data, { epochs, seed: i + 1 }), engine: 'wasm' as const };
        const request = { config, targets: [], test: true };
        return { key: await executor.keyOf(request), request };
      }),
    );
  }

  async function locally(runs: readonly KeyedRequest[]): Promise<RunOutcome[]> {
    const pool = createLocalPool({ processes: 2 });
    ends.push(() => pool.close());
    return Promise.all(runs.map((run) => pool.run(run)));
  }

  const known = ({ record, model }: RunOutcome) => [plain(comparable(record)), Buffer.from(model!).toString('hex')];

  it('gives the records and models of the local pool', async () => {
    const runs = await requests(3);
    await worker({ jobs: 2 });
    const queue = await runner();
    const outcomes = await Promise.all(runs.map((run) => queue.run(run)));
    expect(outcomes.map(known)).toEqual((await locally(runs)).map(known));
    expect(await readQueue(server.url)).toMatchObject({ waiting: 0, active: 0, failed: 0, deadLetters: [] });
  });

  it('makes a run once, for whoever asks for it and whenever', async () => {
    const runs = await requests(1);
    const made: string[] = [];
    await worker({ onEnd: ({ key }) => made.push(key) });
    const [one, other] = [await runner(), await runner()];
    const [a, b] = await Promise.all([one.run(runs[0]!), other.run(runs[0]!)]);
    const later = await (await runner()).run(runs[0]!);
    expect([a, b, later].map(({ record }) => record)).toEqual([a!.record, a!.record, a!.record]);
    expect(made).toEqual([runs[0]!.key]);
  });

  it('loses no run where workers and Redis are killed, and repeats at most the epoch of each', async () => {
    const runs = await requests(4, 60, 4000);
    const queue = await runner();
    const workers = [workerProcess(), workerProcess()];
    const done = Promise.all(runs.map((run) => queue.run(run)));
    const dead = new Set<(typeof workers)[number]>();
    for (let kills = 0; kills < 3; kills++) {
      const before = workers.map(({ epochs }) => epochs.length);
      const atWork = () => workers.find((one, i) => !dead.has(one) && one.epochs.length > (before[i] ?? 0) + 1);
      while (!atWork()) await setTimeout(2);
      const victim = atWork()!;
      victim.child.kill('SIGKILL');
      dead.add(victim);
      workers.push(workerProcess());
      if (kills !== 1) continue;
      await server.kill();
      await server.start();
    }
    const outcomes = await done;
    expect(outcomes.map(known)).toEqual((await locally(runs)).map(known));
    const epochs = workers.flatMap((one) => one.epochs);
    expect(epochs.length - new Set(epochs).size).toBeLessThanOrEqual(3);
  });

  it('reports a run that fails, and goes on', async () => {
    const [good, bad] = (await requests(2)) as [KeyedRequest, KeyedRequest];
    await worker({ limits: { seconds: 20 } });
    const queue = await runner();
    // A layer without outputs.
    const layers = [{ type: 'linear', name: 'fc1', outputs: 0, weights: { format: '4bitsym' } }];
    const config = { ...bad.request.config, network: { ...(bad.request.config.network as object), layers } };
    const outcomes = await Promise.all([
      queue.run({ ...bad, request: { ...bad.request, config } as KeyedRequest['request'] }),
      queue.run(good),
    ]);
    expect(outcomes.map(({ record }) => record.status)).toEqual(['failed', 'finished']);
    const { deadLetters } = await readQueue(server.url);
    expect(deadLetters).toMatchObject([{ key: bad.key, seed: 2, reason: 'error', attempts: 1 }]);
  });

  it('stops a run at its limits', async () => {
    const [endless] = await requests(1, 100_000);
    await worker({ limits: { seconds: 2 } });
    const { record } = await (await runner()).run(endless!);
    expect(record).toMatchObject({ status: 'failed', reason: 'timeout', key: endless!.key });
  });

  it('stops a run that takes too much memory, and makes it again where there is more', async () => {
    const runs = await requests(1, 20, 1200);
    const small = await worker({ limits: { memory: 40 * 2 ** 20 }, attempts: 1 });
    const queue = await runner();
    expect((await queue.run(runs[0]!)).record).toMatchObject({ status: 'failed', reason: 'out-of-memory' });
    expect((await readQueue(server.url)).deadLetters).toMatchObject([{ key: runs[0]!.key, reason: 'out-of-memory' }]);
    await small.stop();
    await worker();
    expect((await queue.run(runs[0]!)).record.status).toBe('finished');
    expect(await readQueue(server.url)).toMatchObject({ failed: 0, deadLetters: [] });
  });

  it('trains once where Redis has no room for what came of it, and sends it when there is some', async () => {
    const runs = await requests(1);
    const client = await redis();
    let starts = 0;
    const notices: string[] = [];
    await worker({
      onStart: () => {
        starts++;
        void client.config('SET', 'maxmemory', '1');
      },
      onNotice: (text) => notices.push(text),
    });
    const done = (await runner()).run(runs[0]!);
    while (!notices.some((text) => text.includes('does not take'))) await setTimeout(20);
    expect(notices.join('\n')).toMatch(/run-[0-9a-f]{64} is made, .*OOM command not allowed/);
    await client.config('SET', 'maxmemory', '0');
    expect(known(await done)).toEqual(known((await locally(runs))[0]!));
    expect(starts).toBe(1);
  });

  it('leaves a run to other workers where no process for it can be started', async () => {
    const runs = await requests(1);
    const notices: string[] = [];
    const before = process.env.NODE_OPTIONS;
    process.env.NODE_OPTIONS = '--require=./no-such-program.cjs';
    ends.push(async () => restore());
    await worker({ onNotice: (text) => notices.push(text) });
    const done = (await runner()).run(runs[0]!);
    while (notices.length === 0) await setTimeout(20);
    restore();
    expect((await done).record).toMatchObject({ status: 'finished', key: runs[0]!.key });
    expect(notices.join('\n')).toMatch(/is left to other workers: No process for runs can be started/);

    function restore(): void {
      if (before === undefined) delete process.env.NODE_OPTIONS;
      else process.env.NODE_OPTIONS = before;
    }
  });

  it('gives jobs back when it is stopped, and another worker goes on with them', async () => {
    const runs = await requests(1, 30, 1200);
    let epochs = 0;
    const first = await worker({ onEpoch: () => epochs++ });
    const done = (await runner()).run(runs[0]!);
    while (epochs < 2) await setTimeout(5);
    await first.stop();
    const before = epochs;
    expect(await readQueue(server.url)).toMatchObject({ waiting: 1, active: 0 });
    await worker({ onEpoch: () => epochs++ });
    expect(known(await done)).toEqual(known((await locally(runs))[0]!));
    expect([before < 30, epochs]).toEqual([true, 30]);
  });

  it('leaves jobs of other versions and of other data to others', async () => {
    const runs = await requests(1);
    const notices: string[] = [];
    const elsewhere = mkdtempSync(join(folder, 'elsewhere-'));
    await worker({ data: elsewhere, onNotice: (text) => notices.push(text) });
    const queue = await runner({ onNotice: (text) => notices.push(text) });
    const done = queue.run(runs[0]!);
    while (notices.length < 2) await setTimeout(20);
    await worker({ data: folder });
    expect((await done).record).toMatchObject({ status: 'finished', request: runs[0]!.request });
    expect(notices.join('\n')).toMatch(/is left to other workers: .*train-images.idx/);
    const { Queue } = await import('bullmq');
    const jobs = new Queue(QUEUE_NAME, { connection: await redis(), prefix: KEY_PREFIX });
    ends.push(() => jobs.close());
    const job = await jobs.add('run', { version: 99, anything: true }, { jobId: 'run-new' });
    while (!notices.some((text) => text.includes('run-new'))) await setTimeout(20);
    expect(notices.join('\n')).toMatch(/the job is of version 99; version 1 wanted/);
    expect([await job.getState(), (await jobs.getJob('run-new'))!.data]).toEqual([
      'delayed',
      { version: 99, anything: true },
    ]);
  });

  it('puts on the queue again what a Redis came back without', async () => {
    const runs = await requests(1);
    const done = (await runner()).run(runs[0]!);
    const client = await redis();
    while ((await readQueue(server.url)).waiting === 0) await setTimeout(20);
    await client.flushall();
    await worker();
    expect((await done).record.status).toBe('finished');
  });

  it('repeats runs on another worker, and finds nothing where machines are alike', async () => {
    const runs = await requests(2);
    const workers = [workerProcess(), workerProcess()];
    const queue = await runner({ audit: 1 });
    await Promise.all(runs.map((run) => queue.run(run)));
    expect(await queue.audited()).toEqual([]);
    // Each did all four epochs of both.
    await expect.poll(() => workers.map((one) => new Set(one.epochs).size)).toEqual([8, 8]);
  });

  it('names a worker that gives other bits', async () => {
    const runs = await requests(2);
    const [first] = await locally(runs.slice(0, 1));
    // As a machine that is not like the others would have sent it.
    const record = first!.record as FinishedRun;
    const wrong: FinishedRun = { ...record, weightBytes: record.weightBytes + 1, worker: 'odd 1' };
    const client = await redis();
    await new Outcomes(client).write(`run-${record.key}`, await encodeOutcome({ record: wrong, model: first!.model }));
    await Promise.all([worker(), worker()]);
    const queue = await runner({ audit: 1 });
    await queue.run(runs[0]!);
    const errors = await queue.audited();
    expect(errors).toMatchObject([{ code: 'machines-differ' }]);
    expect(errors[0]!.message).toMatch(/came out otherwise on .* than on odd 1 \(weightBytes\)/);
  });
});

function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
