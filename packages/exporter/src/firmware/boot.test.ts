// Firmware from where the real part starts: the reset address, undefined memory, faults that reach a handler, a stack that is checked.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  BOARD_PART_NAMES,
  type BoardPartName,
  boardOf as boardOfPart,
  findPart,
  type Part,
} from '@bitnetmcu/mcu-runtime/internal/targets';
import { type FirmwareName, runFirmware } from '@bitnetmcu/mcu-runtime/targets';
import { describe, expect, it } from 'vitest';
import { isMissing, smallInputs, smallModel, temporaryFolders } from './__fixtures__/projects.js';
import { FIRMWARE_KINDS } from './firmware-kinds.js';
import { type FirmwareProject, firmwareProject } from './firmware-project.js';
import { writeFirmware } from './write-firmware.js';

type Board = FirmwareName;
type Change = (path: string, content: string) => string;

const newFolder = temporaryFolders();
const partsWith = (kind: Part['core']['kind']) => BOARD_PART_NAMES.filter((name) => findPart(name).core.kind === kind);
const boardOf = (name: BoardPartName) => boardOfPart(findPart(name)).name as Board;
const hex = (address: number) => `0x${address.toString(16)}`;
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

describe.each(partsWith('riscv'))('%s', (name) => {
  const board = boardOf(name);
  const { flash: flashOf, ram } = findPart(name);

  it.skipIf(isNotThere(board))('does not run where start-up stays at the alias of flash at address 0', async () => {
    const stays: Change = (path, content) =>
      path === 'start.S' ? content.replace(/^ {2}(lui t0, %hi\(linked\)|jr %lo\(linked\)\(t0\))\n/gm, '') : content;
    const { flash } = build(board, stays);
    // RAM's address relative to a program counter near 0 comes out 0x0800_0000 too low.
    const outcome = await runFirmware(name, flash).then(
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
    ['a load behind RAM', `(void)*(volatile uint32_t *)${hex(ram.base + ram.size)};`, '00000005'],
    ['execution of erased flash', `((void (*)(void))${hex(flashOf.base + flashOf.size - 16)})();`, '00000002'],
    ['execution of nothing', '((void (*)(void))0x30000000)();', '00000001'],
  ];
  it.skipIf(isNotThere(board)).each(cases)('%s reaches the fault handler, which reports it', async (_, code, cause) => {
    const { flash } = build(board, program(code));
    const { output, fault } = await runFirmware(name, flash);
    expect(output).toMatch(new RegExp(`^\r\nFAULT ${cause} [03][08]00[0-9a-f]{4}$`));
    expect(fault).toBeDefined();
  });
});

/** Highest interrupt numbers of the parts' startup code by WCH: TIM2, OPCM (behind USART2, 39), DMA1 channel 8. */
const LAST_INTERRUPTS: Readonly<Record<string, number>> = { ch32v002: 38, ch32v003: 38, ch32v006: 40, ch32v203: 62 };

describe.each(partsWith('riscv'))('the vector table of %s', (name) => {
  const board = boardOf(name);
  const last = LAST_INTERRUPTS[name]!;

  it.skipIf(isNotThere(board))(
    'has an entry for every interrupt: the fault handler, or the handler of a program',
    () => {
      const wordsOf = (flash: Buffer) => Array.from({ length: last + 1 }, (_, i) => flash.readUInt32LE(4 * i));
      const without = wordsOf(build(board, program('')).flash);
      const trap = without[3]!;
      expect(without.slice(12)).toEqual(new Array(last - 11).fill(trap));
      const handler = `}\n__attribute__((interrupt)) void interrupt_${last}(void) {`;
      const own = wordsOf(build(board, program(`return 0;\n${handler}\n}\nint unused(void) {`)).flash);
      expect(own.slice(12, last)).toEqual(new Array(last - 12).fill(own[3]));
      expect(own[last]).not.toBe(own[3]);
      expect(own[last]! - findPart(name).flash.base).toBeGreaterThan(4 * last);
      expect(own[last]! - findPart(name).flash.base).toBeLessThan(findPart(name).flash.size);
    },
  );
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

describe('interrupts of the ATmega328P', () => {
  // TXCIE0 in UCSR0B: when a character is sent, vector 20 follows (21 in the data sheet, which counts from 1).
  const ask = '*(volatile uint8_t *)0xc1 |= 0x40;\n  __asm__ volatile("sei");\n  board_write(\'?\');';
  // GPIOR0, which ends the wait.
  const begin = '*(volatile uint8_t *)0x3e = 0;';
  const wait = 'while (*(volatile uint8_t *)0x3e == 0) {\n  }';
  const run = (statement: string) =>
    runFirmware('atmega328p', build('atmega328p', program(statement)).flash, { maxInstructions: 1e6 });

  it.skipIf(isNotThere('atmega328p'))('are a fault where the program has no handler of theirs', async () => {
    const { output, fault } = await run(`${begin}\n  ${ask}\n  ${wait}`);
    expect(output).toBe('?\r\nFAULT interrupt without a handler');
    expect(fault).toMatch(/vector 20, /);
  });

  it.skipIf(isNotThere('atmega328p'))('are none where its handler returns', async () => {
    const handler =
      '__attribute__((signal, used)) void __vector_20(void) {\n  *(volatile uint8_t *)0xc1 &= 0xbf;\n  *(volatile uint8_t *)0x3e = 1;';
    const { output, fault } = await run(
      `${begin}\n  ${ask}\n  ${wait}\n  return 0;\n}\n${handler}\n}\nint unused(void) {`,
    );
    expect({ output, fault }).toEqual({ output: '?', fault: undefined });
  });
});

describe.each(partsWith('avr'))('%s', (name) => {
  const board = boardOf(name);
  const { flash, ram, core } = findPart(name);

  it.skipIf(isNotThere(board))('reports an interrupt without a handler instead of starting again', async () => {
    // Word 2 of flash is a vector: 1 or 2.
    const built = build(board, program('((void (*)(void))2)();'));
    const { output, fault } = await runFirmware(name, built.flash);
    expect(output).toBe('\r\nFAULT interrupt without a handler');
    expect(fault).toMatch(core.kind === 'avr' && core.longJumps ? /vector 1, .* 0x/ : /vector 2, .* 0x/);
  });

  it.skipIf(isNotThere(board))('is refused where it stores behind RAM or executes erased flash', async () => {
    const end = ram.base + ram.size - 0x80_0000;
    const store = build(board, program(`*(volatile uint8_t *)${hex(end)} = 1;`));
    await expect(runFirmware(name, store.flash)).rejects.toThrow(`store at ${hex(end)}, behind the end of RAM`);
    const jump = build(board, program(`((void (*)(void))${hex(flash.size / 2 - 16)})();`));
    await expect(runFirmware(name, jump.flash)).rejects.toThrow(`${hex(flash.size - 32)}, where there is nothing`);
  });
});

describe.each(BOARD_PART_NAMES)('the stack of %s', (name) => {
  const board = boardOf(name);
  const { ram, weightsIn } = findPart(name);
  const { stackRoom = 128 } = boardOfPart(findPart(name));

  it.skipIf(isNotThere(board) || weightsIn === 'ram')('is known to the linker: too little room is refused', () => {
    const left = stackRoom - 28;
    const block = `static volatile uint8_t block[${ram.size - left}]; block[0] = 1;`;
    expect(() => build(board, program(block))).toThrow(/the program does not fit: .*stack/);
  });

  it.skipIf(isNotThere(board))('is an error of the run where it reaches into static data', async () => {
    const deep = 'volatile uint8_t block[400]; block[0] = 1; block[399] = block[0];';
    const { flash } = build(board, program(deep));
    expect((await runFirmware(name, flash)).stackBytes).toBeGreaterThanOrEqual(400);
    const staticRamBytes = ram.size - 300;
    await expect(runFirmware(name, flash, { staticRamBytes })).rejects.toThrow(/bytes of stack/);
  });
});
