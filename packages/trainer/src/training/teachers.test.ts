// Runs that learn the features of a teacher, and runs that keep its classifier.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clippingPolicy, updateClips } from '@bitnetmcu/quant';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CompiledEngine, createEngine } from '../engine/create-engine.js';
import { readCheckpoint } from './checkpoint.js';
import { layered } from './testing/layered-runs.js';
import { create, resume, runUntil, useRunFolder } from './testing/striped-runs.js';

useRunFolder();

let engine: CompiledEngine;
let folder = '';
let teacher = '';

/** 12 hidden neurons and 2 outputs, as the teacher; or as many hidden ones as are named. */
const student = (hidden = 12) => {
  const network = layered('4bitsym');
  return {
    ...network,
    layers: network.layers.map((layer) => (layer.name === 'fc1' ? { ...layer, outputs: hidden } : layer)),
  } as typeof network;
};
const features = () => ({ kind: 'features' as const, layer: 'act', teacher, teacherLayer: 'act', weight: 2 });
const taught = () => ({ loss: [{ kind: 'crossEntropy' as const }, features()] });

beforeAll(async () => {
  engine = await createEngine({ kind: 'wasm' });
  folder = mkdtempSync(join(tmpdir(), 'bitnetmcu-teachers-'));
  const run = await create({ network: layered('8bit'), epochs: 3, learningRate: 0.01, output: folder }, { engine });
  await run.run();
  teacher = join(folder, 'checkpoint.bnc');
});
afterAll(() => rmSync(folder, { recursive: true }));

async function trained(change: Parameters<typeof create>[0]) {
  const run = await create({ network: student(), epochs: 4, learningRate: 0.01, ...change }, { engine });
  await run.run();
  const { network } = run.checkpoint();
  return network.parameters;
}

describe('a teacher of features', () => {
  it.each([12, 5])('changes what %i neurons learn, and is no part of the network', async (hidden) => {
    const network = student(hidden);
    const [plain, other] = [await trained({ network }), await trained({ network, ...taught() })];
    expect(other['fc1.weight']).not.toEqual(plain['fc1.weight']);
    expect(Object.keys(other)).toEqual(Object.keys(plain));
  });

  it('teaches an interrupted run as one that was not, to the bit', async () => {
    const config = { network: student(5), epochs: 4, learningRate: 0.01, ...taught() };
    const output = join(folder, 'interrupted');
    const stopped = await runUntil(await create({ ...config, output }, { engine }), 3);
    if (stopped.status !== 'interrupted') throw new Error('the run is over');
    expect(Object.keys(readCheckpoint(stopped.checkpoint!).state)).toContain('features.projection');
    const again = await resume(stopped.checkpoint!, { engine });
    await again.run();
    expect(again.checkpoint().network.parameters).toEqual(await trained(config));
  });

  it('is refused where it has no such layer', async () => {
    const loss = [{ kind: 'crossEntropy' as const }, { ...features(), teacherLayer: 'relu' }];
    await expect(trained({ loss })).rejects.toMatchObject({
      code: 'invalid-config',
      message: expect.stringMatching(/layer 'relu' of a teacher.*fc1, act, fc2/),
    });
  });
});

describe('a frozen classifier', () => {
  it('stays that of the teacher while the layers before it learn', async () => {
    const { parameters } = readCheckpoint(teacher).network;
    const frozen = [{ layer: 'fc2', teacher }];
    const [plain, other] = [await trained({}), await trained({ frozen })];
    expect(other['fc2.weight']).toEqual(parameters['fc2.weight']);
    expect(plain['fc2.weight']).not.toEqual(parameters['fc2.weight']);
    expect(other['fc1.weight']).not.toEqual(plain['fc1.weight']);
    expect(other['fc1.weight']).not.toEqual(parameters['fc1.weight']);
  });

  it('without a teacher is that of the first weights', async () => {
    const first = await create({ network: student() }, { engine });
    const weight = first.checkpoint().network.parameters['fc2.weight']!.slice();
    await first.close();
    expect((await trained({ frozen: [{ layer: 'fc2' }] }))['fc2.weight']).toEqual(weight);
  });

  it('finds its clipping scalars anew where it has another format than the teacher, which had 8 bits', async () => {
    const { parameters } = readCheckpoint(teacher).network;
    const run = await create({ network: student(), frozen: [{ layer: 'fc2', teacher }] }, { engine });
    const { 'fc2.clip': clip, 'fc2.weight': weight } = run.checkpoint().network.parameters;
    await run.close();
    expect(weight).toEqual(parameters['fc2.weight']);
    expect(clip).not.toEqual(parameters['fc2.clip']);
    expect(clip).toEqual(
      updateClips('4bitsym', weight!, clippingPolicy({ method: 'octav' }), { outputs: 2, scaling: 'PerTensor' }),
    );
  });

  it('is refused behind another number of neurons', async () => {
    await expect(trained({ network: student(5), frozen: [{ layer: 'fc2', teacher }] })).rejects.toMatchObject({
      code: 'initial-mismatch',
      message: expect.stringMatching(/\(2 × 5\) shall be as fc2 \(2 × 12\) of the teacher .* as many outputs/),
    });
  });

  it.each([
    [{ kind: 'rewind', at: [2], values: 'random' }, /rewind changes weights.*fc2\. Leave out/],
    [
      { kind: 'prune', of: 'neurons', share: 0.5, schedule: { kind: 'once', epoch: 1 } },
      /prune changes weights.*fc2\. Leave out/,
    ],
  ])('is refused beside %j, which would change it', async (action, message) => {
    const change = { frozen: [{ layer: 'fc2' }], actions: [action] } as unknown as Parameters<typeof create>[0];
    await expect(trained(change)).rejects.toMatchObject({
      code: 'invalid-config',
      message: expect.stringMatching(message),
    });
  });

  it.each([
    [{ frozen: [{ layer: 'act' }] }, /no weights of that name: name one of fc1, fc2/],
    [{ frozen: [{ layer: 'fc1' }, { layer: 'fc2' }] }, /nothing is left to train/],
    [{ frozen: [{ layer: 'fc2' }, { layer: 'fc2' }] }, /named twice/],
    [{ frozen: [{ layer: 'fc2', teacherLayer: 'fc3' }] }, /none is named: give teacher as well/],
  ])('is refused as %j', async (change, message) => {
    await expect(trained(change)).rejects.toThrow(message);
  });

  it('is refused where it leaves a teacher of features nothing to teach', async () => {
    await expect(trained({ ...taught(), frozen: [{ layer: 'fc1' }] })).rejects.toThrow(/up to it are frozen/);
  });
});
