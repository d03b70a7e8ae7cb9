// The conformance suite over this package's implementations of integer inference.

import { conformanceInputs, conformanceModel, runConformance } from '@bitnetmcu/models/conformance';
import { ReferenceModel } from '@bitnetmcu/models/internal';
import { describe, expect, it } from 'vitest';
import { LAYOUT_NAMES, loadWasmModel, WasmBackend } from '../src/index.js';
import { layouts } from '../src/internal/index.js';
import { CHostBackend, type CHostOptions } from '../src/node.js';
import { missingHostCompiler, SANITIZERS, skipWhere } from './host-compiler.js';

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
    ['plain kernels under the sanitizers', 100, { flags: SANITIZERS }],
    ['host kernels under the sanitizers', 80, { flags: SANITIZERS, layout: 'unpacked' }],
    ['nibble lists, bit lists and look-up under the sanitizers', 60, { flags: SANITIZERS, layout: 'nomul' }],
    ['coded weights under the sanitizers', 60, { flags: SANITIZERS, layout: 'coded' }],
    ['two products a multiplication under the sanitizers', 60, { flags: SANITIZERS, layout: 'mul' }],
  ])('gives the reference logits: %s', async (_, models, options) => {
    const report = await runConformance(new CHostBackend(options), { models, seed: 13 });
    expect(report.differences).toEqual([]);
    expect(report.models).toBe(models);
  });
});
