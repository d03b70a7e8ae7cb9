// Parts without a board in QEMU: their kernels, compiled with the flags of each part's record, on a machine of QEMU with such a core.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { findPart } from '@bitnetmcu/mcu-runtime/internal/targets';
import type { PartName } from '@bitnetmcu/mcu-runtime/targets';
import type { QuantizedModel } from '@bitnetmcu/models';
import { writeFileAtomic } from '@bitnetmcu/models/internal/node';
import { expect } from 'vitest';
import { firmwareProject } from '../firmware-project.js';
import { isMissing } from './projects.js';

export interface QemuMachine {
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

/** Cores with the DSP extension. */
export const DSP_MACHINES = {
  stm32f405: { ...MPS2, arguments: ['-M', 'mps2-an386'] },
  stm32f746: { ...MPS2, arguments: ['-M', 'mps2-an500'] },
  // Code in the secure alias of its memories, where the core starts.
  rp2350: { ...MPS2, arguments: ['-M', 'mps2-an505'], flashBase: 0x1000_0000, ramBase: 0x3000_0000 },
} as const satisfies Partial<Record<PartName, QemuMachine>>;

export const MACHINES: Readonly<Partial<Record<PartName, QemuMachine>>> = {
  stm32f103: { ...MPS2, arguments: ['-M', 'mps2-an385'] },
  ...DSP_MACHINES,
  gd32vf103: virt('rv32,zba=false,zbb=false,zbs=false,zbc=false'),
  esp32c3: virt('rv32,a=false,zba=false,zbb=false,zbs=false,zbc=false'),
  rp2350riscv: virt('rv32,zba=true,zbb=true,zbs=true'),
};

/** Compiler and emulator, as far as they are not installed. */
export function missingPrograms(part: string, { emulator }: QemuMachine): string[] {
  return [`${findPart(part).compiler.toolchain}-gcc`, emulator].filter((program) => isMissing(program));
}

/** Runs the self-test of a model, which compares a checksum of all logits with the reference's, in a folder of its own. */
export function expectSelfTest(
  folder: string,
  part: string,
  machine: QemuMachine,
  { model, inputs, kernels }: { readonly model: QuantizedModel; readonly inputs: Int8Array; readonly kernels: string },
): void {
  const { toolchain, instructionSet, speed, library = [] } = findPart(part).compiler;
  const { files, expectedOutput } = firmwareProject(model, machine.kind, inputs, { kernels });
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
}
