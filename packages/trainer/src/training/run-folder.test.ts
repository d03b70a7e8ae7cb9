import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readCheckpoint } from './checkpoint.js';
import type { TrainingConfigInput } from './config.js';
import { type CreateRunOptions, createTrainingRun, resumeTrainingRun } from './create-run.js';
import type { TrainingRun } from './run.js';
import { RunFolder } from './run-folder.js';
import { softmaxEngine } from './testing/softmax-regression.js';
import { stripedDataset } from './testing/striped-dataset.js';

const dataset = stripedDataset();
const engine = softmaxEngine();
const config: TrainingConfigInput = {
  network: {
    name: 'linear',
    input: { shape: [36] },
    layers: [{ type: 'linear', name: 'fc1', outputs: 2, weights: { format: '8bit' } }],
  },
  data: { kind: 'mnist' },
  epochs: 2,
  batchSize: 16,
  validation: 50,
  augmentation: 'none',
};

let folder = '';
const open: TrainingRun[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bitnetmcu-run-folder-'));
});
afterEach(async () => {
  for (const run of open.splice(0)) await run.close();
  rmSync(folder, { recursive: true });
});
async function create(change: TrainingConfigInput = {}, options: CreateRunOptions = {}): Promise<TrainingRun> {
  const run = await createTrainingRun({ ...config, output: folder, ...change }, { dataset, engine, ...options });
  open.push(run);
  return run;
}
const aborted = () => AbortSignal.abort();
const files = () =>
  readdirSync(folder)
    .map((name) => name.replace(/^(events).*/, '$1'))
    .sort();

describe('the output folder of a run', () => {
  it.each([
    [{}, { action: [] }, 'There is no option of createTrainingRun "action". Did you mean "actions"?'],
    [{}, { actions: [{ epochEnd() {} }] }, "did you mean 'epochEnded'?"],
    [{ epoch: 3 }, {}, "epoch: unknown key; did you mean 'epochs'?"],
  ])('is free again where a run of %j, %o is refused', async (change, options, message) => {
    const taken = RunFolder.create(folder);
    const made = create(change as object, { folder: taken, ...(options as object) });
    await expect(made).rejects.toMatchObject({ name: 'TrainerError', message: expect.stringContaining(message) });
    RunFolder.create(folder).close();
  });

  it('is free again where a run is not resumed', async () => {
    const run = await create();
    await run.run();
    for (const options of [{ overwrite: true }, { inital: 'a.bnt' }]) {
      const resumed = resumeTrainingRun(run.checkpoint(), {
        dataset,
        engine,
        folder: RunFolder.resume(folder),
        ...options,
      });
      await expect(resumed).rejects.toMatchObject({
        code: 'invalid-argument',
        message: expect.stringContaining(`There is no option of resumeTrainingRun "${Object.keys(options)[0]}"`),
      });
    }
    RunFolder.resume(folder).close();
    await expect(run.run({ onEpochs: () => {} } as object)).rejects.toThrow('Did you mean "onEpoch"?');
  });

  it('holds one run; another one is refused, and with overwrite takes its place without any of its results', async () => {
    const first = await create();
    await first.run();
    writeFileSync(join(folder, 'model.bnm'), 'made of the first run');
    writeFileSync(join(folder, 'notes.txt'), "the user's");
    const second = await create({ seed: 9 });
    await expect(second.run()).rejects.toMatchObject({
      code: 'run-exists',
      message: expect.stringMatching(/checkpoint\.bnc.*--resume.*--overwrite/),
    });
    expect(readCheckpoint(join(folder, 'checkpoint.bnc')).config.seed).toBe(1);
    const third = await create({ seed: 9 }, { overwrite: true, results: ['model.bnm'] });
    expect(await third.run({ signal: aborted() })).toMatchObject({ status: 'interrupted', epoch: 0 });
    expect(files()).toEqual(['checkpoint.bnc', 'events', 'metrics.jsonl', 'notes.txt']);
    expect(readCheckpoint(join(folder, 'checkpoint.bnc')).config.seed).toBe(9);
    expect(readFileSync(join(folder, 'metrics.jsonl'), 'utf8')).toBe('');
  });

  it('is written by one run at a time', async () => {
    const [one, two] = [await create(), await create({ seed: 2 }, { overwrite: true })];
    const results = await Promise.allSettled([one.run(), two.run()]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect(results[1]).toMatchObject({ reason: { code: 'folder-in-use' } });
    const lines = readFileSync(join(folder, 'metrics.jsonl'), 'utf8').trim().split('\n');
    expect(lines.map((line) => JSON.parse(line).epoch)).toEqual([0, 1, undefined]);
    expect(existsSync(join(folder, 'network.bnt'))).toBe(true);
  });

  it('can be locked before the data are loaded, and stays locked until the run is closed', async () => {
    const place = join(folder, 'deep', 'er');
    const run = await create({ output: place }, { folder: RunFolder.create(place) });
    await run.run();
    expect(() => RunFolder.create(place, { overwrite: true })).toThrow(
      expect.objectContaining({ code: 'folder-in-use' }),
    );
    await run.close();
    RunFolder.resume(place).close();
  });

  it('is not left behind by a run that cannot be made', async () => {
    const place = join(folder, 'x');
    await expect(create({ output: place, validation: 10_000 }, { folder: RunFolder.create(place) })).rejects.toThrow();
    expect(existsSync(place)).toBe(false);
  });

  it('has a checkpoint from the start, from which the run goes on to the same bits', async () => {
    const whole = await create({ output: join(folder, 'whole') });
    await whole.run();
    await (await create({ output: join(folder, 'stopped') })).run({ signal: aborted() });
    const resumed = await resumeTrainingRun(join(folder, 'stopped', 'checkpoint.bnc'), { dataset, engine });
    open.push(resumed);
    await resumed.run();
    expect(resumed.checkpoint().network.parameters).toEqual(whole.checkpoint().network.parameters);
  });

  it('gets the finished network also where the process was killed after the last checkpoint', async () => {
    await (await create()).run();
    rmSync(join(folder, 'network.bnt'));
    const ended = spawnSync(process.execPath, ['-e', '']).pid;
    writeFileSync(join(folder, `.network.bnt.${ended}.01234567.tmp`), 'half of it');
    const resumed = await resumeTrainingRun(join(folder, 'checkpoint.bnc'), { dataset, engine });
    open.push(resumed);
    await resumed.run();
    expect(files()).toEqual(expect.arrayContaining(['checkpoint.bnc', 'network.bnt']));
    expect(files().filter((name) => name.endsWith('.tmp') || name.endsWith('.lock'))).toEqual([]);
  });

  it('is found to be no folder, or not writable, before anything is trained', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    await expect((await create({ output: file })).run()).rejects.toMatchObject({
      code: 'file-error',
      message: expect.stringMatching(/file is a file; a folder is wanted/),
    });
    if (process.getuid?.() === 0 || process.platform === 'win32') return;
    chmodSync(folder, 0o500);
    await expect((await create({ output: join(folder, 'x') })).run()).rejects.toThrow(/permission denied/);
    chmodSync(folder, 0o700);
  });
});
