// The pool of child processes: the same records with any number of them, and what becomes of runs whose process ends, grows or never ends.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TrainingConfig, TrainingConfigInput } from '@bitnetmcu/trainer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRecords } from '../records/run-records.js';
import { comparable } from '../run/comparable-record.js';
import { RunExecutor } from '../run/run-executor.js';
import { parseStudy } from '../study/parse-study.js';
import { runStudy } from '../study/run-study.js';
import { stripedConfig, writeStripedFiles } from '../testing/striped-files.js';
import { createLocalPool, type LocalPoolOptions } from './local-pool.js';
import type { KeyedRequest, RunnerHandlers } from './runner.js';

let folder = '';
let data: TrainingConfig['data'];
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bitnetmcu-pool-'));
  data = writeStripedFiles(folder);
});
afterAll(() => rmSync(folder, { recursive: true }));

async function keyed(change: TrainingConfigInput = {}): Promise<KeyedRequest> {
  const request = { config: stripedConfig(data, change), targets: [], test: false };
  return { key: await new RunExecutor().keyOf(request), request };
}

async function runIn(options: LocalPoolOptions, run: KeyedRequest, handlers: RunnerHandlers = {}) {
  const pool = createLocalPool({ processes: 1, ...options });
  try {
    return await pool.run(run, handlers);
  } finally {
    await pool.close();
  }
}

/** The child processes of this one that train. */
function children(): number[] {
  const listed = readFileSync(`/proc/self/task/${process.pid}/children`, 'ascii').trim().split(' ').filter(Boolean);
  return listed.map(Number).filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes('child.js');
    } catch {
      return false;
    }
  });
}

const endless = { epochs: 100_000 };

describe('createLocalPool', () => {
  it('gives the same records with one process, with two, and in this process', async () => {
    const study = parseStudy({
      name: 'pool',
      base: { ...stripedConfig(data), augmentation: undefined },
      configurations: [
        { name: 'slow', config: { learningRate: 1e-3 } },
        { name: 'fast', config: { learningRate: 4e-3 } },
      ],
      seeds: 3,
      targets: ['ch32v003'],
      test: true,
    });
    const results = [];
    for (const processes of [1, 2]) {
      const records = openRecords(join(folder, `records-${processes}`));
      const runner = createLocalPool({ processes });
      const { status, runs } = await runStudy(study, { records, runner });
      await runner.close();
      expect([status, runs.length]).toEqual(['finished', 6]);
      for (const { record } of runs) {
        if (record.status !== 'finished') throw new Error(record.message);
        expect(existsSync(records.modelPath(record.model!))).toBe(true);
      }
      records.close();
      results.push(runs);
    }
    const [one, two] = results.map((runs) => runs.map(({ record }) => comparable(record)));
    expect(two).toEqual(one);
    const { key, request } = results[0]![4]!;
    expect(comparable((await new RunExecutor().execute({ key, request })).record)).toEqual(one![4]);
  });

  it('reports a run that fails as what it is, once', async () => {
    const { record, model } = await runIn(
      {},
      await keyed({
        learningRate: 90,
        optimizer: { kind: 'sgd' },
        epochs: 30,
        loss: [{ kind: 'crossEntropy' }],
        network: {
          name: 'float',
          input: { shape: [144] },
          layers: [{ type: 'linear', name: 'fc', outputs: 2, norm: 'none', weights: { format: 'None' } }],
        },
      }),
    );
    expect(record).toMatchObject({ status: 'failed', reason: 'error', attempts: 1 });
    expect(model).toBeUndefined();
  });

  it('stops a run that takes too long', async () => {
    const { record } = await runIn({ limits: { seconds: 1.5 } }, await keyed(endless));
    expect(record).toMatchObject({
      status: 'failed',
      reason: 'timeout',
      attempts: 1,
      message: expect.stringContaining('more than 1.5 s'),
    });
  });

  it('stops a run whose process takes too much memory, after as many attempts as allowed', async () => {
    const { record } = await runIn({ limits: { memory: 40 * 2 ** 20 }, attempts: 2 }, await keyed(endless));
    expect(record).toMatchObject({ status: 'failed', reason: 'out-of-memory', attempts: 2 });
  });

  it.skipIf(!existsSync('/proc/self/task'))(
    'tries a run again whose process crashes, and gives up where that does not help',
    async () => {
      const pool = createLocalPool({ processes: 1, attempts: 3 });
      const run = await keyed(endless);
      // Nothing is kept without a folder: no attempt gets further than the one before.
      const kill = setInterval(() => {
        for (const pid of children()) process.kill(pid, 'SIGKILL');
      }, 20);
      const { record } = await pool.run(run);
      clearInterval(kill);
      expect(record).toMatchObject({
        status: 'failed',
        reason: 'crashed',
        attempts: 3,
        message: expect.stringContaining('SIGKILL'),
      });
      // The pool goes on with another process.
      const next = await pool.run(await keyed());
      expect(next.record.status).toBe('finished');
      await pool.close();
      expect(children()).toEqual([]);
    },
  );

  it.skipIf(!existsSync('/proc/self/task'))('leaves no training behind when it is closed', async () => {
    const pool = createLocalPool({ processes: 1 });
    const run = await keyed(endless);
    let [begun, closed] = [() => {}, false];
    const training = new Promise<void>((resolve) => {
      begun = resolve;
    });
    let later = 0;
    const onProgress = () => (closed ? later++ : begun());
    const outcomes = [pool.run(run, { onProgress }), pool.run(run)].map((one) => one.catch((error: unknown) => error));
    await training;
    await pool.close();
    closed = true;
    const wanted = expect.objectContaining({ code: 'run-failed', message: expect.stringContaining('closed') });
    expect(await Promise.all(outcomes)).toEqual([wanted, wanted]);
    expect([children(), later]).toEqual([[], 0]);
  });

  it('keeps a run that is stopped, and goes on with it', async () => {
    const run = await keyed({ epochs: 400 });
    const unfinished = join(folder, 'unfinished');
    const controller = new AbortController();
    const stopped = runIn({}, run, {
      unfinished,
      signal: controller.signal,
      onProgress: ({ epoch }) => epoch > 0 && controller.abort(),
    });
    await expect(stopped).rejects.toMatchObject({ name: 'AbortError' });
    expect(existsSync(join(unfinished, `${run.key}.0.bnc`))).toBe(true);
    let first: number | undefined;
    const { record } = await runIn({}, run, {
      unfinished,
      onProgress: ({ epoch }) => {
        first ??= epoch;
      },
    });
    expect(first).toBeGreaterThan(0);
    expect(comparable(record)).toEqual(comparable((await new RunExecutor().execute(run)).record));
  });

  it('uses a process again', async () => {
    const pool = createLocalPool({ processes: 1 });
    const workers = [];
    for (const seed of [1, 2, 3]) workers.push((await pool.run(await keyed({ seed }))).record.worker);
    await pool.close();
    expect(new Set(workers).size).toBe(1);
    await expect(pool.run(await keyed())).rejects.toMatchObject({ code: 'run-failed' });
  });

  it.each([{ processes: 0 }, { attempts: 0.5 }, { limits: { seconds: 0 } }, { limits: { memory: -1 } }])(
    'refuses %j',
    (options) => {
      expect(() => createLocalPool(options)).toThrow(expect.objectContaining({ code: 'invalid-argument' }));
    },
  );
});
