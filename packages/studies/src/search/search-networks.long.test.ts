// A search from data to a front: real trainings in this process.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DataSpecInput, Random } from '@bitnetmcu/trainer';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { dominates } from '../front/domination.js';
import { openRecords } from '../records/run-records.js';
import { RunExecutor } from '../run/run-executor.js';
import type { Runner } from '../runners/runner.js';
import * as costModel from './cost-model.js';
import { PricedConfigs } from './priced-configs.js';
import { type SearchOptions, searchNetworks } from './search-networks.js';
import { TestScores } from './test-scores.js';

const folder = mkdtempSync(join(tmpdir(), 'search-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Rows whose class is where a point lies in a plane: left, right or above. */
function table(rows: number): DataSpecInput {
  const random = new Random(5);
  const lines = Array.from({ length: rows }, () => {
    const [x, y, noise] = [random.nextBetween(-1, 1), random.nextBetween(-1, 1), random.nextBetween(-1, 1)];
    return [x.toFixed(3), y.toFixed(3), noise.toFixed(3), y > 0.3 ? 'above' : x < 0 ? 'left' : 'right'].join(',');
  });
  const path = join(folder, `points-${rows}.csv`);
  writeFileSync(path, `x,y,noise,class\n${lines.join('\n')}\n`);
  return { kind: 'csv', train: path };
}

/** Runs that go one after another, in this process. */
function inProcess(counts: { trained: number }): Runner {
  const executor = new RunExecutor();
  return {
    parallel: 1,
    async run(run, handlers = {}) {
      counts.trained++;
      return executor.execute(run, { ...(handlers.signal && { signal: handlers.signal }) });
    },
    async close() {},
  };
}

const data = table(5000);
const budget = { target: 'ch32v003', maxFlash: 6000, maxRam: 1200, maxMs: 1, maxWeights: 500 };
const common: Omit<SearchOptions, 'records' | 'runner'> = {
  name: 'points',
  data,
  budget,
  runs: 24,
  epochs: 20,
  lag: 2,
  rungs: [0.3, 1],
};

describe('searchNetworks', () => {
  it('finds networks of which none is better than another, all within the budget, and goes on where it was', async () => {
    const counts = { trained: 0 };
    const records = openRecords(join(folder, 'records'));
    const first = await searchNetworks({ ...common, records, runner: inProcess(counts) });
    expect(first.status).toBe('finished');
    expect(first.runs).toHaveLength(24);
    expect(counts.trained).toBe(24);
    const trained = first.runs.map(({ record }) => record.request.config.epochs);
    expect(new Set(trained.map((epochs) => epochs <= 6))).toEqual(new Set([true, false]));
    for (const { record, costs } of first.runs) {
      expect(record.status).toBe('finished');
      // Nothing but the held-out samples was looked at.
      expect(record).not.toHaveProperty('test');
      expect(costs.flashBytes).toBeLessThanOrEqual(6000);
    }
    for (const { costs } of first.points) {
      expect(costs).toMatchObject({ fits: true });
      expect(costs.ramBytes).toBeLessThanOrEqual(1200);
      expect(costs.weightBytes).toBeLessThanOrEqual(500);
      expect(costs.milliseconds).toBeLessThanOrEqual(1);
    }
    const objectives = first.runs.flatMap(({ record, costs }) =>
      record.status === 'finished'
        ? [
            {
              model: record.model,
              all: [1 - record.validation!.integer.accuracy, costs.flashBytes, costs.ramBytes, costs.cycles!],
            },
          ]
        : [],
    );
    for (const { record } of first.points) {
      const own = objectives.find(({ model }) => model === record.model)!;
      expect(objectives.some(({ all }) => dominates(all, own.all))).toBe(false);
    }
    // A plane cut in three is easy: chance is a third.
    expect(Math.max(...first.points.map(({ test }) => test!))).toBeGreaterThan(0.85);

    // Nothing is trained, simulated or judged by the test part again; a price that was cut off by the end of a process is found again.
    const pricing = vi.spyOn(costModel, 'modelCosts');
    const estimating = vi.spyOn(costModel, 'estimateCosts');
    const judging = vi.spyOn(TestScores.prototype, 'of');
    const prices = join(folder, 'records', 'prices.jsonl');
    const [kept, scores] = ['prices.jsonl', 'test-scores.jsonl'].map((file) =>
      readFileSync(join(folder, 'records', file), 'utf8'),
    );
    writeFileSync(prices, kept!.slice(0, -20));
    const again = await searchNetworks({ ...common, records, runner: inProcess(counts) });
    expect(counts.trained).toBe(24);
    expect(pricing.mock.calls.length + estimating.mock.calls.length).toBe(1);
    expect(judging).not.toHaveBeenCalled();
    expect(readFileSync(prices, 'utf8')).toBe(kept);
    expect(readFileSync(join(folder, 'records', 'test-scores.jsonl'), 'utf8')).toBe(scores);
    vi.restoreAllMocks();
    writeFileSync(prices, `{"key":"${'a'.repeat(64)}","value":{}}\n${kept}`);
    await expect(searchNetworks({ ...common, records, runner: inProcess(counts) })).rejects.toThrow(
      /prices.jsonl: line 1 is none of prices.jsonl/,
    );
    expect(again.points).toEqual(first.points);
    expect(again.runs.every(({ known }) => known)).toBe(true);
    records.close();
  });

  it('judges by several held-out parts where samples are few, and trains what is shown with all', async () => {
    const records = openRecords(join(folder, 'few'));
    const runner = inProcess({ trained: 0 });
    const { points, runs } = await searchNetworks({
      ...common,
      data: table(300),
      records,
      runner,
      runs: 30,
      epochs: 10,
    });
    const seeds = new Set(runs.map(({ record }) => record.request.config.splitSeed));
    expect(seeds.size).toBeGreaterThan(2);
    expect(points.length).toBeGreaterThan(0);
    for (const { record } of points) {
      expect(record.request.config.validation).toBe(0);
      expect(record).not.toHaveProperty('test');
    }
    records.close();
  });

  it('gives what it found where it is stopped', async () => {
    const records = openRecords(join(folder, 'stopped'));
    const stop = new AbortController();
    const { status, points, runs } = await searchNetworks({
      ...{ ...common, records, runner: inProcess({ trained: 0 }), signal: stop.signal },
      onRun: ({ record }) => record.request.config.seed === 1 && stop.abort(),
    });
    expect(status).toBe('interrupted');
    expect(points).toHaveLength(runs.length);
    // More is to be chosen: the test part waits.
    for (const point of points) expect(point).not.toHaveProperty('test');
    records.close();
  });

  it('says that it was stopped also where only the last trainings are missing, and goes on with them', async () => {
    const records = openRecords(join(folder, 'stopped-late'));
    const stop = new AbortController();
    const all = { ...common, data: table(300), records, runs: 6, epochs: 6 };
    const runner = inProcess({ trained: 0 });
    const stopping: Runner = {
      ...runner,
      run(run, handlers) {
        if (run.request.config.validation === 0) stop.abort();
        return runner.run(run, handlers);
      },
    };
    const stopped = await searchNetworks({ ...all, runner: stopping, signal: stop.signal });
    expect(stop.signal.aborted).toBe(true);
    expect(stopped.status).toBe('interrupted');
    expect(stopped.runs).toHaveLength(6);
    const ended = await searchNetworks({ ...all, runner });
    expect(ended.status).toBe('finished');
    for (const { test } of ended.points) expect(test).toBeGreaterThan(0);
    records.close();
  });

  it('begins with the same networks, searched at random or not', async () => {
    const records = openRecords(join(folder, 'begun'));
    const first = async (sampler: NonNullable<SearchOptions['sampler']>) => {
      const { runs } = await searchNetworks({
        ...{ ...common, name: sampler, sampler, records, runner: inProcess({ trained: 0 }) },
        ...{ runs: 2, epochs: 2 },
      });
      return runs.map(({ record }) => record.request.config.network);
    };
    expect(await first('random')).toEqual(await first('evolution'));
    records.close();
  });

  it('can be stopped, and ends with its time, while networks are priced of which none keeps the budget', async () => {
    const records = openRecords(join(folder, 'pricing'));
    const runner = inProcess({ trained: 0 });
    const pricing = vi.spyOn(PricedConfigs.prototype, 'config');
    // In 240 cycles nothing is called, written to and read from; by its multiplications alone a small network could be.
    const tight = { ...common, records, runner, budget: { target: 'ch32v003', maxMs: 0.005 } };
    const stop = new AbortController();
    pricing.mockImplementationOnce(async () => {
      setImmediate(() => stop.abort());
      return undefined;
    });
    const stopped = await searchNetworks({ ...tight, signal: stop.signal });
    expect(stopped).toMatchObject({ status: 'interrupted', points: [], runs: [] });
    expect(pricing.mock.calls.length).toBeLessThan(10);
    pricing.mockClear();
    await expect(searchNetworks({ ...tight, seconds: 0.01 })).rejects.toMatchObject({ code: 'nothing-found' });
    expect(pricing.mock.calls.length).toBeLessThan(100);
    pricing.mockRestore();
    records.close();
  });

  it('ends with its time', async () => {
    const records = openRecords(join(folder, 'timed'));
    const { runs: _, ...endless } = common;
    const started = performance.now();
    const runner = inProcess({ trained: 0 });
    const { status, points } = await searchNetworks({ ...endless, records, runner, seconds: 4 });
    expect(status).toBe('finished');
    expect(points.length).toBeGreaterThan(0);
    expect((performance.now() - started) / 1000).toBeLessThan(30);
    await expect(searchNetworks({ ...endless, records, runner })).rejects.toThrow(/without an end/);
    records.close();
  });

  it('says so where no network keeps the budget', async () => {
    const records = openRecords(join(folder, 'none'));
    const search = (tight: SearchOptions['budget']) =>
      searchNetworks({ ...common, records, runner: inProcess({ trained: 0 }), budget: tight });
    await expect(search({ target: 'ch32v003', maxWeights: 5 })).rejects.toThrow(/no network was found/);
    await expect(search({ target: 'ch32v003', maxRam: -1 })).rejects.toThrow(/maxRam is -1/);
    await expect(search({ target: 'ch32v999' })).rejects.toMatchObject({ code: 'unknown-target' });
    records.close();
  });
});
