// One run from its request to its record: the same wherever it is made, with the scores that the reference inference gives, also where it was stopped.
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeBnm, quantizeInput, ReferenceInference } from '@bitnetmcu/models';
import { decide } from '@bitnetmcu/models/internal';
import { type Dataset, loadDataset, parseTrainingConfig, type Samples, type TrainingConfig } from '@bitnetmcu/trainer';
import { splitForValidation } from '@bitnetmcu/trainer/internal';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unpackRight } from '../statistics/right-bits.js';
import { stripedConfig, writeStripedFiles } from '../testing/striped-files.js';
import { checkpointFolder } from './checkpoint-store.js';
import { comparable } from './comparable-record.js';
import { type ExecuteOptions, RunExecutor } from './run-executor.js';
import type { RunRequest } from './run-request.js';

let folder = '';
let data: TrainingConfig['data'];
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bitnetmcu-executor-'));
  data = writeStripedFiles(folder);
});
afterAll(() => rmSync(folder, { recursive: true }));

async function execute(config: TrainingConfig, options: ExecuteOptions & Partial<RunRequest> = {}) {
  const { targets = [], test = false, float, ...rest } = options;
  const executor = new RunExecutor();
  const request = { config, targets, test, float };
  return executor.execute({ key: await executor.keyOf(request), request }, rest);
}

/** What the reference inference says of each sample. */
async function decisionsOf(model: ReturnType<typeof decodeBnm>, samples: Samples) {
  const loaded = await new ReferenceInference().load(model);
  const inputs = quantizeInput(model, samples.bytes);
  const size = inputs.length / samples.count;
  const logits = await loaded.infer(inputs, samples.count);
  const outputs = logits.length / samples.count;
  return Array.from({ length: samples.count }, (_, i) =>
    decide(model, inputs.subarray(i * size, (i + 1) * size), logits.subarray(i * outputs, (i + 1) * outputs)),
  );
}

