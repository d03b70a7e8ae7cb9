// Rows of numbers answered by models that tell no classes: values, anomalies and labels, on this machine and on parts.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hostCompiler } from '@bitnetmcu/mcu-runtime/node';
import { runFirmware } from '@bitnetmcu/mcu-runtime/targets';
import { type QuantizedModel, quantizeRaw } from '@bitnetmcu/models';
import {
  type Decision,
  decide,
  type ModelOutput,
  makeLogitScale,
  makeRawFeature,
  RAW_PREPROCESSING,
  RAW_SCALE,
  ReferenceModel,
  toRawIntegers,
} from '@bitnetmcu/models/internal';
import { describe, expect, it } from 'vitest';
import { writeExport } from '../node/write-export.js';
import { isMissing, temporaryFolders } from './__fixtures__/projects.js';
import { FIRMWARE_KINDS } from './firmware-kinds.js';
import { firmwareProject } from './firmware-project.js';
import { buildApart, writeFirmware } from './write-firmware.js';

const newFolder = temporaryFolders();

function model(output: ModelOutput, outputs: number): QuantizedModel {
  return {
    name: `${output.task.toLowerCase()}_${outputs}`,
    input: {
      shape: [2],
      preprocessing: RAW_PREPROCESSING,
      quantization: { kind: 'static', scale: RAW_SCALE },
      raw: {
        kind: 'table',
        type: 'i16',
        features: ['a', 'b'].map((name) => makeRawFeature({ name, decimals: 1, low: -500, high: 500 })),
      },
    },
    nodes: [
      {
        op: 'linear',
        name: 'fc',
        inputs: ['input'],
        inFeatures: 2,
        outFeatures: outputs,
        weights: { format: '8bit', codes: Uint8Array.from({ length: 2 * outputs }, (_, i) => (i * 97 + 13) % 256) },
      },
    ],
    output,
    labels: [],
    provenance: {},
  };
}

const value = (name: string, decimals: number) => ({
  name,
  decimals,
  ...makeLogitScale({ slope: 0.05, intercept: -20 }, [-1000, 1500], name),
});

const MODELS = {
  'one value': model({ task: 'regression', values: [value('load', 1)] }, 1),
  'two values': model({ task: 'regression', values: [value('load', 1), value('heat', 0)] }, 2),
  anomaly: model(
    {
      task: 'anomaly',
      reconstruction: makeLogitScale({ slope: 0.004, intercept: 0 }, [-128, 127], 'reconstruction'),
      threshold: 9000,
      quantile: 0.99,
    },
    2,
  ),
  labels: model({ task: 'multiLabel' }, 5),
} as const;

const ROWS = [
  [10, -20.5],
  [-50, 50],
  [0.1, 3],
];

function decisionOf(one: QuantizedModel, values: readonly number[]): Decision {
  const { raw, shape } = one.input;
  const input = quantizeRaw(raw!, shape, toRawIntegers(raw!, shape, values));
  return decide(one, input, new ReferenceModel(one).infer(input, 1));
}

const bits = (labels: readonly boolean[]) => labels.map((holds) => (holds ? '1' : '0'));
const decimalsOf = (one: QuantizedModel) =>
  one.output?.task === 'regression' ? one.output.values.map(({ decimals }) => decimals) : [];

/** What the program of the exported folder prints behind the number of the line. */
function onHost(one: QuantizedModel, decision: Decision): string {
  if (decision.task === 'anomaly') return `anomaly ${Number(decision.isAnomaly)}`;
  if (decision.task === 'multiLabel') return `labels ${bits(decision.labels).join(' ')}`;
  if (decision.task !== 'regression') throw new Error(decision.task);
  const places = decimalsOf(one);
  return decision.values.map((integer, i) => (integer / 10 ** places[i]!).toFixed(places[i])).join(' ');
}

/** What firmware prints: integers. */
function onPart(decision: Decision): string {
  if (decision.task === 'anomaly') return `anomaly ${Number(decision.isAnomaly)}`;
  if (decision.task === 'multiLabel') return `labels ${bits(decision.labels).join('')}`;
  if (decision.task !== 'regression') throw new Error(decision.task);
  return `${decision.values.length === 1 ? 'value' : 'values'} ${decision.values.join(' ')}`;
}

describe.each(Object.entries(MODELS))('%s', (_, one) => {
  const text = ROWS.map((row) => `${row.join(',')}\n`).join('');
  const decisions = ROWS.map((row) => decisionOf(one, row));

  it('has answers that differ', () => {
    expect(new Set(decisions.map((decision) => JSON.stringify(decision))).size).toBeGreaterThan(1);
  });

  it.skipIf(hostCompiler().kind !== 'found' || isMissing('make'))('on this machine', () => {
    const folder = newFolder();
    const { name } = writeExport(one, folder);
    const flags = 'CFLAGS=-O1 -Wall -Wextra -Wpedantic -Wconversion -Werror';
    const { stderr, status } = spawnSync('make', [flags], { cwd: folder, encoding: 'utf8' });
    expect([stderr, status]).toEqual(['', 0]);
    const { stdout } = spawnSync(join(folder, `${name}_host`), { input: text, encoding: 'utf8' });
    expect(stdout).toBe(decisions.map((decision, i) => `line ${i + 1}: ${onHost(one, decision)}\n`).join(''));
  });

  it.each(['ch32v003', 'atmega328p'] as const)('on %s', async (kind) => {
    if (FIRMWARE_KINDS[kind].programs.some((program) => isMissing(program))) return;
    const folder = newFolder();
    const project = firmwareProject(one, kind, Int8Array.of(5, -7));
    // Values and labels are no classes: the one sample is numbered.
    const line = one.output!.task === 'anomaly' ? /^\r\nanomaly [01]\r/ : /^\r\nsample 0\r/;
    expect(project.expectedOutput).toMatch(line);
    expect(writeFirmware(project, folder).kind).toBe('built');
    const { path, target } = project.simulation!;
    const input = new TextEncoder().encode(text);
    const { output } = await runFirmware(target, readFileSync(join(folder, path)), { input });
    expect(output).toBe(`${project.expectedOutput}${decisions.map((one) => `\r\n${onPart(one)}`).join('')}`);
  });

  it.skipIf(isMissing('riscv64-unknown-elf-gcc'))(
    'with BNM_SERIAL the same, with logits and cycles behind',
    async () => {
      const project = firmwareProject(one, 'ch32v003', Int8Array.of(5, -7), { serial: true });
      const { output } = await runFirmware(project.simulation!.target, buildApart(project).flash, {
        input: new TextEncoder().encode(text),
      });
      const [identity, ...answers] = output.split(/(?=\r\n(?:values?|anomaly|labels) )/);
      expect(identity).toMatch(/^\r\nbitnetmcu 2 [0-9a-f]{64} 2 \d\r\n$/);
      const without = answers.map((answer) => answer.replace(/\r\nlogits( -?\d+)+\r\ncycles \d+\r\n$/, ''));
      expect(without).toEqual(decisions.map((decision) => `\r\n${onPart(decision)}`));
    },
  );
});
