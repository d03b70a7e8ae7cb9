// Bare-metal firmware: built where the compilers are, run from reset in the simulators, and its self-test passes there.
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createMachine, readElf, TARGETS } from '@bitnetmcu/mcu-runtime/sim';
import { runFirmware } from '@bitnetmcu/mcu-runtime/targets';
import type { QuantizedModel } from '@bitnetmcu/models';
import { conformanceInputs, conformanceModel } from '@bitnetmcu/models/conformance';
import { presets } from '@bitnetmcu/models/internal';
import { describe, expect, it } from 'vitest';
import { randomInputs, randomNetwork } from '../__fixtures__/random-network.js';
import { quantize } from '../quantize.js';
import {
  isMissing,
  printedClasses,
  smallCode,
  smallInputs,
  smallModel,
  temporaryFolders,
} from './__fixtures__/projects.js';
import { FIRMWARE_KIND_NAMES, FIRMWARE_KINDS } from './firmware-kinds.js';
import { type FirmwareOptions, type FirmwareProject, firmwareProject } from './firmware-project.js';
import { makeFirmware } from './make-firmware.js';
import { packSample } from './samples-header.js';
import { type WrittenFirmware, writeFirmware } from './write-firmware.js';

const newFolder = temporaryFolders();

interface Built {
  readonly folder: string;
  readonly project: FirmwareProject;
  readonly written: Extract<WrittenFirmware, { kind: 'built' }>;
}

const BOARDS = FIRMWARE_KIND_NAMES.filter((name) => FIRMWARE_KINDS[name].style === 'bare-metal');

describe.each(BOARDS)('%s', (kind) => {
  const missing = FIRMWARE_KINDS[kind].programs.some((program) => isMissing(program));
  const build = (model: QuantizedModel, samples: Int8Array, options: FirmwareOptions = {}): Built => {
    const folder = newFolder();
    const project = firmwareProject(model, kind, samples, options);
    const written = writeFirmware(project, folder);
    if (written.kind !== 'built') throw new Error(written.compiler);
    return { folder, project, written };
  };
  const run = ({ folder, project }: Built, change: (flash: Buffer) => void = () => {}) => {
    const { path, target } = project.simulation!;
    const flash = readFileSync(join(folder, path));
    change(flash);
    return runFirmware(target, flash);
  };

  const model = conformanceModel(5, 3, {});
  const features = model.input.shape.reduce((product, size) => product * size, 1);
  const inputs = conformanceInputs(5, 3, features, 2);

  const kernels = FIRMWARE_KINDS[kind].kernels.map(({ name }) => name);
  it.skipIf(missing).each(kernels)(
    '%s kernels: prints the classes of the reference, and the self-test passes',
    async (name) => {
      const built = build(model, inputs, { kernels: name });
      const { output, stackBytes } = await run(built);
      if (built.written.sizes!.ram + stackBytes! > FIRMWARE_KINDS[kind].ramBytes) {
        // Loops that fill the RAM leave the stack too little: the command refuses them for such a network.
        const made = makeFirmware(model, kind, inputs, newFolder(), { kernels: name });
        await expect(made).rejects.toThrow(/bytes of RAM are missing/);
        return;
      }
      expect(output).toBe(`${printedClasses(model, inputs)}\r\nself-test passed`);
      expect(output).toBe(built.project.expectedOutput);
      expect(built.written.sizes!.flash).toBeLessThan(FIRMWARE_KINDS[kind].flashBytes);
    },
  );

  it.skipIf(missing)('says so where logits are not those of the reference', async () => {
    const built = build(smallModel(), smallInputs, { kernels: 'plain' });
    const { output } = await run(built, (flash) => {
      // One weight of the first layer, found by its row's bytes: two codes a byte, the first in the low nibble.
      const row = Buffer.from(Uint8Array.from({ length: 8 }, (_, i) => smallCode(2 * i) | (smallCode(2 * i + 1) << 4)));
      const at = flash.indexOf(row);
      expect(at).toBeGreaterThan(0);
      flash[at] = flash[at]! ^ 0x0f;
    });
    expect(output).not.toBe(built.project.expectedOutput);
    expect(output).toContain('FAILED');
  });
});

/** The fast kernels in flash that take least of it. */
const SMALLEST = { ch32v003: 'fast-flash-lto', ch32v002: 'fast-small-lto' } as const;

describe.each(['ch32v003', 'ch32v002'] as const)('%s', (kind) => {
  it.skipIf(isMissing('riscv64-unknown-elf-gcc'))(
    'the 12 kB network takes at most 15.3 kB of flash with all vectors and the fault handler, and 1.1 kB of RAM without code there',
    async () => {
      const folder = newFolder();
      const { model } = quantize(randomNetwork(presets['fc-12k'].build(10), 1));
      const sample = randomInputs(256, 4).map((value, i) => (i >= 120 && i < 150 ? value : -13));
      writeFirmware(firmwareProject(model, kind, sample, { kernels: SMALLEST[kind] }), folder);
      const machine = await createMachine(TARGETS[kind]);
      machine.load(readElf(readFileSync(join(folder, 'firmware.elf'))), 'flashed');
      const { staticRamBytes, stackBytes, stackOverflow } = machine.runFromReset();
      expect(statSync(join(folder, 'firmware.bin')).size).toBeLessThanOrEqual(15.3 * 1024);
      expect(staticRamBytes + stackBytes).toBeLessThanOrEqual(1.1 * 1024);
      expect(stackOverflow).toBe(false);
    },
  );
});

describe('Pico', () => {
  it.skipIf(isMissing('arm-none-eabi-gcc'))(
    'has a second boot stage with the CRC32 that the boot ROM checks, and a UF2 of 256-byte blocks',
    () => {
      const folder = newFolder();
      const written = writeFirmware(firmwareProject(smallModel(), 'pico', smallInputs), folder);
      if (written.kind !== 'built') throw new Error(written.compiler);
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
    },
  );
});

describe('samples', () => {
  it('are packed by runs of their most frequent value', () => {
    expect([...packSample(Int8Array.from([5, 5, -3, 5, 5, 7, 8]))]).toEqual([5, 5, 2, -3, 5, 2, 7, 8]);
    // More than a byte counts: 255 is -1.
    expect([...packSample(new Int8Array(300))]).toEqual([0, 0, -1, 0, 45]);
    const values = Int8Array.from({ length: 900 }, (_, i) => (i < 300 ? 1 + (i % 2) : 0));
    expect(packSample(values)).toHaveLength(1 + 300 + 2 * 3);
  });

  it('that are incomplete are refused', () => {
    expect(() => firmwareProject(smallModel(), 'pico', smallInputs.subarray(1))).toThrow('16 wanted');
    expect(() => firmwareProject(smallModel(), 'pico', smallInputs.subarray(0, 0))).toThrow('at least one');
  });
});

it('refuses kernels that a kind does not have', () => {
  expect(() => firmwareProject(smallModel(), 'attiny85', smallInputs, { kernels: 'fast' })).toThrow(
    expect.objectContaining({ code: 'unknown-kernels' }),
  );
});