describe('RunExecutor', () => {
  it('judges a network without an integer form as it is trained, where that is asked for', async () => {
    const plain = stripedConfig(data);
    const { layers, ...spec } = plain.network as Exclude<typeof plain.network, string>;
    const normed = layers.map((layer) => (layer.type === 'linear' ? { ...layer, norm: 'layer' as const } : layer));
    const config = { ...plain, network: { ...spec, layers: normed } };
    await expect(execute(config, { test: true, targets: [] })).rejects.toThrow(/norm/);
    const { record, model } = await execute(config, { test: true, targets: ['ch32v003'], float: true });
    expect(record.floatTest!.accuracy).toBeGreaterThan(0.5);
    // 144·16 + 16·2 weights of 4 bits.
    expect([model, record.model, record.test, record.targets, record.weightBytes]).toEqual([
      undefined,
      undefined,
      undefined,
      [],
      (144 * 16 + 16 * 2) / 2,
    ]);
  });

  it('has the scores of the integer network, sample by sample', async () => {
    const config = stripedConfig(data);
    const { record, model } = await execute(config, { test: true, targets: ['ch32v003', 'rp2040'] });
    const dataset = await loadDataset(data);
    const integers = decodeBnm(model!);
    const rightOf = async (samples: Samples) =>
      (await decisionsOf(integers, samples)).map((one, i) =>
        Number(one.task === 'classification' && one.class === samples.labels[i]),
      );
    const share = (right: readonly number[]) => right.reduce((sum, one) => sum + one, 0) / right.length;
    const { heldOut } = splitForValidation(dataset.train, config);
    expect(record.validation?.integer.accuracy).toBe(share(await rightOf(heldOut)));
    // Of a data set that is not known by name a class gives its share: the numbers are found by the samples themselves.
    const size = dataset.train.bytes.length / dataset.train.count;
    const texts = new Map(
      Array.from({ length: dataset.train.count }, (_, i) => [
        Buffer.from(dataset.train.bytes.subarray(i * size, (i + 1) * size)).toString('hex'),
        i,
      ]),
    );
    const numbers = Buffer.alloc(4 * heldOut.count);
    for (let i = 0; i < heldOut.count; i++) {
      const sample = Buffer.from(heldOut.bytes.subarray(i * size, (i + 1) * size)).toString('hex');
      numbers.writeUInt32LE(texts.get(sample)!, 4 * i);
    }
    expect(record.heldOut).toBe(createHash('sha256').update(numbers).digest('hex'));
    expect(record.validation?.integer.accuracy).toBeGreaterThan(0.9);
    expect(record.validation?.float).toEqual(record.epochs.at(-1)?.validation);
    const tested = await rightOf(dataset.test);
    expect(record.test?.accuracy).toBe(share(tested));
    expect([...unpackRight(record.right!)]).toEqual(tested);
    // 144·16 and 16·2 weights of 4 bits.
    expect(record.weightBytes).toBe((144 * 16 + 16 * 2) / 2);
    expect(record.targets.map(({ target, fits }) => [target, fits])).toEqual([
      ['ch32v003', true],
      ['rp2040', true],
    ]);
    expect(record.targets[0]!.cycles).toBeGreaterThan(144 * 16);
    expect(record.dataset).toEqual({ name: dataset.name, sha256: dataset.sha256 });
  });

  it('gives the same record and the same bytes again, wherever data and output are', async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'bitnetmcu-elsewhere-'));
    const first = await execute(stripedConfig(data));
    const second = await execute(stripedConfig(writeStripedFiles(elsewhere), { output: join(elsewhere, 'out') }));
    expect(second.record.key).toBe(first.record.key);
    expect(second.record.model).toBe(first.record.model);
    expect(Buffer.compare(second.model!, first.model!)).toBe(0);
    const { request: _here, ...here } = comparable(first.record) as { request: unknown };
    const { request: _there, ...there } = comparable(second.record) as { request: unknown };
    expect(there).toEqual(here);
    expect(comparable((await execute(stripedConfig(data))).record)).toEqual(comparable(first.record));
    expect(Buffer.from(first.model!).toString('latin1')).not.toContain(folder);
    rmSync(elsewhere, { recursive: true });
  });

  it('goes on from where it was stopped, to the same record', async () => {
    const config = stripedConfig(data, { epochs: 5 });
    const whole = await execute(config);
    const checkpoints = checkpointFolder(join(folder, 'unfinished'));
    const controller = new AbortController();
    const stopped = execute(config, {
      checkpoints,
      signal: controller.signal,
      onEpoch: (epochs) => epochs === 2 && controller.abort(),
    });
    await expect(stopped).rejects.toMatchObject({ name: 'AbortError' });
    expect(readdirSync(join(folder, 'unfinished'))).toEqual([0, 1].map((turn) => `${whole.record.key}.${turn}.bnc`));
    const epochs: number[] = [];
    const resumed = await execute(config, { checkpoints, onEpoch: (done) => epochs.push(done) });
    expect(epochs).toEqual([3, 4, 5]);
    expect(comparable(resumed.record)).toEqual(comparable(whole.record));
    // Of one whose writer was killed the one before is taken; of two the run begins anew.
    for (const wanted of [[5], [1, 2, 3, 4, 5]]) {
      checkpoints.write(whole.record.key, new TextEncoder().encode('BNC1 and then nothing'));
      if (wanted.length > 1) checkpoints.write(whole.record.key, new Uint8Array());
      const again: number[] = [];
      const { record } = await execute(config, { checkpoints, onEpoch: (done) => again.push(done) });
      expect(again).toEqual(wanted);
      expect(comparable(record)).toEqual(comparable(whole.record));
    }
  });

  it('makes a run whose checkpoints cannot be written', async () => {
    const config = stripedConfig(data, { epochs: 3 });
    writeFileSync(join(folder, 'no-folder'), '');
    const epochs: number[] = [];
    const { record } = await execute(config, {
      checkpoints: checkpointFolder(join(folder, 'no-folder', 'unfinished')),
      onEpoch: (done) => epochs.push(done),
    });
    expect(epochs).toEqual([1, 2, 3]);
    expect(comparable(record)).toEqual(comparable((await execute(config)).record));
  });

  it('reads data again that were replaced while the process runs', async () => {
    const train = join(folder, 'replaced.csv');
    const write = (name: string, sign: number) => {
      const rows = Array.from({ length: 40 }, (_, i) => `${i},${(i * 7) % 11},${sign * i > sign * 20 ? 'a' : 'b'}`);
      writeFileSync(join(folder, name), `x,y,class\n${rows.join('\n')}\n`);
    };
    write('replaced.csv', 1);
    const config = parseTrainingConfig({ network: 'fc-1k', data: { kind: 'csv', train }, engine: 'wasm' });
    const request = { config, targets: [], test: false };
    const executor = new RunExecutor();
    const before = await executor.keyOf(request);
    expect(await executor.keyOf(request)).toBe(before);
    write('other.csv', -1);
    renameSync(join(folder, 'other.csv'), train);
    const after = await executor.keyOf(request);
    expect(after).not.toBe(before);
    expect(after).toBe(await new RunExecutor().keyOf(request));
    await expect(executor.execute({ key: before, request })).rejects.toMatchObject({ code: 'machines-differ' });
  });

  it('refuses a run whose data, engine or packages are others here', async () => {
    const request = { config: stripedConfig(data), targets: [], test: false };
    await expect(new RunExecutor().execute({ key: 'f'.repeat(64), request })).rejects.toMatchObject({
      code: 'machines-differ',
      message: expect.stringContaining('the data'),
    });
  });

  it('says nothing of the test part where it was not asked for', async () => {
    const { record, model } = await execute(stripedConfig(data));
    expect(record.test).toBeUndefined();
    expect(Object.keys(decodeBnm(model!).provenance.metrics ?? {})).toEqual(['validationAccuracy']);
  });

  it.each(['regression', 'anomaly', 'multiLabel'] as const)('judges integers by their task: %s', async (task) => {
    const config = taskConfig(task);
    const { record, model } = await execute(config, { test: true });
    const dataset = await loadDataset(config.data);
    const integers = decodeBnm(model!);
    const decisions = await decisionsOf(integers, dataset.test);
    expect(record.test).toEqual(wantedScore(task, decisions, dataset, quantizeInput(integers, dataset.test.bytes)));
    expect(record.validation!.integer.accuracy).toBeGreaterThan(0.3);
  });
});

