// Values, scores and labels of random networks: TypeScript, WebAssembly and exported C, under the sanitizers, give the same bits.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadWasmModel } from '@bitnetmcu/mcu-runtime';
import { compileHostProgram, runProgram } from '@bitnetmcu/mcu-runtime/internal/node';
import { hostCompiler } from '@bitnetmcu/mcu-runtime/node';
import type { QuantizedModel } from '@bitnetmcu/models';
import {
  type Decision,
  decide,
  type ModelOutput,
  makeLogitScale,
  makeRawFeature,
  quantizeRawValue,
  RAW_PREPROCESSING,
  RAW_SCALE,
  ReferenceModel,
} from '@bitnetmcu/models/internal';
import { afterAll, describe, expect, it } from 'vitest';
import { SANITIZERS, STRICT } from '../../../conformance/c-flags.mjs';
import { exportFolder } from '../../node/write-export.js';
import { exportC } from '../export-c.js';

const root = mkdtempSync(join(tmpdir(), 'outputs-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const SAMPLES = 2000;
const FLAGS = [...STRICT, ...SANITIZERS];

/** Numerical Recipes' generator, so that samples are the same everywhere. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state;
  };
}

const raw = {
  kind: 'table' as const,
  type: 'i16' as const,
  features: ['a', 'b', 'c', 'd'].map((name, i) =>
    makeRawFeature({ name, decimals: i, low: -3000 * i - 5, high: 900 * (i + 1) }),
  ),
};

/** One layer of 8-bit weights, with biases; logits reach ±130 000. */
function model(output: ModelOutput, outputs: number, withRaw: boolean): QuantizedModel {
  const next = random(outputs);
  return {
    name: 'probe',
    input: {
      shape: [4],
      preprocessing: RAW_PREPROCESSING,
      quantization: { kind: 'static', scale: RAW_SCALE },
      ...(withRaw && { raw }),
    },
    nodes: [
      {
        op: 'linear',
        name: 'fc',
        inputs: ['input'],
        inFeatures: 4,
        outFeatures: outputs,
        weights: {
          format: '8bit',
          codes: Uint8Array.from({ length: 4 * outputs }, () => next() >>> 24),
          bias: Int32Array.from({ length: outputs }, () => (next() >> 18) - 100),
        },
      },
    ],
    output,
    labels: [],
    provenance: {},
  };
}

const value = (name: string, slope: number, intercept: number, ends: [number, number], decimals = 0) => ({
  name,
  decimals,
  ...makeLogitScale({ slope, intercept }, ends, name),
});
const load = { ...value('load', 0.013, 250, [-100, 900], 1), unit: 'kg */ "' };

const CASES: Readonly<Record<string, QuantizedModel>> = {
  'one value, raw samples': model({ task: 'regression', values: [load] }, 1, true),
  'three values, negative and wide': model(
    {
      task: 'regression',
      values: [
        load,
        value('temperature', 0.002, -40, [-90, 10]),
        value('position', 15_000, -3, [-1_900_000_000, 1_900_000_000]),
      ],
    },
    3,
    false,
  ),
  'anomalies, raw samples': model(
    {
      task: 'anomaly',
      reconstruction: makeLogitScale({ slope: 0.004, intercept: 0 }, [-128, 127], 'reconstruction'),
      threshold: 30_000,
      quantile: 0.99,
    },
    4,
    true,
  ),
  'five labels': model({ task: 'multiLabel' }, 5, false),
  '32 labels': model({ task: 'multiLabel' }, 32, true),
};

/** The answer as numbers: what the program prints. */
function numbers(decision: Decision): number[] {
  switch (decision.task) {
    case 'classification':
      return [decision.class];
    case 'regression':
      return [...decision.values];
    case 'anomaly':
      return [decision.score, Number(decision.isAnomaly)];
    case 'multiLabel':
      return [decision.labels.reduce((mask, holds, i) => mask + (holds ? 2 ** i : 0), 0)];
    default:
      throw new Error(`no decision: ${decision satisfies never}`);
  }
}

/** Statements that print the answer to `values`; `_raw` for raw samples. */
function printed({ output, input }: QuantizedModel): string {
  const suffix = input.raw ? '_raw' : '';
  switch (output!.task) {
    case 'regression':
      return output!.values.length === 1
        ? `printf("%ld\\n", (long)m_predict${suffix}(values));`
        : `int32_t all[M_VALUES]; m_predict${suffix}(values, all);
    for (int k = 0; k < M_VALUES; k++) printf("%ld%c", (long)all[k], k + 1 < M_VALUES ? ' ' : '\\n');`;
    case 'anomaly':
      return `printf("%ld ", (long)m_score${suffix}(values)); printf("%d\\n", m_is_anomaly${suffix}(values));
    { int32_t logits[M_OUTPUTS]; if (m_infer${suffix}(values, logits) != m_is_anomaly${suffix}(values)) return 2; }`;
    case 'multiLabel':
      return `printf("%lu\\n", (unsigned long)m_labels${suffix}(values));`;
    default:
      throw new Error(`no output: ${output satisfies never}`);
  }
}

describe.each(Object.entries(CASES))('%s', (name, one) => {
  const next = random(7);
  const count = SAMPLES * 4;
  const samples = one.input.raw
    ? Int16Array.from(
        { length: count },
        (_, i) => (i % 5 === 0 ? (next() >>> 31 ? 32_767 : -32_768) : next() >>> 19) - (i % 2) * 3000,
      )
    : Int8Array.from({ length: count }, () => next() >>> 24);
  const inputs = one.input.raw
    ? Int8Array.from(samples, (sample, i) => quantizeRawValue(raw.features[i % 4]!, sample))
    : (samples as Int8Array);
  const logits = new ReferenceModel(one).infer(inputs, SAMPLES);
  const outputs = logits.length / SAMPLES;
  const each = Array.from({ length: SAMPLES }, (_, s) => ({
    input: inputs.subarray(4 * s, 4 * s + 4),
    logits: logits.subarray(outputs * s, outputs * (s + 1)),
  }));
  const expected = each.map((sample) => numbers(decide(one, sample.input, sample.logits)));

  it('has answers of all kinds', () => {
    expect(new Set(expected.map((answer) => answer.join(' '))).size).toBeGreaterThan(15);
    if (one.output?.task !== 'anomaly') return;
    expect(new Set(expected.map(([, isAnomaly]) => isAnomaly)).size).toBe(2);
  });

  it('WebAssembly', async () => {
    const wasm = await loadWasmModel(one);
    expect(each.map((sample) => numbers(wasm.decide(sample.input, sample.logits)))).toEqual(expected);
  });

  it.skipIf(hostCompiler().kind !== 'found')('exported C, under the sanitizers', async () => {
    const folder = mkdtempSync(join(root, 'c-'));
    const files = exportFolder([exportC(one, { name: 'm' })], false);
    for (const { path, content } of files) writeFileSync(join(folder, path), content);
    const type = one.input.raw ? 'int16_t' : 'int8_t';
    const main = `#include <stdio.h>
#include "m.h"
static ${type} values[4];
int main(void)
{
  while (fread(values, sizeof values, 1, stdin) == 1) {
    ${printed(one)}
  }
  return 0;
}
`;
    writeFileSync(join(folder, 'probe_main.c'), main);
    const sources = ['probe_main.c', ...files.map(({ path }) => path)].filter(
      (path) => path.endsWith('.c') && path !== 'main.c',
    );
    const program = await compileHostProgram(
      { sources: sources.map((path) => join(folder, path)), include: [folder], flags: FLAGS },
      { cache: join(folder, 'cache') },
    );
    const reply = await runProgram(program, new Uint8Array(samples.buffer));
    const lines = new TextDecoder().decode(reply).trim().split('\n');
    expect(lines.map((line) => line.split(' ').map(Number))).toEqual(expected);
    expect(name).toBeTruthy();
  });

  it.skipIf(spawnSync('avr-gcc', ['--version']).status !== 0)('keeps its constants out of the RAM of AVR', () => {
    const folder = mkdtempSync(join(root, 'avr-'));
    const files = exportFolder([exportC(one, { name: 'm' })], false);
    for (const { path, content } of files) writeFileSync(join(folder, path), content);
    const run = (command: string, ...args: readonly string[]) => {
      const { status, stdout, stderr } = spawnSync(command, args, { cwd: folder, encoding: 'utf8' });
      expect([stderr, status]).toEqual(['', 0]);
      return stdout;
    };
    const sources = files.map(({ path }) => path).filter((path) => path.endsWith('.c') && path !== 'main.c');
    run('avr-gcc', '-mmcu=atmega328p', '-Os', '-Wall', '-Werror', '-c', ...sources);
    const sizes = run('avr-size', '-A', ...sources.map((path) => path.replace(/c$/, 'o')));
    const inRam = sizes.match(/^\.(data|rodata)\S*\s+[1-9]\d*/gm) ?? [];
    // But for the hash of the model and its release, which are linked where a program asks for them.
    expect(inRam.filter((line) => !/^\.rodata\.str1\.1\s+7\d$/.test(line))).toEqual([]);
  });

  it('says nothing of classes, and lets no text of the model out of its comment', () => {
    const [source, header] = exportC(one, { name: 'm' }).files.map(({ content }) => content) as [string, string];
    expect(`${source}${header}`).not.toMatch(/m_classify/);
    expect(`${source}${header}`).not.toContain('*/ "');
  });
});
