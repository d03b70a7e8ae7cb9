// The conformance suite over this package's implementations of integer inference; conformance.long.test.ts runs the C under sanitizers.

import { conformanceInputs, conformanceModel, runConformance } from '@bitnetmcu/models/conformance';
import { ReferenceModel } from '@bitnetmcu/models/internal';
import { describe, expect, it } from 'vitest';
import { LAYOUT_NAMES, loadWasmModel, WasmBackend } from '../src/index.js';
import { layouts } from '../src/internal/index.js';
import { CHostBackend, type CHostOptions } from '../src/node.js';
import { missingHostCompiler, skipWhere } from './host-compiler.js';

describe('WebAssembly', () => {
  it.each(LAYOUT_NAMES.filter((name) => !['fast', 'avr'].includes(layouts[name].readBy)))(
    'gives the reference logits: %s weights',
    async (layout) => {
      const report = await runConformance(new WasmBackend({ layout }), { models: 200, seed: 11 });
      expect(report.differences).toEqual([]);
      expect(report.models).toBe(200);
    },
  );

  it('traces the reference outputs of every node', async () => {
    const seed = 12;
    for (let index = 0; index < 60; index++) {
      const model = conformanceModel(seed, index);
      const reference = new ReferenceModel(model);
      const wasm = await loadWasmModel(model);
      const inputs = conformanceInputs(seed, index, reference.inputs, 7);
      for (let sample = 4; sample < 7; sample++) {
        const input = inputs.subarray(sample * reference.inputs, (sample + 1) * reference.inputs);
        expect(await wasm.trace(input)).toEqual(reference.trace(input));
      }
    }
  });
});

describe.skipIf(skipWhere(missingHostCompiler))('C on the host', () => {
  it.each<[string, number, CHostOptions]>([
    ['plain kernels', 40, {}],
    ['host kernels', 40, { layout: 'unpacked' }],
    ['nibble lists, bit lists and look-up', 30, { layout: 'nomul' }],
    ['coded weights', 30, { layout: 'coded' }],
    ['two products a multiplication', 30, { layout: 'mul' }],
    ['the DSP extension in portable C', 30, { layout: 'mul', flags: ['-DBNM_DSP=1'] }],
  ])('gives the reference logits: %s', async (_, models, options) => {
    const report = await runConformance(new CHostBackend(options), { models, seed: 13 });
    expect(report.differences).toEqual([]);
    expect(report.models).toBe(models);
  });
});
