// The firmware templates that are shipped in the package: start-up code, linker scripts, board support and the main program.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runtimeSources } from './runtime-sources.js';

/** Boards with templates of their own. */
export const FIRMWARE_BOARDS = ['ch32v', 'pico'] as const;
export type FirmwareBoard = (typeof FIRMWARE_BOARDS)[number];

export interface FirmwareTemplate {
  readonly path: string;
  readonly content: string;
}

/** `main.c`, `board.h`, `memory.c` and all files of a board, under their bare names. */
export function firmwareTemplates(board: FirmwareBoard): FirmwareTemplate[] {
  const folder = join(runtimeSources().root, '..', 'firmware');
  const own = readdirSync(join(folder, board)).map((name) => [name, join(folder, board, name)] as const);
  const common = ['main.c', 'board.h', 'memory.c'].map((name) => [name, join(folder, name)] as const);
  return [...common, ...own].map(([path, file]) => ({ path, content: readFileSync(file, 'utf8') }));
}
