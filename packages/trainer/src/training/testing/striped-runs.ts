// Short runs on striped pictures, by an engine of the tests: a folder for each test, and every run is closed behind it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import type { TrainingConfigInput } from '../config.js';
import { type CreateRunOptions, createTrainingRun, resumeTrainingRun } from '../create-run.js';
import type { TrainingRun } from '../run.js';
import { softmaxEngine } from './softmax-regression.js';
import { stripedDataset } from './striped-dataset.js';

export const dataset = stripedDataset();
export const config: TrainingConfigInput = {
  network: {
    name: 'linear',
    input: { shape: [36] },
    layers: [{ type: 'linear', name: 'fc1', outputs: 2, weights: { format: '8bit' } }],
  },
  data: { kind: 'mnist' },
  epochs: 3,
  batchSize: 4,
  learningRate: 0.1,
  validation: 50,
  augmentation: 'none',
  seed: 5,
};

/** Of the running test. */
export let folder = '';
const open: TrainingRun[] = [];
/** Gives each test of a file its folder, and closes its runs behind it. */
export function useRunFolder(): void {
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'bitnetmcu-run-'));
  });
  afterEach(async () => {
    for (const run of open.splice(0)) await run.close();
    rmSync(folder, { recursive: true });
  });
}

/** A run of `config` with changes. */
export async function create(change: TrainingConfigInput = {}, options: CreateRunOptions = {}): Promise<TrainingRun> {
  const run = await createTrainingRun({ ...config, ...change }, { dataset, engine: softmaxEngine(), ...options });
  open.push(run);
  return run;
}

export async function resume(path: string, options: CreateRunOptions = {}): Promise<TrainingRun> {
  const run = await resumeTrainingRun(path, { dataset, engine: softmaxEngine(), ...options });
  open.push(run);
  return run;
}

/** Runs until the n-th progress report, then aborts. */
export async function runUntil(run: TrainingRun, reports: number) {
  const controller = new AbortController();
  let seen = 0;
  return run.run({
    signal: controller.signal,
    onProgress: () => {
      if (++seen === reports) controller.abort();
    },
  });
}
