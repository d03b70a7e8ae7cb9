// Firmware from where the real part starts: the reset address, undefined memory, faults that reach a handler, a stack that is checked.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runFirmware } from '@bitnetmcu/mcu-runtime/targets';
import { describe, expect, it } from 'vitest';
import { isMissing, smallInputs, smallModel, temporaryFolders } from './__fixtures__/projects.js';
import { FIRMWARE_KINDS } from './firmware-kinds.js';
import { type FirmwareProject, firmwareProject } from './firmware-project.js';
import { writeFirmware } from './write-firmware.js';

type Board = 'ch32v003' | 'ch32v002' | 'pico' | 'atmega328p';
type Change = (path: string, content: string) => string;

const newFolder = temporaryFolders();
const isNotThere = (board: Board) => FIRMWARE_KINDS[board].programs.some((program) => isMissing(program));

/** Builds the small model's project with some of its files changed. */
function build(
  board: Board,
  change: Change,
): { readonly project: FirmwareProject; readonly flash: Buffer; readonly ram: number } {
  const made = firmwareProject(smallModel(), board, smallInputs);
  const files = made.files.map(({ path, content }) => ({ path, content: change(path, content) }));
  const project = { ...made, files };
  const folder = newFolder();
  const written = writeFirmware(project, folder);
  if (written.kind !== 'built') throw new Error(written.compiler);
  return { project, flash: readFileSync(join(folder, project.simulation!.path)), ram: written.sizes!.ram };
}

/** A program of one's own in place of main.c. */
const program =
  (statement: string): Change =>
  (path, content) =>
    path === 'main.c'
      ? `#include <stdint.h>\n#include "board.h"\nint main(void) {\n  board_start();\n  ${statement}\n  return 0;\n}\n`
      : content;

describe.each(['ch32v003', 'ch32v002'] as const)('%s', (board) => {
  it.skipIf(isNotThere(board))('does not run where start-up stays at the alias of flash at address 0', async () => {
    const stays: Change = (path, content) =>
      path === 'start.S' ? content.replace(/^ {2}(lui t0, %hi\(linked\)|jr %lo\(linked\)\(t0\))\n/gm, '') : content;
    const { flash } = build(board, stays);
    // RAM's address relative to a program counter near 0 comes out 0x0800_0000 too low.
    const outcome = await runFirmware(board, flash).then(
      ({ fault }) => fault ?? 'it ran',
      (error: Error) => error.message,
    );
    expect(outcome).toMatch(/store-fault/);
  });

  const cases: readonly (readonly [string, string, string])[] = [
    ['an unaligned store', 'volatile uint32_t where = 0x20000401; *(volatile uint32_t *)where = 1;', '00000006'],
    ['an unaligned load', 'volatile uint32_t where = 0x20000401; (void)*(volatile uint16_t *)where;', '00000004'],
    ['a store to nowhere', '*(volatile uint32_t *)0x30000000 = 1;', '00000007'],
    ['a store to flash', '*(volatile uint32_t *)0x08000000 = 1;', '00000007'],
    ['a load behind RAM', '(void)*(volatile uint32_t *)0x20002000;', '00000005'],
    ['execution of erased flash', '((void (*)(void))0x08003ff0)();', '00000002'],
    ['execution of nothing', '((void (*)(void))0x30000000)();', '00000001'],
  ];
  it.skipIf(isNotThere(board)).each(cases)('%s reaches the fault handler, which reports it', async (_, code, cause) => {
    const { flash } = build(board, program(code));
    const { output, fault } = await runFirmware(board, flash);
    expect(output).toMatch(new RegExp(`^\r\nFAULT ${cause} [03][08]00[0-9a-f]{4}$`));
    expect(fault).toBeDefined();
  });
});

describe('pico', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['an unaligned store', 'volatile uint32_t where = 0x20030001; *(volatile uint32_t *)where = 1;'],
    ['an unaligned load of a halfword', 'volatile uint32_t where = 0x20030001; (void)*(volatile uint16_t *)where;'],
    ['a store to nowhere', '*(volatile uint32_t *)0x30000000 = 1;'],
    ['a store to the boot ROM', '*(volatile uint32_t *)0x100 = 1;'],
    ['a load behind RAM', '(void)*(volatile uint8_t *)0x20042000;'],
    ['an undefined instruction', '__asm__ volatile(".short 0xde00");'],
    ['execution of nothing', '((void (*)(void))0x30000001)();'],
  ];
  it.skipIf(isNotThere('pico')).each(cases)('%s raises HardFault, which is reported', async (_, code) => {
    const { flash } = build('pico', program(code));
    const { output, fault } = await runFirmware('rp2040', flash);
    // 3 is HardFault; the program runs from RAM.
    expect(output).toMatch(/^\r\nFAULT 00000003 [23]000[0-9a-f]{4}$/);
    expect(fault).toBeDefined();
  });

  it.skipIf(isNotThere('pico'))('does not start with a second boot stage whose CRC is wrong', async () => {
    const { flash } = build('pico', (_, content) => content);
    flash[4] = flash[4]! ^ 1;
    await expect(runFirmware('rp2040', flash)).rejects.toThrow(/second boot stage with the CRC/);
  });
});

describe('atmega328p', () => {
  it.skipIf(isNotThere('atmega328p'))('reports an interrupt without a handler instead of starting again', async () => {
    // Vector 1, INT0, at word 2 of flash.
    const { flash } = build('atmega328p', program('((void (*)(void))2)();'));
    const { output } = await runFirmware('atmega328p', flash);
    expect(output).toBe('\r\nFAULT interrupt without a handler');
  });

  it.skipIf(isNotThere('atmega328p'))('is refused where it stores behind RAM or executes erased flash', async () => {
    const store = build('atmega328p', program('*(volatile uint8_t *)0x0900 = 1;'));
    await expect(runFirmware('atmega328p', store.flash)).rejects.toThrow(/store at 0x900, behind the end of RAM/);
    const jump = build('atmega328p', program('((void (*)(void))0x3ff0)();'));
    await expect(runFirmware('atmega328p', jump.flash)).rejects.toThrow(/0x7fe0, where there is nothing/);
  });
});

describe('the stack', () => {
  const rooms = { ch32v003: 2048 - 100, ch32v002: 4096 - 100, pico: 0, atmega328p: 2048 - 100 } as const;
  it.skipIf(isNotThere('ch32v003') || isNotThere('atmega328p')).each(['ch32v003', 'ch32v002', 'atmega328p'] as const)(
    '%s: a program that leaves it too little room is not linked',
    (board) => {
      const block = `static volatile uint8_t block[${rooms[board]}]; block[0] = 1;`;
      expect(() => build(board, program(block))).toThrow(/the program does not fit: .*stack/);
    },
  );

  it.skipIf(isNotThere('ch32v003') || isNotThere('atmega328p') || isNotThere('pico')).each([
    ['ch32v003', 'ch32v003', 1900],
    ['ch32v002', 'ch32v002', 3900],
    ['pico', 'rp2040', 0x42000 - 300],
    ['atmega328p', 'atmega328p', 1900],
  ] as const)('%s: one that reaches into static data is an error of the run', async (board, part, taken) => {
    const deep = 'volatile uint8_t block[400]; block[0] = 1; block[399] = block[0];';
    const { flash } = build(board, program(deep));
    expect((await runFirmware(part, flash)).stackBytes).toBeGreaterThanOrEqual(400);
    await expect(runFirmware(part, flash, { staticRamBytes: Math.max(taken, 0) })).rejects.toThrow(/bytes of stack/);
  });
});