/** Three columns of which the answers follow. */
function taskConfig(task: 'regression' | 'anomaly' | 'multiLabel'): TrainingConfig {
  const rows = Array.from({ length: 300 }, (_, i) => {
    const [x, y] = [Math.sin(i), Math.cos(3 * i)];
    const answer = {
      regression: `${(2 * x - y).toFixed(2)}`,
      multiLabel: [...(x > 0 ? ['left'] : []), ...(y > 0 ? ['up'] : []), ...(x > y ? ['more'] : [])].join(';'),
      anomaly: i % 10 === 0 ? 'odd' : 'fine',
    };
    const z = task === 'anomaly' && i % 10 === 0 ? -4 * x : x - y;
    return `${x.toFixed(3)},${y.toFixed(3)},${z.toFixed(3)},${answer[task]}`;
  });
  const train = join(folder, `${task}.csv`);
  writeFileSync(train, `x,y,z,answer\n${rows.join('\n')}\n`);
  const outputs = { regression: 1, multiLabel: 3, anomaly: 3 }[task];
  return parseTrainingConfig({
    network: {
      name: 'answers',
      input: { shape: [3] },
      layers: [
        { type: 'linear', name: 'fc1', outputs: 16, weights: { format: '8bit' }, norm: 'none' },
        { type: 'activation', name: 'relu', function: 'relu' },
        { type: 'linear', name: 'fc2', outputs, weights: { format: '8bit' }, norm: 'none' },
      ],
    },
    data: {
      kind: 'csv',
      train,
      task,
      labelColumn: 'answer',
      ...(task === 'anomaly' && { normal: 'fine' }),
    },
    epochs: 40,
    batchSize: 16,
    learningRate: 0.01,
  });
}

function wantedScore(
  task: 'regression' | 'anomaly' | 'multiLabel',
  decisions: Awaited<ReturnType<typeof decisionsOf>>,
  { test }: Dataset,
  inputs: Int8Array,
): unknown {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = (values: readonly number[]) => mean(values.map((value) => (value - mean(values)) ** 2));
  if (task === 'regression') {
    const places = 2;
    const given = decisions.map((one) => (one.task === 'regression' ? one.values[0]! / 10 ** places : Number.NaN));
    const wanted = [...test.targets!];
    const r2 = 1 - mean(given.map((value, i) => (value - wanted[i]!) ** 2)) / variance(wanted);
    const error = mean(given.map((value, i) => Math.abs(value - wanted[i]!)));
    return { accuracy: expect.closeTo(r2, 9), r2: expect.closeTo(r2, 9), meanAbsoluteError: expect.closeTo(error, 9) };
  }
  if (task === 'anomaly') {
    const scores = decisions.map((one) => (one.task === 'anomaly' ? one.score : Number.NaN));
    const features = [0, 1, 2].map((k) => Array.from({ length: test.count }, (_, i) => inputs[3 * i + k]!));
    const total = features.reduce((sum, values) => sum + variance(values), 0);
    const pairs = scores.flatMap((odd, i) =>
      test.labels[i] === 1
        ? scores.flatMap((fine, k) => (test.labels[k] === 0 ? [odd > fine ? 1 : odd === fine ? 0.5 : 0] : []))
        : [],
    );
    return { accuracy: expect.closeTo(1 - mean(scores) / total, 9), areaUnderRoc: expect.closeTo(mean(pairs), 9) };
  }
  const hits = decisions.map((one, i) =>
    one.task === 'multiLabel' ? one.labels.map((on, k) => Number(on === (test.targets![3 * i + k] === 1))) : [],
  );
  return {
    accuracy: expect.closeTo(mean(hits.map((all) => Math.min(...all))), 9),
    labelAccuracy: expect.closeTo(mean(hits.flat()), 9),
  };
}
