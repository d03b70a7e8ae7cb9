// Runs that go on where they were interrupted, to the same weights.
import { copyFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { EngineInfo } from '../engine/engine.js';
import type { EpochAction } from './actions/epoch-action.js';
import { readCheckpoint } from './checkpoint.js';
import { resumeTrainingRun } from './create-run.js';
import { softmaxEngine } from './testing/softmax-regression.js';
import { stripedDataset } from './testing/striped-dataset.js';
import { create, folder, resume, runUntil, useRunFolder } from './testing/striped-runs.js';

useRunFolder();

/** The mean of all parameters over the epochs. */
function averageWeights(): EpochAction & { readonly averages: Record<string, Float32Array> } {
  const averages: Record<string, Float32Array> = {};
  return {
    averages,
    state({ parameters }) {
      for (const [name, { length }] of Object.entries(parameters))
        averages[`average.${name}`] = new Float32Array(length);
      return averages;
    },
    epochEnded({ network, epoch }) {
      for (const [name, values] of Object.entries(network.parameters)) {
        const average = averages[`average.${name}`]!;
        for (let i = 0; i < values.length; i++) average[i]! += (values[i]! - average[i]!) / (epoch + 1);
      }
    },
  };
}

describe('resumeTrainingRun', () => {
  it('resumes to the bit wherever it was interrupted, also several times', async () => {
    const whole = await create();
    await whole.run();
    // 63 steps an epoch: chunks begin small, so these reports lie within the first, second and third epoch.
    for (const reports of [1, 3, 4, 5, 8, 11]) {
      const output = join(folder, String(reports));
      const stopped = await runUntil(await create({ output }), reports);
      if (stopped.status !== 'interrupted') continue;
      const again = await resume(stopped.checkpoint!);
      await runUntil(again, 2);
      const last = await resume(stopped.checkpoint!);
      expect(await last.run()).toMatchObject({ status: 'finished' });
      expect(last.checkpoint().network.parameters).toEqual(whole.checkpoint().network.parameters);
      expect(last.checkpoint().state).toEqual(whole.checkpoint().state);
      last.history.forEach(({ train, validation }, epoch) => {
        const expected = whole.history[epoch]!;
        expect([train.accuracy, validation]).toEqual([expected.train.accuracy, expected.validation]);
        // The sum of the loss is taken chunk by chunk.
        expect(train.loss).toBeCloseTo(expected.train.loss, 10);
      });
    }
    const first = await runUntil(await create({ output: join(folder, 'x') }), 2);
    expect(first).toMatchObject({ status: 'interrupted', epoch: 0 });
    expect(first.status === 'interrupted' && first.step).toBeGreaterThan(0);
  });

  it('resumes the state of actions to the bit, after an interruption within an epoch and after a kill between two saves', async () => {
    const seen: Float32Array[] = [];
    const undisturbed = averageWeights();
    const record: EpochAction = {
      epochEnded: ({ network }) => void seen.push(network.parameters['fc1.weight']!.slice()),
    };
    await (await create({}, { actions: [undisturbed, record] })).run();
    const { averages } = undisturbed;
    expect(seen).toHaveLength(3);
    averages['average.fc1.weight']!.forEach((average, i) => {
      expect(average).toBeCloseTo((seen[0]![i]! + seen[1]![i]! + seen[2]![i]!) / 3, 5);
    });

    for (const reports of [1, 4, 8]) {
      const output = join(folder, String(reports));
      const stopped = await runUntil(await create({ output }, { actions: [averageWeights()] }), reports);
      if (stopped.status !== 'interrupted') throw new Error(`finished before report ${reports}`);
      const again = averageWeights();
      await (await resume(stopped.checkpoint!, { actions: [again] })).run();
      expect(again.averages).toEqual(averages);
    }

    // What a kill in the second epoch leaves is the checkpoint of the first.
    const output = join(folder, 'killed');
    const left = join(folder, 'left', 'checkpoint.bnc');
    const killed = await create({ output }, { actions: [averageWeights()] });
    await killed.run({
      onEpoch: ({ epoch }) => {
        if (epoch > 0) return;
        mkdirSync(dirname(left));
        copyFileSync(join(output, 'checkpoint.bnc'), left);
      },
    });
    const again = averageWeights();
    await (await resume(left, { actions: [again] })).run();
    expect(again.averages).toEqual(averages);
  });

  it('refuses to resume with other actions than those whose state was saved, and names that two of them use', async () => {
    const run = await create({ output: folder }, { actions: [averageWeights()] });
    await run.run();
    const path = join(folder, 'checkpoint.bnc');
    const kept: EpochAction = { state: () => ({ best: new Float32Array(1) }) };
    await expect(resume(path)).rejects.toThrow(/has the state 'average\.fc1\.weight' of an action/);
    await expect(resume(path, { actions: [averageWeights(), kept] })).rejects.toThrow(
      /nothing for the state of an action best; the action wants 1/,
    );
    await expect(resume(path, { actions: [averageWeights(), averageWeights()] })).rejects.toThrow(
      /Two actions of the run keep state under the name 'average\.fc1\.weight'/,
    );
    expect(readCheckpoint(path).actions).toEqual(run.checkpoint().actions);
  });

  it('goes on in the same process after an interruption', async () => {
    const whole = await create();
    await whole.run();
    const run = await create();
    expect(await runUntil(run, 4)).toMatchObject({ status: 'interrupted' });
    await run.run();
    expect(run.checkpoint().network.parameters).toEqual(whole.checkpoint().network.parameters);
  });

  it('says where another arithmetic goes on, and only there; the record has it', async () => {
    const [fused, other, separate] = [
      { kind: 'native', simd: 'avx2', threads: 1, arithmetic: 'fused' },
      { kind: 'native', simd: 'avx512', threads: 4, arithmetic: 'fused' },
      { kind: 'wasm', simd: 'simd128', threads: 1, arithmetic: 'separate' },
    ] as const;
    const on = (info: EngineInfo) => ({ engine: { ...softmaxEngine(), info } });
    const run = await create({ output: folder }, on(fused));
    await run.run();
    const path = join(folder, 'checkpoint.bnc');
    const saved = readCheckpoint(path);
    expect(saved.engine).toEqual(fused);
    expect(saved.network.provenance.engine).toEqual(fused);
    expect(saved.history.map(({ arithmetic }) => arithmetic)).toEqual(['fused', 'fused', 'fused']);
    const notices: string[] = [];
    const onNotice = (notice: string) => notices.push(notice);
    await resume(path, { ...on(other), onNotice });
    expect(notices.filter((notice) => notice.includes('last bits'))).toEqual([]);
    await (await resume(path, { ...on(separate), onNotice })).close();
    expect(notices.filter((notice) => notice.includes('last bits'))).toEqual([
      'The checkpoint was trained with native (avx2, 1 thread, fused multiply-add), now it is wasm (simd128, 1 thread, separate multiply-add): results will differ in the last bits.',
    ]);
  });

  it('refuses to go on with other data', async () => {
    const run = await create({ output: folder });
    await run.run();
    const other = resumeTrainingRun(join(folder, 'checkpoint.bnc'), {
      dataset: stripedDataset(200),
      engine: softmaxEngine(),
    });
    await expect(other).rejects.toMatchObject({ code: 'checkpoint-mismatch' });
  });
});
