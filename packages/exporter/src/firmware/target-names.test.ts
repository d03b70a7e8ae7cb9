// Targets of exports and of firmware: what none of them has is refused with a typed error.
import { BOARD_PART_NAMES, boardOf, findPart, PART_NAMES } from '@bitnetmcu/mcu-runtime/internal/targets';
import { describe, expect, it } from 'vitest';
import { exportC } from '../c/export-c.js';
import { EXPORT_TARGET_NAMES, type ExportTargetName, findExportTarget } from '../c/export-targets.js';
import { smallInputs, smallModel } from './__fixtures__/projects.js';
import { FIRMWARE_KIND_NAMES, type FirmwareKindName, firmwareKind } from './firmware-kinds.js';
import { firmwareProject } from './firmware-project.js';

it('are every part of the simulators, and more', () => {
  expect(EXPORT_TARGET_NAMES).toEqual(expect.arrayContaining([...PART_NAMES, 'cortex-m', 'riscv32']));
  const boards = BOARD_PART_NAMES.map((name) => boardOf(findPart(name)).name);
  expect(boards.length).toBeGreaterThan(6);
  expect(FIRMWARE_KIND_NAMES).toEqual(expect.arrayContaining(boards));
});

describe('an unknown target is refused, with the nearest name', () => {
  it('by exports', () => {
    const wanted = { code: 'unknown-target', message: expect.stringContaining('"ch32v003"') };
    expect(() => findExportTarget('ch32v03')).toThrow(expect.objectContaining(wanted));
    expect(() => exportC(smallModel(), { target: 'ch32v03' as ExportTargetName })).toThrow(
      expect.objectContaining(wanted),
    );
  });

  it('by firmware', () => {
    const wanted = { code: 'unknown-target', message: expect.stringContaining('"pico"') };
    expect(() => firmwareKind('picco')).toThrow(expect.objectContaining(wanted));
    expect(() => firmwareProject(smallModel(), 'picco' as FirmwareKindName, smallInputs)).toThrow(
      expect.objectContaining(wanted),
    );
  });
});

describe('kernels that a target does not have are refused', () => {
  const wanted = expect.objectContaining({ name: 'ExporterError', code: 'no-kernels' });

  it('where the layout is of other parts', () => {
    expect(() => exportC(smallModel(), { target: 'ch32v003', layout: 'mul' })).toThrow(wanted);
    expect(() => exportC(smallModel(), { target: 'riscv32', layout: 'nomul' })).toThrow(wanted);
  });

  it('where fast ones are asked for of a part that has none', () => {
    expect(() => exportC(smallModel(), { target: 'attiny85', kernels: 'fast' })).toThrow(wanted);
    expect(() => exportC(smallModel(), { target: 'ch32v003', layout: 'plain', kernels: 'fast' })).toThrow(wanted);
    expect(exportC(smallModel(), { target: 'attiny85' }).layout).toBe('plain');
  });
});
