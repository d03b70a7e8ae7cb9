// The firmware templates that are shipped in the package: start-up code, linker scripts, board support and the self-test.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { runtimeSources } from './runtime-sources.js';

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

/**
 * The self-test, `main.c`, the start-up code and the files of a board, under their bare names.
 * @param board files and folders of `firmware/`: those of a part's record, or `cmake` for any Cortex-M or 32-bit RISC-V
 */
export function firmwareTemplates(board: readonly string[], architecture: 'arm' | 'riscv' | 'avr'): FirmwareTemplate[] {
  const all = (path: string) => {
    const source = join(folder(), path);
    if (!statSync(source).isDirectory()) return [template(basename(path), source)];
    return readdirSync(source).map((name) => template(name, join(source, name)));
  };
  const common = (name: string) => template(name, join(folder(), name));
  // avr-libc has all of them.
  const start = architecture === 'avr' ? [] : [common('memory.c'), common('fault.c'), ...all(architecture)];
  return [...selfTestTemplates(), common('main.c'), ...start, ...board.flatMap(all)];
}
