// A signal that comes a time step at a time: the logits of each window are those of the window at once, and decisions are smoothed as said.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileHostProgram, runProgram } from '@bitnetmcu/mcu-runtime/internal/node';
import { hostCompiler } from '@bitnetmcu/mcu-runtime/node';
import { classOf, quantizeRaw } from '@bitnetmcu/models';
import { ReferenceModel } from '@bitnetmcu/models/internal';
import { afterAll, describe, expect, it } from 'vitest';
import { SANITIZERS, STRICT } from '../../../conformance/c-flags.mjs';
import { MODELS, randomSamples } from '../../../conformance/raw-values/cases.mjs';
import { exportFolder } from '../../node/write-export.js';
import { exportC } from '../export-c.js';

const root = mkdtempSync(join(tmpdir(), 'raw-stream-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const [CHANNELS, WINDOW, OUTPUTS] = [3, 24, 3];
const model = MODELS.signal!;
const files = exportFolder([exportC(model, { name: 'model' })], false);

/** Prints the class of each push that is not -1 and its logits; 999 is where it restarts. */
const PROGRAM = `#include <stdio.h>
#include "model.h"
int main(void) {
  static int16_t values[MODEL_CHANNELS];
  while (fread(values, sizeof values[0], MODEL_CHANNELS, stdin) == MODEL_CHANNELS) {
    const int found = model_push(values);
    if (found < 0) continue;
    printf("%d", found);
    for (int i = 0; i < MODEL_OUTPUTS; i++) printf(" %ld", (long)model_push_logits()[i]);
    printf("\\n");
  }
  model_restart();
  return model_push(values) == -1 ? 0 : 1;
}
`;

/** Time steps, each of one value a channel. */
const STEPS = 400;
const signal = Int16Array.from(
  randomSamples(model, Math.ceil((STEPS * CHANNELS) / 72), 77).subarray(0, STEPS * CHANNELS),
);

/** What C gives with these macros. */
async function streamed(...macros: readonly string[]): Promise<number[][]> {
  const folder = mkdtempSync(join(root, 'c-'));
  for (const { path, content } of [...files, { path: 'main.c', content: PROGRAM }])
    writeFileSync(join(folder, path), content);
  const sources = ['main.c', ...files.map(({ path }) => path).filter((path) => path.endsWith('.c'))];
  const flags = [...STRICT, ...SANITIZERS];
  const program = await compileHostProgram(
    { sources: sources.map((path) => join(folder, path)), include: [folder], flags: [...flags, ...macros] },
    { cache: folder },
  );
  const text = new TextDecoder().decode(await runProgram(program, new Uint8Array(signal.buffer)));
  return text
    .trim()
    .split('\n')
    .map((line) => line.split(' ').map(Number));
}

/** Logits of the windows that begin every `hop` steps, each quantized at once. */
function windows(hop: number): number[][] {
  const reference = new ReferenceModel(model);
  const found: number[][] = [];
  for (let first = 0; first + WINDOW <= STEPS; first += hop) {
    const values = Array.from({ length: CHANNELS * WINDOW }, (_, i) => {
      const [channel, time] = [Math.floor(i / WINDOW), i % WINDOW];
      return signal[(first + time) * CHANNELS + channel]!;
    });
    found.push([...reference.infer(quantizeRaw(model.input.raw!, model.input.shape, values), 1)]);
  }
  return found;
}

const decisionsOf = (logits: readonly number[][]) => logits.map((one) => classOf(Int32Array.from(one), 0, OUTPUTS));

describe.skipIf(hostCompiler().kind !== 'found')('<name>_push', () => {
  it.each([
    ['the hop of the model', 7, []],
    ['a hop of one', 1, ['-DMODEL_HOP=1']],
    ['windows that meet', WINDOW, [`-DMODEL_HOP=${WINDOW}`]],
    ['windows apart', 31, ['-DMODEL_HOP=31']],
  ] as const)('gives the logits of each window, %s', async (_, hop, macros) => {
    const found = await streamed(...macros, '-DMODEL_VOTES=1');
    const logits = windows(hop);
    expect(found.map(([, ...rest]) => rest)).toEqual(logits);
    expect(found.map(([one]) => one)).toEqual(decisionsOf(logits));
    expect(new Set(decisionsOf(logits)).size).toBeGreaterThan(1);
  });

  it('decides by the majority of the last three; where all differ, by the last', async () => {
    const decisions = decisionsOf(windows(7));
    const majority = decisions.map((last, i) => {
      const votes = decisions.slice(Math.max(0, i - 2), i + 1);
      const count = (one: number) => votes.filter((vote) => vote === one).length;
      return [...votes].reverse().reduce((best, one) => (count(one) > count(best) ? one : best), last);
    });
    expect((await streamed()).map(([one]) => one)).toEqual(majority);
    expect(majority).not.toEqual(decisions);
  });

  it('decides by an exponential mean', async () => {
    const scores = new Array<number>(OUTPUTS).fill(0);
    const smoothed = decisionsOf(windows(1)).map((decision) => {
      scores.forEach((score, i) => {
        scores[i] = score + Math.floor(((i === decision ? 32_767 : 0) - score) / 8);
      });
      return scores.indexOf(Math.max(...scores));
    });
    expect((await streamed('-DMODEL_HOP=1', '-DMODEL_MEAN_SHIFT=3')).map(([one]) => one)).toEqual(smoothed);
  });

  it('does not compile with a hop that is none', async () => {
    await expect(streamed('-DMODEL_HOP=0')).rejects.toThrow(/MODEL_HOP is wanted to be 1 to 65535/);
  });
});
