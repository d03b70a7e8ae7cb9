// Signals answered a time step at a time by models that tell no classes: values, labels and scores of each window, as of the whole window.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
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
} from '@bitnetmcu/models/internal';
import { describe, expect, it } from 'vitest';
import { writeExport } from '../node/write-export.js';
import { isMissing, temporaryFolders } from './__fixtures__/projects.js';
import { FIRMWARE_KINDS } from './firmware-kinds.js';
import { firmwareProject } from './firmware-project.js';
import { writeFirmware } from './write-firmware.js';

const newFolder = temporaryFolders();
const [WINDOW, HOP] = [4, 2];

function model(output: ModelOutput, outputs: number): QuantizedModel {
  return {
    name: 'swing',
    input: {
      shape: [1, 1, WINDOW],
      preprocessing: RAW_PREPROCESSING,
      quantization: { kind: 'static', scale: RAW_SCALE },
      raw: {
        ...{ kind: 'signal', type: 'i16', hop: HOP },
        features: [makeRawFeature({ name: 'x', decimals: 0, low: -500, high: 500 })],
      },
    },
    nodes: [
      { op: 'flatten', name: 'flat', inputs: ['input'] },
      {
        ...{ op: 'linear', name: 'fc', inputs: ['flat'], inFeatures: WINDOW, outFeatures: outputs },
        weights: {
          format: '8bit',
          codes: Uint8Array.from({ length: WINDOW * outputs }, (_, i) => (i * 97 + 13) % 256),
        },
      },
    ],
    output,
    labels: [],
    provenance: {},
  };
}

const value = (name: string) => ({
  ...{ name, decimals: 1 },
  ...makeLogitScale({ slope: 0.05, intercept: -20 }, [-1000, 1500], name),
});
const MODELS = {
  value: model({ task: 'regression', values: [value('load')] }, 1),
  values: model({ task: 'regression', values: [value('load'), value('heat')] }, 2),
  labels: model({ task: 'multiLabel' }, 5),
  score: model(
    {
      task: 'anomaly',
      reconstruction: makeLogitScale({ slope: 0.004, intercept: 0 }, [-128, 127], 'reconstruction'),
      ...{ threshold: 9000, quantile: 0.99 },
    },
    WINDOW,
  ),
};

const SIGNAL = [310, -400, 25, 90, 480, -77, -300, 6, 200, 499];
const starts = SIGNAL.map((_, i) => HOP * i).filter((at) => at + WINDOW <= SIGNAL.length);

function decisionAt(one: QuantizedModel, start: number): Decision {
  const input = quantizeRaw(one.input.raw!, one.input.shape, SIGNAL.slice(start, start + WINDOW));
  return decide(one, input, new ReferenceModel(one).infer(input, 1));
}

const bits = (labels: readonly boolean[], separator: string) =>
  labels.map((holds) => (holds ? '1' : '0')).join(separator);

describe.each(Object.entries(MODELS))('%s of windows', (_, one) => {
  const decisions = starts.map((start) => decisionAt(one, start));
  const text = SIGNAL.map((step) => `${step}\n`).join('');

  it.skipIf(hostCompiler().kind !== 'found' || isMissing('make'))('on this machine', () => {
    const folder = newFolder();
    writeExport(one, folder);
    if (one.output!.task === 'anomaly') {
      // The host program tells anomalies; scores are asked for besides, of another sample in between too.
      const scores = `#include <stdio.h>
#include "swing.h"
int main(void) {
  const int8_t other[SWING_INPUTS] = {1, 2, 3, 4};
  for (int16_t x; scanf("%hd", &x) == 1;) {
    const int found = swing_push(&x);
    (void)swing_score(other);
    if (found >= 0) printf("%ld\\n", (long)swing_push_score());
  }
  return 0;
}
`;
      writeFileSync(join(folder, 'main.c'), scores);
    }
    const flags = 'CFLAGS=-O1 -Wall -Wextra -Wpedantic -Wconversion -Werror';
    const { stderr, status } = spawnSync('make', [flags], { cwd: folder, encoding: 'utf8' });
    expect([stderr, status]).toEqual(['', 0]);
    const run = (input: string, ...options: readonly string[]) =>
      spawnSync(join(folder, 'swing_host'), options, { input, encoding: 'utf8' }).stdout;
    const answers = decisions.map((decision) => {
      if (decision.task === 'anomaly') return `${decision.score}`;
      if (decision.task === 'multiLabel') return `labels ${bits(decision.labels, ' ')}`;
      return decision.task === 'regression' ? decision.values.map((all) => (all / 10).toFixed(1)).join(' ') : '';
    });
    expect(new Set(answers).size).toBeGreaterThan(2);
    if (one.output!.task === 'anomaly') {
      expect(run(text)).toBe(`${answers.join('\n')}\n`);
      return;
    }
    expect(run(text)).toBe(answers.map((answer, i) => `line ${starts[i]! + WINDOW}: ${answer}\n`).join(''));
    const windows = starts.map((start) => `${SIGNAL.slice(start, start + WINDOW).join(',')}\n`).join('');
    expect(run(windows, '--windows')).toBe(answers.map((answer, i) => `line ${i + 1}: ${answer}\n`).join(''));
  });

  const kind = 'atmega328p';
  it.skipIf(FIRMWARE_KINDS[kind].programs.some((program) => isMissing(program)) || one.output!.task === 'anomaly')(
    'on a part',
    async () => {
      const folder = newFolder();
      const project = firmwareProject(one, kind, new Int8Array(WINDOW));
      expect(writeFirmware(project, folder).kind).toBe('built');
      const { path, target } = project.simulation!;
      const input = new TextEncoder().encode(text);
      const { output } = await runFirmware(target, readFileSync(join(folder, path)), { input });
      const printed = decisions.map((decision) => {
        if (decision.task === 'multiLabel') return `labels ${bits(decision.labels, '')}`;
        return decision.task === 'regression'
          ? `value${decision.values.length > 1 ? 's' : ''} ${decision.values.join(' ')}`
          : '';
      });
      const read = output.slice(project.expectedOutput.length).split('\r\n');
      expect(read.map((line) => line.replaceAll('.', '')).filter((line) => line !== '')).toEqual(printed);
    },
  );
});
