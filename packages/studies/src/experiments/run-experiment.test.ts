// An experiment from its row to its results: killed, gone on with, and what changes of its row leave valid.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readRecords } from '../records/read-records.js';
import { openRecords, type RunRecords } from '../records/run-records.js';
import { RunExecutor } from '../run/run-executor.js';
import type { Runner } from '../runners/runner.js';
import { stripedConfig, writeStripedFiles } from '../testing/striped-files.js';
import type { Experiment } from './experiment.js';
import { readExperimentResults, trainedHash, withTeacherPaths, writeExperimentResults } from './results.js';
import { EXPERIMENTS, findExperiment } from './rows/index.js';
import { plannedRuns, runExperiment } from './run-experiment.js';

let folder = '';
let records: RunRecords;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bitnetmcu-experiment-'));
  records = openRecords(join(folder, 'records'));
});
afterEach(() => {
  records.close();
  rmSync(folder, { recursive: true });
});

/** Trains in this process. */
function runnerHere(): Runner & { readonly made: string[] } {
  const executor = new RunExecutor();
  const made: string[] = [];
  return {
    ...{ parallel: 1, made },
    async run(run) {
      made.push(run.key);
      return executor.execute(run);
    },
    async close() {},
  };
}

function stripes(): Experiment {
  return {
    name: 'stripes',
    question: 'Which rate?',
    method: 'Two rates.',
    teachers: [{ name: 'large', config: stripedConfig(writeStripedFiles(folder, 200, 60), { epochs: 2 }) }],
    studies: [
      {
        title: 'two rates',
        base: stripedConfig(writeStripedFiles(folder, 200, 60)),
        configurations: [
          { label: 'slow', config: { learningRate: 1e-3 } },
          { label: 'fast', config: { learningRate: 1e-2 }, reported: { test: 99 } },
          { label: 'taught', config: { loss: [{ kind: 'distillation', teacher: 'teacher:large' }] } },
        ],
        seeds: 2,
      },
    ],
    claims: [],
  };
}

const options = (runner: Runner) => ({ records, runner, folder, command: 'test' });

describe('runExperiment', () => {
  it('goes on where it was stopped, and makes no run twice', async () => {
    const stop = new AbortController();
    const first = runnerHere();
    const stopped = await runExperiment(stripes(), {
      ...options(first),
      signal: stop.signal,
      onEnd: () => stop.abort(new Error('stopped')),
    });
    expect(stopped.status).toBe('interrupted');
    const second = runnerHere();
    const done = await runExperiment(stripes(), options(second));
    expect([done.status, done.failed]).toEqual(['finished', 0]);
    expect(new Set([...first.made, ...second.made]).size).toBe(6);
    expect(first.made.length + second.made.length).toBe(6);
    const none = runnerHere();
    const again = await runExperiment(stripes(), options(none));
    expect(none.made).toEqual([]);
    expect(again.results.studies).toEqual(done.results.studies);
  });

  it('has every figure of every run', async () => {
    const { results } = await runExperiment(stripes(), options(runnerHere()));
    for (const { runs, targets, failed } of results.studies[0]!.configurations) {
      expect([runs.map(({ seed }) => seed), failed]).toEqual([[1, 2], []]);
      expect(targets).toMatchObject([{ target: 'ch32v003', fits: true, cycles: expect.any(Number) }]);
      for (const { figures } of runs) {
        // 144·16 + 16·2 weights of 4 bits.
        expect(figures.weightBytes).toBe((144 * 16 + 16 * 2) / 2);
        for (const name of ['test', 'floatTest', 'validation', 'train', 'active'] as const) {
          expect(figures[name]).toBeGreaterThan(0);
          expect(figures[name]).toBeLessThanOrEqual(100);
        }
        expect(figures.testLoss).toBeGreaterThan(0);
        expect(figures.trainLoss).toBeGreaterThan(0);
      }
    }
    const path = join(folder, 'results.json');
    writeExperimentResults(path, results);
    expect(readExperimentResults(path)).toEqual({ version: 1, ...results });
    expect(
      readFileSync(path, 'utf8')
        .split('\n')
        .filter((line) => line.includes('"seed"')),
    ).toHaveLength(6);
  });

  it('measures runs again that are there, from their models alone', async () => {
    const made = await runExperiment(stripes(), options(runnerHere()));
    const targetsOf = ({ results }: typeof made) => results.studies[0]!.configurations.map(({ targets }) => targets);
    // As kernels of before would have left them.
    for (const record of readRecords(records.folder)) {
      if (record.status !== 'finished') throw new Error('finished runs wanted');
      const before = record.targets.map((one) => ({ ...one, cycles: 1, flashBytes: 2 }));
      const { hiddenCodes: _, ...rest } = record;
      records.add({ ...rest, targets: before }, readFileSync(records.modelPath(record.model!)));
    }
    const none = runnerHere();
    const stale = await runExperiment(stripes(), options(none));
    expect(stale.results.studies[0]!.configurations[0]!.targets).toMatchObject([{ cycles: 1, flashBytes: 2 }]);
    const again = await runExperiment(stripes(), { ...options(none), measureAgain: true });
    expect(none.made).toEqual([]);
    expect(targetsOf(again)).toEqual(targetsOf(made));
    expect(again.results.studies).toEqual(made.results.studies);
    expect(stale.results.studies[0]!.configurations[0]!.runs[0]!.figures.codeBits).toBeUndefined();
  });

  it('knows what was trained: another rate is another one, another label is not', () => {
    const experiment = stripes();
    const [study] = experiment.studies;
    const [slow, fast] = study.configurations as [Experiment['studies'][0]['configurations'][0], { label: string }];
    const hash = (one: typeof slow) => trainedHash(experiment, study, one);
    expect(hash({ ...slow, label: 'renamed' })).toBe(hash(slow));
    expect(hash(fast)).not.toBe(hash(slow));
  });
});

it('refuses files that hold no results', () => {
  const path = join(folder, 'results.json');
  for (const text of ['{', '{"version": 2}']) {
    writeFileSync(path, text);
    expect(() => readExperimentResults(path)).toThrow(expect.objectContaining({ code: 'invalid-records' }));
  }
});

it('names teachers that are not there', () => {
  const paths = new Map([['cnn', '/there']]);
  expect(withTeacherPaths({ loss: [{ teacher: ['teacher:cnn'] }] }, paths)).toEqual({
    loss: [{ teacher: ['/there'] }],
  });
  expect(() => withTeacherPaths({ teacher: 'teacher:cmm' }, paths)).toThrow(/"cmm", and the experiment has cnn/);
});

describe('the experiments', () => {
  it('have names of their own, titles and labels once each, and seeds enough', () => {
    expect(new Set(EXPERIMENTS.map(({ name }) => name)).size).toBe(EXPERIMENTS.length);
    for (const experiment of EXPERIMENTS) {
      expect(new Set(experiment.studies.map(({ title }) => title)).size).toBe(experiment.studies.length);
      expect(plannedRuns(experiment, { quick: true })).toBeLessThan(80);
      for (const { seeds, configurations } of experiment.studies) {
        expect(seeds).toBeGreaterThanOrEqual(3);
        expect(new Set(configurations.map(({ label }) => label)).size).toBe(configurations.length);
      }
    }
    expect(() => findExperiment('shedule')).toThrow(/Did you mean "schedule"/);
  });
});
