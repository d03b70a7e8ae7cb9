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

/** The self-test, `main.c`, the start-up code and all files of a board, under their bare names. */
export function firmwareTemplates(board: FirmwareBoard, architecture: 'arm' | 'riscv' | 'avr'): FirmwareTemplate[] {
  const all = (part: string) =>
    readdirSync(join(folder(), part)).map((name) => template(name, join(folder(), part, name)));
  const common = (name: string) => template(name, join(folder(), name));
  // avr-libc has all of them.
  const start = architecture === 'avr' ? [] : [common('memory.c'), common('fault.c'), ...all(architecture)];
  return [...selfTestTemplates(), common('main.c'), ...start, ...all(board)];
}
