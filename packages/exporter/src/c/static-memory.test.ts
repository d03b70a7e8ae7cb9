// The static memory that the comment of exported C names is what a compiler reserves for it.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { QuantizedModel } from '@bitnetmcu/models';
import { type FrontEnd, frontEndShape, makeLogitScale, makeRawFeature } from '@bitnetmcu/models/internal';
import { describe, expect, it } from 'vitest';
import { MODELS } from '../../conformance/raw-values/cases.mjs';
import { temporaryFolders } from '../firmware/__fixtures__/projects.js';
import { exportFolder } from '../node/write-export.js';
import { exportC } from './export-c.js';

const newFolder = temporaryFolders();
const missing = ['cc', 'nm'].some((command) => spawnSync(command, ['--version']).status !== 0);

const frontEnd: FrontEnd = {
  ...{ channels: 2, frame: 64, hop: 90, frames: 9, filters: [{ type: 'difference' }] },
  features: [{ type: 'mean' }, { type: 'crossings' }],
};
const linear = (from: string, inFeatures: number, outFeatures: number): QuantizedModel['nodes'][number] => ({
  ...{ op: 'linear', name: 'fc', inputs: [from], inFeatures, outFeatures },
  weights: { format: '8bit', codes: new Uint8Array(inFeatures * outFeatures).fill(3) },
});
const signal = MODELS.signal!;
const table = MODELS['table-i16']!;
const reconstruction = makeLogitScale({ slope: 0.004, intercept: 0 }, [-128, 127], 'reconstruction');
const cases: Readonly<Record<string, QuantizedModel>> = {
  ...MODELS,
  'features of signals': {
    ...signal,
    input: {
      ...{ ...signal.input, shape: frontEndShape(frontEnd), frontEnd },
      raw: {
        ...{ kind: 'signal', type: 'i32' },
        features: ['a', 'b', 'c', 'd'].map((name) => makeRawFeature({ name, decimals: 0, low: -99, high: 99 })),
      },
    },
    nodes: [{ op: 'flatten', name: 'flat', inputs: ['input'] }, linear('flat', 36, 3)],
  },
  anomalies: {
    ...{ ...table, labels: [], nodes: [linear('input', 5, 5)] },
    output: { task: 'anomaly', reconstruction, threshold: 5, quantile: 0.9 },
  },
};

describe.skipIf(missing)('static memory', () => {
  it.each(Object.entries(cases))('%s', (_, model) => {
    const folder = newFolder();
    const exported = exportC(model, { name: 'm' });
    for (const { path, content } of exportFolder([exported], false)) writeFileSync(join(folder, path), content);
    const compiled = spawnSync('cc', ['-O0', '-c', 'm.c'], { cwd: folder, encoding: 'utf8' });
    expect([compiled.stderr, compiled.status]).toEqual(['', 0]);
    const symbols = spawnSync('nm', ['-S', 'm.o'], { cwd: folder, encoding: 'utf8' }).stdout;
    const reserved = [...symbols.matchAll(/^\w+ (\w+) [bBdD] /gm)].map(([, size]) => Number.parseInt(size!, 16));
    const all = reserved.reduce((sum, size) => sum + size, 0);
    expect(all).toBeGreaterThan(0);
    const comment = exported.files[0]!.content.split('*/')[0]!.replace(/\n \* +/g, ' ');
    expect(comment).toContain(` ${all} bytes of static memory`);
    expect(Object.values(exported.sizes.staticBytes).reduce((sum, size) => sum + size, 0)).toBe(all);
  });

  it('is told by function', () => {
    // 9 columns of 4 values of int8, 3 logits, a frame of 2 · 64 int16, three votes, four counts of 16 bits and the pause between frames.
    const { staticBytes } = exportC(cases['features of signals']!, { name: 'm' }).sizes;
    expect(staticBytes).toMatchObject({ m_infer_raw: 36, m_push: 36 + 12 + 256 + 6 + 2 + 2 + 2 + 2 });
    expect(exportC(cases['table-i16']!, { name: 'm' }).files[0]!.content).toMatch(
      /of m_infer, 5 more of m_infer_raw; and/,
    );
  });
});
