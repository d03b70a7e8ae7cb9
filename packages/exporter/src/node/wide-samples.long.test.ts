// Samples of more than 65 535 values: exported C takes them whole and a time step at a time, with the bits of the reference.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { hostCompiler } from '@bitnetmcu/mcu-runtime/node';
import { classOf, type QuantizedModel, quantizeRaw, type Shape } from '@bitnetmcu/models';
import {
  computeFrontEnd,
  elementCount,
  type FrontEnd,
  frontEndShape,
  makeRawFeature,
  RAW_PREPROCESSING,
  RAW_SCALE,
  ReferenceModel,
  windowOf,
} from '@bitnetmcu/models/internal';
import { describe, expect, it } from 'vitest';
import { temporaryFolders } from '../firmware/__fixtures__/projects.js';
import { writeExport } from './write-export.js';

const newFolder = temporaryFolders();

/** The largest of each channel, then a layer of three classes. */
function modelOf(shape: Shape, hop: number, frontEnd?: FrontEnd): QuantizedModel {
  const [channels, , width] = shape as [number, number, number];
  const size = [1, width] as const;
  const feature = (_: unknown, i: number) =>
    makeRawFeature({ name: `x${i}`, decimals: 0, low: -900 - i, high: 900 + 3 * i });
  return {
    name: 'wide',
    input: {
      ...{ shape, preprocessing: RAW_PREPROCESSING, quantization: { kind: 'static', scale: RAW_SCALE } },
      ...(frontEnd && { frontEnd }),
      raw: {
        ...{ kind: 'signal', type: frontEnd ? 'i32' : 'i16', hop },
        features: Array.from({ length: channels }, feature),
      },
    },
    nodes: [
      { op: 'maxPool2d', name: 'largest', inputs: ['input'], size, stride: size, padding: [0, 0] },
      { op: 'flatten', name: 'flat', inputs: ['largest'] },
      {
        ...{ op: 'linear', name: 'fc', inputs: ['flat'], inFeatures: channels, outFeatures: 3 },
        weights: {
          format: '4bitsym',
          codes: Uint8Array.from({ length: 3 * channels }, (_, i) => (i * 7 + (i >> 3)) % 16),
        },
      },
    ],
    labels: ['a', 'b', 'c'],
    provenance: {},
  };
}

const features = (['mean', 'deviation', 'minimum', 'maximum', 'crossings', 'rms'] as const).map((type) => ({ type }));
const front = (frontEnd: Omit<FrontEnd, 'channels' | 'filters'>, hop: number) => {
  const whole: FrontEnd = { ...frontEnd, channels: 64, filters: [] };
  return modelOf(frontEndShape(whole), hop, whole);
};
const cases = {
  'a window of many values': modelOf([400, 1, 200], 80),
  'a frame of many values': front({ frame: 1100, hop: 400, frames: 2, features: features.slice(0, 3) }, 1),
  'many features': front({ frame: 20, hop: 20, frames: 180, features }, 50),
};

/** Loud in some places, so that the largest values of windows and channels differ. */
function signalOf(channels: number, steps: number): Int16Array[] {
  let state = 1;
  const next = () => {
    state = (state * 48_271) % 2_147_483_647;
    return state;
  };
  return Array.from({ length: channels }, () => {
    const loud = next() % steps;
    return Int16Array.from({ length: steps }, (_, t) => ((next() % 601) - 300) * (Math.abs(t - loud) < 20 ? 3 : 1));
  });
}

const lineOf = (model: QuantizedModel, line: number, window: Int16Array): string => {
  const { raw, shape, frontEnd: front } = model.input;
  const logits = new ReferenceModel(model).infer(
    quantizeRaw(raw!, shape, front ? computeFrontEnd(front, window) : window),
    1,
  );
  const found = classOf(logits, 0, 3);
  return `line ${line}: class ${found} (${model.labels[found]}), logits ${[...logits].join(' ')}\n`;
};

const missing = hostCompiler().kind !== 'found' || spawnSync('make', ['--version']).status !== 0;

describe.skipIf(missing)('exported C', () => {
  it.each(Object.entries(cases))('takes %s', (_, model) => {
    const { shape, raw } = model.input;
    const front = model.input.frontEnd;
    const channels = front?.channels ?? shape[0]!;
    const length = front ? windowOf(front) : elementCount(shape) / channels;
    const hop = raw!.hop! * (front?.hop ?? 1);
    const signal = signalOf(channels, length + hop);
    const window = (first: number) =>
      Int16Array.from(signal.flatMap((channel) => [...channel.subarray(first, first + length)]));
    expect(window(0).length).toBeGreaterThan(65_535);

    const folder = newFolder();
    writeExport(model, folder);
    const warnings = 'CFLAGS=-O1 -Wall -Wextra -Wpedantic -Wconversion -Werror -fsanitize=address,undefined';
    const made = spawnSync('make', [warnings], { cwd: folder, encoding: 'utf8' });
    expect([made.stderr, made.status]).toEqual(['', 0]);
    const run = (rows: readonly string[], ...options: readonly string[]) =>
      spawnSync(join(folder, 'wide_host'), options, { input: rows.join('\n'), encoding: 'utf8' }).stdout;
    const whole = [window(0).join(','), window(hop).join(',')];
    const [first, second] = [lineOf(model, 1, window(0)), lineOf(model, 2, window(hop))];
    expect(first).not.toBe(second.replace('line 2', 'line 1'));
    expect(run(whole, '--windows')).toBe(first + second);
    const steps = Array.from({ length: length + hop }, (_, t) => signal.map((channel) => channel[t]!).join(','));
    const logits = (line: string) => line.replace(/^.*logits/, 'logits');
    expect(run(steps).replace(/^.*logits/gm, 'logits')).toBe(logits(first) + logits(second));
  });
});
