import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NetworkSpecInput, TrainedNetwork } from '@bitnetmcu/models';
import { writeTrainedNetworkFile } from '@bitnetmcu/models/node';
import { getFormat, octav } from '@bitnetmcu/quant';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEngine } from '../engine/create-engine.js';
import type { TrainingConfigInput } from './config.js';
import { createTrainingRun, resumeTrainingRun } from './create-run.js';
import { readInitialNetwork } from './initial-network.js';
import type { TrainingRun } from './run.js';
import { stripedDataset } from './testing/striped-dataset.js';

const dataset = stripedDataset();
const engine = await createEngine({ kind: 'wasm' });
const network = (format: '4bitsym' | '2bitsym', outputs = 8): NetworkSpecInput => ({
  name: 'two-layers',
  input: { shape: [36] },
  layers: [
    {
      type: 'linear',
      name: 'fc1',
      outputs,
      weights: { format, clipping: { method: 'octav', freezeEpoch: 0 } },
      bias: true,
    },
    { type: 'activation', name: 'relu', function: 'relu' },
    { type: 'linear', name: 'fc2', outputs: 2, weights: { format: '4bitsym' }, norm: 'batch' },
  ],
});
const config: TrainingConfigInput = { epochs: 2, batchSize: 8, validation: 50, augmentation: 'none', seed: 5 };

let folder = '';
const open: TrainingRun[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bitnetmcu-initial-'));
});
afterEach(async () => {
  for (const run of open.splice(0)) await run.close();
  rmSync(folder, { recursive: true });
});

async function create(change: TrainingConfigInput, initial?: TrainedNetwork | string): Promise<TrainingRun> {
  const run = await createTrainingRun({ ...config, ...change }, { dataset, engine, initial });
  open.push(run);
  return run;
}

async function trained(output?: string): Promise<TrainedNetwork> {
  const run = await create({ network: network('4bitsym'), ...(output === undefined ? {} : { output }) });
  await run.run();
  return run.trainedNetwork();
}

describe('a run from a trained network', () => {
  it('begins with its spec and every parameter: weights, biases, statistics of norms, clipping scalars', async () => {
    const initial = await trained();
    const run = await create({ seed: 77 }, initial);
    expect(run.trainedNetwork().spec).toEqual(initial.spec);
    expect(run.trainedNetwork().parameters).toEqual(initial.parameters);
    expect(initial.parameters['fc1.bias']!.some((value) => value !== 0)).toBe(true);
    await run.run();
    expect(run.trainedNetwork().parameters['fc1.weight']).not.toEqual(initial.parameters['fc1.weight']);
    // Frozen from epoch 0 on: neither the random weights of a new network nor the new ones decided it.
    expect(run.trainedNetwork().parameters['fc1.clip']).toEqual(initial.parameters['fc1.clip']);
  });

  it('reads .bnt files and checkpoints, told apart by content', async () => {
    const initial = await trained(folder);
    const renamed = join(folder, 'renamed');
    writeTrainedNetworkFile(renamed, initial);
    expect(readInitialNetwork(renamed).parameters).toEqual(initial.parameters);
    const run = await create({}, join(folder, 'checkpoint.bnc'));
    expect(run.trainedNetwork().parameters).toEqual(initial.parameters);
    writeFileSync(join(folder, 'none'), 'neither');
    await expect(create({}, join(folder, 'none'))).rejects.toMatchObject({ code: 'invalid-checkpoint' });
  });

  it('resumes without the initial network, to the same bits', async () => {
    const initial = await trained();
    const whole = await create({}, initial);
    await whole.run();
    const controller = new AbortController();
    const stopped = await (await create({ output: folder }, initial)).run({
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    if (stopped.status !== 'interrupted') throw new Error('the run ended before it could be stopped');
    const resumed = await resumeTrainingRun(stopped.checkpoint!, { dataset, engine });
    open.push(resumed);
    await resumed.run();
    expect(resumed.checkpoint().network.parameters).toEqual(whole.checkpoint().network.parameters);
    expect(resumed.checkpoint().state).toEqual(whole.checkpoint().state);
  });

  it('takes another weight format, with clipping scalars for it', async () => {
    const initial = await trained();
    const { parameters } = (await create({ network: network('2bitsym') }, initial)).trainedNetwork();
    const weights = initial.parameters['fc1.weight']!;
    expect(parameters['fc1.weight']).toEqual(weights);
    const clip = octav({ format: getFormat('2bitsym'), weights, epoch: 0, current: undefined });
    expect(parameters['fc1.clip']![0]).toBeCloseTo(clip, 6);
    expect(parameters['fc1.clip']).not.toEqual(initial.parameters['fc1.clip']);
  });

  it('refuses a network with other layers, naming the parameter', async () => {
    const initial = await trained();
    await expect(create({ network: network('4bitsym', 9) }, initial)).rejects.toMatchObject({
      code: 'initial-mismatch',
      message: expect.stringContaining('288 values for fc1.weight; two-layers needs 324'),
    });
  });
});
