// Kernels of the parts without a board in QEMU: compiled with the flags of each part's record, they give the logits of the reference
// to the bit (the self-test compares a checksum), on a machine of QEMU with such a core.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { findPart } from '@bitnetmcu/mcu-runtime/internal/targets';
import type { PartName } from '@bitnetmcu/mcu-runtime/targets';
import { conformanceInputs, conformanceModel } from '@bitnetmcu/models/conformance';
import { writeFileAtomic } from '@bitnetmcu/models/internal/node';
import { describe, expect, it } from 'vitest';
import { isMissing, temporaryFolders } from './__fixtures__/projects.js';
import { firmwareProject } from './firmware-project.js';

interface QemuMachine {
  readonly kind: 'cmake-arm' | 'cmake-riscv';
  readonly emulator: string;
  readonly arguments: readonly string[];
  readonly flashBase: number;
  readonly ramBase: number;
}

const MPS2: Omit<QemuMachine, 'arguments'> = {
  kind: 'cmake-arm',
  emulator: 'qemu-system-arm',
  flashBase: 0,
  ramBase: 0x2000_0000,
};
/** RAM from 0x80000000 on holds both. */
const VIRT: Omit<QemuMachine, 'arguments'> = {
  ...{ kind: 'cmake-riscv', emulator: 'qemu-system-riscv32', flashBase: 0x8000_0000, ramBase: 0x8010_0000 },
};
const virt = (cpu: string) => ({ ...VIRT, arguments: ['-M', 'virt', '-bios', 'none', '-cpu', cpu] });

const MACHINES: Readonly<Partial<Record<PartName, QemuMachine>>> = {
  stm32f103: { ...MPS2, arguments: ['-M', 'mps2-an385'] },
  stm32f405: { ...MPS2, arguments: ['-M', 'mps2-an386'] },
  stm32f746: { ...MPS2, arguments: ['-M', 'mps2-an500'] },
  // Code in the secure alias of its memories, where the core starts.
  rp2350: { ...MPS2, arguments: ['-M', 'mps2-an505'], flashBase: 0x1000_0000, ramBase: 0x3000_0000 },
  gd32vf103: virt('rv32,zba=false,zbb=false,zbs=false,zbc=false'),
  esp32c3: virt('rv32,a=false,zba=false,zbb=false,zbs=false,zbc=false'),
  rp2350riscv: virt('rv32,zba=true,zbb=true,zbs=true'),
};

const newFolder = temporaryFolders();
const SAMPLES = 3;
const model = conformanceModel(5, 3, {});
const inputs = conformanceInputs(
  5,
  SAMPLES,
  model.input.shape.reduce((product, size) => product * size, 1),
  3,
);

describe.each(Object.entries(MACHINES))('%s', (name, machine) => {
  const { toolchain, instructionSet, speed, library = [] } = findPart(name).compiler;
  const missing = [`${toolchain}-gcc`, machine.emulator].filter((tool) => isMissing(tool));

  it.skipIf(missing.length > 0).each(['fast', 'plain'])('%s kernels compute the logits of the reference', (kernels) => {
    const { files, expectedOutput } = firmwareProject(model, machine.kind, inputs, { kernels });
    const folder = newFolder();
    for (const { path, content } of files) writeFileAtomic(join(folder, path), content);
    const sources = files.map(({ path }) => path).filter((path) => /\.[cS]$/.test(path));
    const memory = {
      ...{ flash_base: machine.flashBase, flash_size: 0x4_0000, ram_base: machine.ramBase, ram_size: 0x8000 },
      stack_size: 0x1000,
    };
    const compiled = spawnSync(
      `${toolchain}-gcc`,
      [
        ...[...instructionSet, ...speed, '-std=gnu99', '-ffreestanding', '-ffunction-sections', '-fdata-sections'],
        ...['-DSEMIHOSTING', '-I.', '-Imodel', ...sources, ...library],
        ...['-nostdlib', '-nostartfiles', '-Wl,--gc-sections', '-Tmemory.ld'],
        ...Object.entries(memory).map(([symbol, value]) => `-Wl,--defsym=__${symbol}=0x${value.toString(16)}`),
        ...['-lgcc', '-o', 'firmware.elf'],
      ],
      { cwd: folder, encoding: 'utf8' },
    );
    expect(compiled.status, compiled.stderr).toBe(0);
    const run = spawnSync(
      machine.emulator,
      [
        ...[...machine.arguments, '-nographic', '-monitor', 'none', '-serial', 'none'],
        ...['-semihosting-config', 'enable=on,target=native', '-kernel', 'firmware.elf'],
      ],
      { cwd: folder, encoding: 'utf8', timeout: 60_000 },
    );
    expect(`${run.stdout}${run.stderr}`).toBe(expectedOutput);
    expect(run.status).toBe(0);
  });
});
