// The registry of parts: complete, and an error with the nearest name for what it does not know.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { generatedLists } from '../../scripts/build-targets.mjs';
import { findTarget, TARGETS } from '../sim/targets.js';
import { kernelImage } from './kernel-images.js';
import { findPart, PART_NAMES, type PartName, parts } from './parts.js';
import { runFirmware } from './run-firmware.js';
import { findSimulationTarget, findVariant, SIMULATION_TARGETS } from './simulation-targets.js';
import { SimulatorBackend } from './simulator-backend.js';

const unknown = 'ch32v03' as PartName;

describe('the records', () => {
  it('are all in the list that the build wrote', () => {
    for (const [name, text] of Object.entries(generatedLists())) {
      expect(readFileSync(new URL(`../generated/${name}`, import.meta.url), 'utf8'), 'run `npm run build`').toBe(text);
    }
  });

  it('come smallest first, under their own names', () => {
    const sizes = PART_NAMES.map((name) => parts[name].ram.size);
    expect(sizes).toEqual([...sizes].sort((a, b) => a - b));
    for (const name of PART_NAMES) expect(parts[name].name).toBe(name);
  });

  it.each(PART_NAMES)('%s: memories in whole words, a source for its figures, kernels with different names', (name) => {
    const { flash, ram, sources, clockHz } = parts[name];
    expect([flash.base % 4, flash.size % 4, ram.base % 4, ram.size % 4, clockHz % 1_000_000]).toEqual([0, 0, 0, 0, 0]);
    expect(sources.join()).toMatch(/data sheet/);
    const names = SIMULATION_TARGETS[name].variants.map((variant) => variant.name);
    expect(new Set(names).size).toBe(names.length);
    expect(name in TARGETS).toBe(parts[name].core.kind === 'riscv');
  });
});

describe('a target that nobody knows', () => {
  const refusal = { name: 'SimulatorError', code: 'unknown-target', message: expect.stringMatching(/"ch32v003"/) };

  it.each([
    ['findPart', () => findPart(unknown)],
    ['findTarget', () => findTarget(unknown)],
    ['findSimulationTarget', () => findSimulationTarget(unknown)],
    ['names of other things', () => findPart('constructor')],
  ])('is refused by %s', (_, find) => {
    expect(find).toThrow(/There is no/);
  });

  it('is refused by the simulators', async () => {
    await expect(runFirmware(unknown, new Uint8Array(4))).rejects.toMatchObject(refusal);
    await expect(new SimulatorBackend(unknown).load({} as never)).rejects.toMatchObject(refusal);
  });
});

it('refuses kernels that a part does not have, and images that were not built', async () => {
  const target = SIMULATION_TARGETS.attiny85;
  expect(() => findVariant(target, 'fast')).toThrow(/no choice of kernels of attiny85 "fast".*plain/);
  await expect(kernelImage('ch32v003-magic')).rejects.toMatchObject({ code: 'missing-kernels' });
});

it('refuses firmware that is larger than flash', async () => {
  await expect(runFirmware('ch32v003', new Uint8Array(16 * 1024 + 1))).rejects.toMatchObject({ code: 'does-not-fit' });
});
