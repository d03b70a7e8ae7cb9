// Studies over runners whose runs end when the test says so: what is asked of samplers when, what is skipped, what a failure or an interruption leaves.
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { TrainingConfig } from '@bitnetmcu/trainer';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openRecords, type RunRecords } from '../records/run-records.js';
import type { FinishedRun, RunRecord } from '../run/run-record.js';
import type { KeyedRequest, Runner, RunnerHandlers, RunOutcome } from '../runners/runner.js';
import type { Sampler } from '../samplers/sampler.js';
import { stripedConfig, writeStripedFiles } from '../testing/striped-files.js';
import { parseStudy } from './parse-study.js';
import { type EndedStudyRun, runStudy } from './run-study.js';
import { readStudyLogs } from './study-log.js';

let folder = '';
let records: RunRecords;
let data: TrainingConfig['data'];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bitnetmcu-study-'));
  data = writeStripedFiles(folder, 40, 10);
  records = openRecords(join(folder, 'records'));
});
afterEach(() => {
  records.close();
  rmSync(folder, { recursive: true });
});

/** A runner that trains nothing: runs end in the order in which the test ends them. */
class HeldRunner implements Runner {
  readonly parallel: number;
  readonly begun: KeyedRequest[] = [];
  readonly #open = new Map<number, (outcome: RunOutcome | Error) => void>();

  constructor(parallel: number) {
    this.parallel = parallel;
  }

  run(run: KeyedRequest, { signal }: RunnerHandlers = {}): Promise<RunOutcome> {
    const index = this.begun.push(run) - 1;
    return new Promise((resolve, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason));
      this.#open.set(index, (outcome) => {
        this.#open.delete(index);
        if (outcome instanceof Error) reject(outcome);
        else resolve(outcome);
      });
    });
  }

  get seeds(): number[] {
    return this.begun.map(({ request }) => request.config.seed);
  }

  /** Ends the n-th run that was begun. */
  async end(index: number, outcome: 'finished' | 'failed' | Error = 'finished'): Promise<void> {
    const { key, request } = this.begun[index]!;
    const common = { key, request, worker: 'test', ended: '' };
    const model = new TextEncoder().encode(key);
    const record: FinishedRun = {
      ...common,
      status: 'finished',
      dataset: { name: 'stripes', sha256: key },
      epochs: [],
      weightBytes: 1,
      targets: [],
      model: createHash('sha256').update(model).digest('hex'),
      seconds: 1,
      engine: { kind: 'wasm', simd: 'simd128', threads: 1 },
      versions: {},
    };
    const failed: RunRecord = { ...common, status: 'failed', reason: 'error', message: 'no', attempts: 1 };
    const settle = this.#open.get(index)!;
    if (outcome instanceof Error) settle(outcome);
    else settle(outcome === 'finished' ? { record, model } : { record: failed });
    await settled();
  }

  async close(): Promise<void> {}
}

/** Long enough for everything that waits for nothing else. */
const settled = () => setTimeout(30);

const study = (seeds: number) => parseStudy({ name: 'held', base: { ...stripedConfig(data) }, seeds });

