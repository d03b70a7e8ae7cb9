// Exported C of models on features of signals: whole samples and signals a time step at a time give the bits of the reference.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileHostProgram, runProgram } from '@bitnetmcu/mcu-runtime/internal/node';
import { hostCompiler } from '@bitnetmcu/mcu-runtime/node';
import { type QuantizedModel, quantizeRaw } from '@bitnetmcu/models';
import {
  computeFrontEnd,
  designBiquad,
  elementCount,
  type FrontEnd,
  featureNames,
  frontEndShape,
  makeRawFeature,
  melBands,
  RAW_PREPROCESSING,
  RAW_SCALE,
  ReferenceModel,
  windowOf,
} from '@bitnetmcu/models/internal';
import { afterAll, describe, expect, it } from 'vitest';
import { SANITIZERS, STRICT } from '../../../conformance/c-flags.mjs';
import { exportFolder } from '../../node/write-export.js';
import { exportC } from '../export-c.js';

const root = mkdtempSync(join(tmpdir(), 'front-end-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const STEPS = 700;
const OUTPUTS = 4;

function modelOf(frontEnd: FrontEnd): QuantizedModel {
  const shape = frontEndShape(frontEnd);
  const names = Array.from({ length: frontEnd.channels }, () => featureNames(frontEnd)).flat();
  const features = names.map((name, i) =>
    makeRawFeature({ name, decimals: 0, low: -6000, high: name.endsWith('Hz') ? 16_000 : 9000 + i }),
  );
  const inputs = elementCount(shape);
  const codes = Uint8Array.from({ length: inputs * OUTPUTS }, (_, i) => (i * 7 + (i >> 3)) % 16);
  const isFlat = shape.length === 1;
  return {
    name: 'model',
    input: {
      ...{ shape, preprocessing: RAW_PREPROCESSING, quantization: { kind: 'static', scale: RAW_SCALE }, frontEnd },
      raw: { kind: isFlat ? 'table' : 'signal', type: 'i32', features, ...(isFlat ? {} : { hop: 2 }) },
    },
    nodes: [
      ...(isFlat ? [] : [{ op: 'flatten' as const, name: 'flat', inputs: ['input'] }]),
      {
        ...{ op: 'linear', name: 'fc', inputs: [isFlat ? 'input' : 'flat'], inFeatures: inputs, outFeatures: OUTPUTS },
        weights: { format: '4bitsym', codes },
      },
    ],
    labels: ['a', 'b', 'c', 'd'],
    provenance: {},
  };
}

const scalar: FrontEnd['features'] = (['mean', 'deviation', 'minimum', 'maximum', 'crossings', 'rms'] as const).map(
  (type) => ({ type }),
);
const mel = melBands({ sampleRate: 8000, points: 64, count: 5, low: 100, high: 4000 });
const cases: Record<string, FrontEnd> = {
  'log-mel of frames that overlap': {
    ...{ channels: 1, frame: 64, hop: 40, frames: 5, filters: [] },
    features: [mel, { type: 'crossings' }],
  },
  'filtered features of frames apart': {
    ...{ channels: 2, frame: 20, hop: 33, frames: 4, features: scalar },
    filters: [{ type: 'difference' }, designBiquad('lowpass', 20, 200)],
  },
  'features of one frame': { channels: 3, frame: 50, hop: 50, frames: 1, filters: [], features: scalar },
};

/** Prints logits: of the first sample at once, then of every window as it is complete. */
const PROGRAM = `#include <stdio.h>
#include "model.h"
static int16_t signal[MODEL_CHANNELS * ${STEPS}], sample[MODEL_CHANNELS * MODEL_SAMPLES];
static void show(const int32_t *logits) {
  for (int i = 0; i < MODEL_OUTPUTS; i++) printf("%ld ", (long)logits[i]);
  printf("\\n");
}
int main(void) {
  int32_t logits[MODEL_OUTPUTS];
  if (fread(signal, sizeof signal, 1, stdin) != 1) return 1;
  for (int c = 0; c < MODEL_CHANNELS; c++)
    for (int i = 0; i < MODEL_SAMPLES; i++) sample[c * MODEL_SAMPLES + i] = signal[i * MODEL_CHANNELS + c];
  (void)model_infer_raw(sample, logits);
  show(logits);
  for (int i = 0; i < 100; i++) (void)model_push(signal + i * MODEL_CHANNELS);
  model_restart();
  for (int i = 0; i < ${STEPS}; i++) if (model_push(signal + i * MODEL_CHANNELS) >= 0) show(model_push_logits());
  return 0;
}
`;

async function fromC(model: QuantizedModel, signal: Int16Array): Promise<number[][]> {
  const folder = mkdtempSync(join(root, 'c-'));
  const files = [...exportFolder([exportC(model, { name: 'model' })], false), { path: 'main.c', content: PROGRAM }];
  for (const { path, content } of files) writeFileSync(join(folder, path), content);
  const sources = files.map(({ path }) => join(folder, path)).filter((path) => path.endsWith('.c'));
  const flags = [...STRICT, ...SANITIZERS];
  const program = await compileHostProgram({ sources, include: [folder], flags }, { cache: folder });
  const text = new TextDecoder().decode(await runProgram(program, new Uint8Array(signal.buffer)));
  return text
    .trim()
    .split('\n')
    .map((line) => line.trim().split(' ').map(Number));
}

describe.skipIf(hostCompiler().kind !== 'found')('exported C', () => {
  it.each(Object.entries(cases))('gives the logits of the reference: %s', async (_, frontEnd) => {
    const model = modelOf(frontEnd);
    const { channels } = frontEnd;
    let state = 1;
    const signal = Int16Array.from({ length: STEPS * channels }, (_, i) => {
      state = (state * 48_271) % 2_147_483_647;
      // Every seventh part of it is quiet, every fifth at the ends of int16.
      const value = (state % 65_536) - 32_768;
      if (i % 700 < 100) return value >> 10;
      return i % 500 < 100 ? (value < 0 ? -32_768 : 32_767) : value;
    });
    const reference = new ReferenceModel(model);
    const logitsFrom = (first: number) => {
      const window = windowOf(frontEnd);
      const values = Int16Array.from({ length: channels * window }, (_, i) => {
        const [channel, time] = [Math.floor(i / window), i % window];
        return signal[(first + time) * channels + channel]!;
      });
      const input = quantizeRaw(model.input.raw!, model.input.shape, computeFrontEnd(frontEnd, values));
      return [...reference.infer(input, 1)];
    };
    const hop = frontEnd.hop * (model.input.raw!.hop ?? 1);
    const starts = Array.from({ length: STEPS }, (_, i) => i * hop).filter((at) => at + windowOf(frontEnd) <= STEPS);
    expect(starts.length).toBeGreaterThan(5);
    const wanted = starts.map(logitsFrom);
    expect(await fromC(model, signal)).toEqual([wanted[0], ...wanted]);
    expect(new Set(wanted.map(String)).size).toBe(wanted.length);
  });
});
