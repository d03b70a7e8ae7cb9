// Firmware projects: built where the compilers are, run from reset in the simulators, and their self-test passes there.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runFirmware } from '@bitnetmcu/mcu-runtime/targets';
import type { QuantizedModel } from '@bitnetmcu/models';
import { conformanceInputs, conformanceModel } from '@bitnetmcu/models/conformance';
import { afterAll, describe, expect, it } from 'vitest';
import { FIRMWARE_KIND_NAMES, FIRMWARE_KINDS } from './firmware-kinds.js';
import { firmwareProject, firmwareSampleCount } from './firmware-project.js';
import { writeFirmware } from './write-firmware.js';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** 16 → 8 → 4, with weights that a generator of remainders gives. */
function smallModel(): QuantizedModel {
  const codes = (count: number) => Uint8Array.from({ length: count }, (_, i) => (i * 7 + (i >> 2)) % 16);
  const format = '4bitsym';
  return {
    name: 'small',
    input: {
      shape: [16],
      preprocessing: { divisor: 255, mean: 0, deviation: 1 },
      quantization: { kind: 'dynamic' },
    },
    nodes: [
      {
        op: 'linear',
        name: 'fc1',
        inputs: ['input'],
        inFeatures: 16,
        outFeatures: 8,
        weights: { format, codes: codes(128) },
      },
      { op: 'shiftNorm', name: 'norm', inputs: ['fc1'], activation: 'relu' },
      {
        op: 'linear',
        name: 'fc2',
        inputs: ['norm'],
        inFeatures: 8,
        outFeatures: 4,
        weights: { format, codes: codes(32) },
      },
    ],
    labels: [],
    provenance: {},
  };
}

const inputs = Int8Array.from({ length: 3 * 16 }, (_, i) => ((i * 37) % 256) - 128);

describe.each(FIRMWARE_KIND_NAMES)('%s', (kind) => {
  const target = kind === 'pico' ? 'rp2040' : kind;
  const build = (model: QuantizedModel, samples: Int8Array) => {
    const folder = mkdtempSync(join(tmpdir(), 'bitnetmcu-firmware-'));
    folders.push(folder);
    const project = firmwareProject(model, kind, samples);
    const written = writeFirmware(project, folder);
    if (written.kind === 'compiler-missing') {
      // In CI the compilers must be there.
      expect(process.env.CI).not.toBe('true');
      expect(written.install).toHaveLength(2);
      console.warn(`skipped: ${written.compiler} is not installed`);
    }
    return { folder, project, written };
  };

  it('prints the classes of the reference and passes its self-test', async () => {
    const { folder, project, written } = build(smallModel(), inputs);
    if (written.kind !== 'built') return;
    const { output } = await runFirmware(target, readFileSync(join(folder, 'firmware.bin')));
    expect(output).toBe(project.expectedOutput);
    expect(output).toContain('self-test passed');
    expect(written.sizes.flash).toBeLessThan(FIRMWARE_KINDS[kind].flashBytes);
  });

  it('says so where logits are not those of the reference', async () => {
    const { folder, project, written } = build(smallModel(), inputs);
    if (written.kind !== 'built') return;
    const flash = readFileSync(join(folder, 'firmware.bin'));
    // One weight of the first layer, found by its row's bytes.
    const row = Buffer.from(Uint8Array.from({ length: 8 }, (_, i) => packedByte(i)));
    const at = flash.indexOf(row);
    expect(at).toBeGreaterThan(0);
    flash[at] = flash[at]! ^ 0x0f;
    const { output } = await runFirmware(target, flash);
    expect(output).not.toBe(project.expectedOutput);
    expect(output).toContain('SELF-TEST FAILED');
  });

  it('runs a random network of the conformance suite', async () => {
    const model = conformanceModel(5, 3, {});
    const features = model.input.shape.reduce((product, size) => product * size, 1);
    const { folder, project, written } = build(model, conformanceInputs(5, 3, features, 2));
    if (written.kind !== 'built') return;
    expect((await runFirmware(target, readFileSync(join(folder, 'firmware.bin')))).output).toBe(project.expectedOutput);
  });
});

/** Two codes a byte, the first in the low nibble. */
function packedByte(i: number): number {
  const code = (k: number) => (k * 7 + (k >> 2)) % 16;
  return code(2 * i) | (code(2 * i + 1) << 4);
}

describe('Pico', () => {
  it('has a second boot stage with the CRC32 that the boot ROM checks, and a UF2 of 256-byte blocks', () => {
    const folder = mkdtempSync(join(tmpdir(), 'bitnetmcu-firmware-'));
    folders.push(folder);
    const written = writeFirmware(firmwareProject(smallModel(), 'pico', inputs), folder);
    if (written.kind !== 'built') return;
    const flash = readFileSync(join(folder, 'firmware.bin'));
    let crc = 0xffffffff;
    for (const byte of flash.subarray(0, 252)) {
      crc ^= byte << 24;
      for (let bit = 0; bit < 8; bit++) crc = crc & 0x80000000 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
    }
    expect(flash.readUInt32LE(252)).toBe(crc >>> 0);
    const uf2 = readFileSync(written.path);
    expect(uf2.length).toBe(512 * Math.ceil(flash.length / 256));
    for (let block = 0; block < uf2.length / 512; block++) {
      expect(uf2.readUInt32LE(512 * block + 12)).toBe(0x10000000 + 256 * block);
      const payload = uf2.subarray(512 * block + 32, 512 * block + 32 + 256);
      expect(payload.subarray(0, flash.length - 256 * block)).toEqual(flash.subarray(256 * block, 256 * block + 256));
    }
  });
});

it('takes as many samples as flash has room for', () => {
  expect(firmwareSampleCount('pico', 12_608, 256)).toBe(10);
  expect(firmwareSampleCount('ch32v003', 12_608, 256)).toBe(Math.floor((16_384 - 12_608 - 3072) / 256));
  expect(firmwareSampleCount('ch32v003', 16_000, 256)).toBe(1);
});

it('refuses incomplete samples', () => {
  expect(() => firmwareProject(smallModel(), 'pico', inputs.subarray(1))).toThrow('16 wanted');
  expect(() => firmwareProject(smallModel(), 'pico', inputs.subarray(0, 0))).toThrow('at least one');
});