describe('runStudy', () => {
  it('keeps as many runs under way as the runner takes, and gives results in the order of the study', async () => {
    const runner = new HeldRunner(2);
    const ended: number[] = [];
    const done = runStudy(study(4), { records, runner, onEnd: ({ index }) => ended.push(index) });
    await settled();
    expect(runner.seeds).toEqual([1, 2]);
    await runner.end(1);
    expect(runner.seeds).toEqual([1, 2, 3]);
    await runner.end(2);
    await runner.end(3);
    await runner.end(0);
    const { status, runs } = await done;
    expect([status, ended]).toEqual(['finished', [1, 2, 3, 0]]);
    expect(runs.map(({ index, known }) => [index, known])).toEqual([0, 1, 2, 3].map((index) => [index, false]));
    expect(readStudyLogs(records.folder)).toMatchObject([{ name: 'held', runs: 4, begun: { length: 4 } }]);
  });

  it('does not make a run again, of this study or another one that has it', async () => {
    const first = new HeldRunner(9);
    const done = runStudy(study(2), { records, runner: first });
    await settled();
    await first.end(0);
    await first.end(1, 'failed');
    await done;
    const second = new HeldRunner(9);
    const again = runStudy({ ...study(3), name: 'other' }, { records, runner: second });
    await settled();
    expect(second.seeds).toEqual([3]);
    await second.end(0);
    const { runs } = await again;
    expect(runs.map(({ known, record }) => [known, record.status])).toEqual([
      [true, 'finished'],
      [true, 'failed'],
      [false, 'finished'],
    ]);
    const third = new HeldRunner(9);
    const retried = runStudy(study(3), { records, runner: third, retryFailed: true });
    await settled();
    expect(third.seeds).toEqual([2]);
    await third.end(0);
    expect((await retried).runs.map(({ record }) => record.status)).toEqual(['finished', 'finished', 'finished']);
  });

  it('goes on after runs that failed, and makes the same run once', async () => {
    const runner = new HeldRunner(9);
    const config = stripedConfig(data);
    const requests = [1, 2, 1].map((seed) => ({ config: { ...config, seed }, targets: [], test: false }));
    const sampler: Sampler = { lag: Number.POSITIVE_INFINITY, next: () => requests.shift(), tell() {} };
    const done = runStudy({ name: 'twice', sampler }, { records, runner });
    await settled();
    expect(runner.seeds).toEqual([1, 2]);
    await runner.end(0, 'failed');
    await runner.end(1);
    expect((await done).runs.map(({ record }) => record.status)).toEqual(['failed', 'finished', 'failed']);
  });

  it('asks a sampler for no run before it is told what the run may depend on, in the order of its runs', async () => {
    const runner = new HeldRunner(9);
    const told: number[] = [];
    const asked: number[][] = [];
    let given = 0;
    const sampler: Sampler = {
      lag: 2,
      next() {
        asked.push([...told]);
        if (given === 4) return undefined;
        return { config: { ...stripedConfig(data), seed: given++ }, targets: [], test: false };
      },
      tell: ({ request }) => told.push(request.config.seed),
    };
    const done = runStudy({ name: 'sampled', sampler }, { records, runner });
    await settled();
    expect(runner.seeds).toEqual([0, 1]);
    await runner.end(1);
    expect([runner.seeds, told]).toEqual([[0, 1], []]);
    await runner.end(0);
    expect([runner.seeds, told]).toEqual([
      [0, 1, 2, 3],
      [0, 1],
    ]);
    await runner.end(3);
    await runner.end(2);
    await done;
    expect(told).toEqual([0, 1, 2, 3]);
    // When there is none left before all is told, it is asked once more when it is.
    expect(asked.map((known) => known.length)).toEqual([0, 0, 2, 2, 4]);
  });

  it('stops where the signal says so, and says what had ended', async () => {
    const runner = new HeldRunner(2);
    const controller = new AbortController();
    const done = runStudy(study(5), { records, runner, signal: controller.signal });
    await settled();
    await runner.end(1);
    controller.abort();
    const { status, runs } = await done;
    expect([status, runs.map(({ index }: EndedStudyRun) => index), runner.begun.length]).toEqual([
      'interrupted',
      [1],
      3,
    ]);
  });

  it('ends with the error of a runner that cannot go on', async () => {
    const runner = new HeldRunner(1);
    const done = runStudy(study(3), { records, runner });
    done.catch(() => {});
    await settled();
    await runner.end(0, new Error('the machine is on fire'));
    await expect(done).rejects.toThrow('the machine is on fire');
    expect(runner.begun).toHaveLength(1);
  });

  it('keeps the names of runs whose data are not to be had', async () => {
    const missing = { kind: 'csv', train: join(folder, 'missing.csv') } as const;
    const done = runStudy(parseStudy({ name: 'none', base: { data: missing } }), {
      records,
      runner: new HeldRunner(1),
    });
    await expect(done).rejects.toMatchObject({ message: expect.stringContaining('missing.csv') });
  });
});
