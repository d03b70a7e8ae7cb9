// The conformance suite over all C kernels of the host, under the sanitizers.
import { runConformance } from '@bitnetmcu/models/conformance';
import { describe, expect, it } from 'vitest';
import { CHostBackend, type CHostOptions } from '../src/node.js';
import { missingHostCompiler, SANITIZERS, skipWhere } from './host-compiler.js';

describe.skipIf(skipWhere(missingHostCompiler))('C on the host', () => {
  it.each<[string, number, CHostOptions]>([
    ['plain kernels', 100, {}],
    ['host kernels', 80, { layout: 'unpacked' }],
    ['nibble lists, bit lists and look-up', 60, { layout: 'nomul' }],
    ['coded weights', 60, { layout: 'coded' }],
    ['two products a multiplication', 60, { layout: 'mul' }],
    ['the DSP extension in portable C', 200, { layout: 'mul', guarded: true, flags: ['-DBNM_DSP=1'] }],
    ['the DSP extension in portable C, by look-up', 60, { layout: 'nomul', guarded: true, flags: ['-DBNM_DSP=1'] }],
  ])('gives the reference logits: %s', async (_, models, { flags = [], ...options }) => {
    const backend = new CHostBackend({ ...options, flags: [...flags, ...SANITIZERS] });
    const report = await runConformance(backend, { models, seed: 13 });
    expect(report.differences).toEqual([]);
    expect(report.models).toBe(models);
  });
});
