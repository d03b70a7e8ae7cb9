// The firmware templates that are shipped in the package: start-up code, linker scripts, board support and the self-test.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runtimeSources } from './runtime-sources.js';

/** Boards with templates of their own; `cmake` is any Cortex-M or 32-bit RISC-V. */
export const FIRMWARE_BOARDS = ['ch32v', 'pico', 'atmega328p', 'cmake'] as const;
export type FirmwareBoard = (typeof FIRMWARE_BOARDS)[number];

export interface FirmwareTemplate {
  readonly path: string;
  readonly content: string;
}

const folder = () => join(runtimeSources().root, '..', 'firmware');
const template = (path: string, file: string): FirmwareTemplate => ({ path, content: readFileSync(file, 'utf8') });

/** `self_test.c` and its headers: they need a `samples.h`, and `board_write` from whoever calls them. */
export function selfTestTemplates(): FirmwareTemplate[] {
  return ['self_test.c', 'self_test.h', 'board.h'].map((name) => template(name, join(folder(), name)));
}

/** The self-test, `main.c`, and all files of a board, under their bare names. */
export function firmwareTemplates(board: FirmwareBoard): FirmwareTemplate[] {
  const own = readdirSync(join(folder(), board)).map((name) => template(name, join(folder(), board, name)));
  // avr-libc has its own.
  const common = board === 'atmega328p' ? ['main.c'] : ['main.c', 'memory.c'];
  return [...selfTestTemplates(), ...common.map((name) => template(name, join(folder(), name))), ...own];
}
