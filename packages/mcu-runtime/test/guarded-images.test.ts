// Guards in images and ram: a kernel that reads one weight too many is seen, though the image goes on behind the table.
import { join } from 'node:path';
import { conformanceInputs, conformanceModel } from '@bitnetmcu/models/conformance';
import { ReferenceModel } from '@bitnetmcu/models/internal';
import { beforeAll, describe, expect, it } from 'vitest';
import { compileHostProgram, runProgram } from '../src/internal/node.js';
import { layoutGuardedModel } from '../src/lowering/layout-model.js';
import { CHostBackend, runtimeSources } from '../src/node.js';
import { missingHostCompiler, SANITIZERS, skipWhere } from './host-compiler.js';
import { linearNode, modelOf } from './networks.js';

const INPUTS = 8;
/** Two layers, so that the first one's weights and accumulators have something behind them. */
const model = modelOf(
  [INPUTS],
  [
    linearNode('fc1', 'input', INPUTS, 5, '8bit'),
    { op: 'shiftNorm', name: 'norm', inputs: ['fc1'], activation: 'relu' },
    linearNode('fc2', 'norm', 5, 3, '8bit'),
  ],
);
/** Of the first record in c/include/bnm_image.h: behind the header of 16 bytes. */
const RECORD = 16;

/** What the harness gives for one sample: the status of bnm_run and three logits, 4 bytes each. */
const ANSWER_BYTES = 4 + 4 * 3;

/** The answer to the image changed. */
async function run(program: string, isGuarded: boolean, change: (image: DataView) => void): Promise<Uint8Array> {
  const { image, imageGuards, ramGuards } = layoutGuardedModel(model);
  change(new DataView(image.buffer, image.byteOffset));
  const guards = isGuarded ? [...imageGuards, ...ramGuards].flatMap(({ start, end }) => [start, end]) : [];
  const counts = isGuarded ? [imageGuards.length, ramGuards.length] : [0, 0];
  const numbers = (values: number[]) => new Uint8Array(Uint32Array.from(values).buffer);
  return runProgram(
    program,
    Buffer.concat([numbers([image.length, 1, ...counts]), image, numbers(guards), new Uint8Array(INPUTS)]),
  );
}

describe.skipIf(skipWhere(missingHostCompiler))('guarded images', () => {
  let program: string;
  beforeAll(async () => {
    const { root, include, files } = runtimeSources();
    const sources = [join(root, 'harness', 'bnm_harness.c'), ...files];
    program = await compileHostProgram({ sources, include, flags: SANITIZERS });
  }, 60_000);

  it('show what reads behind a table or writes behind a buffer', async () => {
    const answer = await run(program, true, () => {});
    expect(answer).toHaveLength(ANSWER_BYTES);
    expect([...answer.subarray(0, 4)], 'BNM_OK').toEqual([0, 0, 0, 0]);
    // A sixth output: its weights lie behind the table, its accumulator behind the buffer.
    const oneMore = (image: DataView) => image.setUint16(RECORD + 2, 6, true);
    expect(await run(program, false, oneMore)).toHaveLength(ANSWER_BYTES);
    await expect(run(program, true, oneMore)).rejects.toThrow(/use-after-poison/);
  });

  it('give the reference logits', async () => {
    const jobs = Array.from({ length: 60 }, (_, index) => {
      const reference = new ReferenceModel(conformanceModel(15, index));
      const inputs = conformanceInputs(15, index, reference.inputs, 6);
      return { model: conformanceModel(15, index), inputs, count: 6, expected: reference.infer(inputs, 6) };
    });
    const logits = await new CHostBackend({ guarded: true, flags: SANITIZERS }).inferAll(jobs);
    expect(logits).toEqual(jobs.map(({ expected }) => expected));
  });
});
