// Headers of models whose texts are the names that headers declare: compilers of C and C++ take them, and no name is there twice.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { QuantizedModel } from '@bitnetmcu/models';
import {
  type FrontEnd,
  featureNames,
  frontEndShape,
  type ModelOutput,
  makeLogitScale,
  makeRawFeature,
  RAW_PREPROCESSING,
  RAW_SCALE,
} from '@bitnetmcu/models/internal';
import { describe, expect, it } from 'vitest';
import { isMissing, temporaryFolders } from '../firmware/__fixtures__/projects.js';
import { exportFolder } from '../node/write-export.js';
import { exportC } from './export-c.js';
import { declaredNames, withDistinctNames } from './header-names.js';

const newFolder = temporaryFolders();

/** What headers call something, keywords, and texts of which nothing or the same is left. */
const HOSTILE = [
  ...'h inputs outputs labels features channels window samples value value_type value_decimals type decimals hop votes'.split(
    ' ',
  ),
  ...'mean_shift threshold values class feature answer class_type int 1 a-b a_b'.split(' '),
  ...['names of features', '!!', '*/ int x;', '\\', 'Ä', '日本'],
];

const frontEnd: FrontEnd = {
  ...{ channels: 2, frame: 8, hop: 4, frames: 3, filters: [] },
  features: [{ type: 'mean' }, { type: 'rms' }],
};
const scale = makeLogitScale({ slope: 0.05, intercept: -20 }, [-1000, 1500], 'value');
const OUTPUTS: Readonly<Record<string, ModelOutput | undefined>> = {
  classes: undefined,
  regression: { task: 'regression', values: HOSTILE.map((name) => ({ name, decimals: 1, ...scale })) },
  'one value': { task: 'regression', values: [{ name: 'load', decimals: 1, ...scale }] },
  anomaly: {
    ...{ task: 'anomaly', quantile: 0.99, threshold: 100 },
    reconstruction: makeLogitScale({ slope: 0.004, intercept: 0 }, [-128, 127], 'reconstruction'),
  },
  labels: { task: 'multiLabel' },
};
const feature = (name: string) => makeRawFeature({ name, decimals: 1, low: -500, high: 500 });
const RAW: Readonly<Record<string, Partial<QuantizedModel['input']> & { readonly shape: readonly number[] }>> = {
  table: { shape: [HOSTILE.length], raw: { kind: 'table', type: 'i16', features: HOSTILE.map(feature) } },
  signal: {
    shape: [HOSTILE.length, 1, 4],
    raw: { kind: 'signal', type: 'i16', features: HOSTILE.map(feature), hop: 2 },
  },
  'features of a signal': {
    ...{ shape: frontEndShape(frontEnd), frontEnd },
    raw: { kind: 'signal', type: 'i32', features: [0, 1].flatMap(() => featureNames(frontEnd)).map(feature) },
  },
  'int8 alone': { shape: [4] },
};

function modelOf(raw: string, task: string): QuantizedModel {
  const output = OUTPUTS[task];
  const input = RAW[raw]!;
  const inputs = input.shape.reduce((product, size) => product * size, 1);
  const outputs = output?.task === 'anomaly' ? inputs : task === 'one value' ? 1 : HOSTILE.length;
  return {
    name: 'model',
    input: { preprocessing: RAW_PREPROCESSING, quantization: { kind: 'static', scale: RAW_SCALE }, ...input },
    nodes: [
      { op: 'flatten', name: 'flat', inputs: ['input'] },
      {
        ...{ op: 'linear', name: 'fc', inputs: ['flat'], inFeatures: inputs, outFeatures: outputs },
        weights: { format: '8bit', codes: new Uint8Array(inputs * outputs).fill(3) },
      },
    ],
    ...(output && { output }),
    labels: output === undefined || output.task === 'multiLabel' ? HOSTILE : [],
    provenance: {},
  };
}

const cases = Object.keys(RAW).flatMap((raw) => Object.keys(OUTPUTS).map((task) => [raw, task] as const));

describe.each(cases)('the header of %s, %s', (raw, task) => {
  const files = exportFolder([exportC(modelOf(raw, task))], false);

  it.skipIf(isMissing('g++') || isMissing('gcc'))('compiles as C++ and as C', () => {
    const cwd = newFolder();
    const text =
      '#include "model.h"\n#ifdef MODEL_DECIMALS\n#include "bnm_row.h"\n#endif\nint main() { return MODEL_OUTPUTS == 0; }\n';
    for (const { path, content } of [...files, { path: 'one.cpp', content: text }])
      writeFileSync(join(cwd, path), content);
    const flags = ['-fsyntax-only', '-Wall', '-Wextra', '-Wpedantic', '-Werror', '-I.'];
    const compile = (...args: string[]) => spawnSync(args[0]!, [...args.slice(1), ...flags], { cwd, encoding: 'utf8' });
    expect(compile('g++', '-std=c++11', 'one.cpp').stderr).toBe('');
    expect(compile('gcc', '-std=c99', 'model.c').stderr).toBe('');
  });

  it('has each name once', () => {
    const header = files.find(({ path }) => path === 'model.h')!.content;
    const names = declaredNames(header);
    expect(names).toContain('MODEL_INPUTS');
    expect(names).toContain('model_infer');
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('withDistinctNames', () => {
  it('finds a macro that is a constant too, and a type that is a tag too', () => {
    expect(declaredNames(exportC(modelOf('table', 'one value')).files[1]!.content)).toEqual(
      expect.arrayContaining([
        'model_value',
        'MODEL_VALUE_TYPE',
        'model_answer',
        'MODEL_ANSWER_LOAD',
        'model_predict_raw',
      ]),
    );
    expect(() => withDistinctNames('#define A_TYPE 1\nenum a {\n  A_TYPE = 0\n};\n')).toThrow('A_TYPE twice');
    expect(() => withDistinctNames('typedef int16_t a;\nenum a {\n  B = 0\n};\n')).toThrow('declares a twice');
  });
});
