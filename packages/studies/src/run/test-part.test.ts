// The test part is looked at where a request asks for it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TrainingRun } from '@bitnetmcu/trainer';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { stripedConfig, writeStripedFiles } from '../testing/striped-files.js';
import { RunExecutor } from './run-executor.js';

const made = vi.hoisted(() => [] as TrainingRun[]);
vi.mock('@bitnetmcu/trainer', async (load) => {
  const trainer = await load<typeof import('@bitnetmcu/trainer')>();
  const createTrainingRun: typeof trainer.createTrainingRun = async (...given) => {
    const run = await trainer.createTrainingRun(...given);
    made.push(run);
    return run;
  };
  return { ...trainer, createTrainingRun };
});

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bitnetmcu-test-part-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('the test part', () => {
  it.each([false, true])('is what networks are judged by where it is asked for: %s', async (test) => {
    const request = { config: stripedConfig(writeStripedFiles(folder)), targets: [], test };
    const executor = new RunExecutor();
    const { record } = await executor.execute({ key: await executor.keyOf(request), request });
    const { metrics } = made.at(-1)!.trainedNetwork().provenance;
    expect(metrics?.testAccuracy).toBe(record.floatTest?.accuracy);
    for (const figure of [record.test, record.floatTest, record.activity]) expect(figure !== undefined).toBe(test);
  });
});
