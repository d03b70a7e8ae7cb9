// What a command does with files that are in the way: the flags that all commands share which write files.
import { visibleText } from '@bitnetmcu/models/internal';
import type { ExistingFiles } from '@bitnetmcu/models/node';
import type { Command } from 'commander';
import { CliError } from '../errors.js';
import type { Terminal } from '../terminal.js';

export interface ExistingFlags {
  readonly overwrite?: boolean;
  readonly keep?: boolean;
}

/** Adds `--overwrite` and, for commands that write several files, `--keep`. */
export function addExistingFlags(command: Command, files: 'one' | 'several'): void {
  command.option(
    '--overwrite',
    'replace files that bitnetmcu did not write, or that were changed since, also main.c and build files',
  );
  if (files === 'several') command.option('--keep', 'leave such files as they are and write the others');
}

/** @throws CliError `usage` */
export function existingFiles({ overwrite, keep }: ExistingFlags): ExistingFiles {
  if (overwrite && keep) throw new CliError('usage', '--overwrite and --keep exclude each other; give one of them.');
  return overwrite ? 'overwrite' : keep ? 'keep' : 'refuse';
}

/** Says what was not written, as it may be older than the files beside it, and what is gone. */
export function noteLeft(
  {
    kept,
    omitted,
    removed,
  }: { readonly kept: readonly string[]; readonly omitted: readonly string[]; readonly removed: readonly string[] },
  terminal: Terminal,
): void {
  const list = (paths: readonly string[]) => paths.map((path) => visibleText(path)).join(', ');
  if (kept.length > 0) terminal.note(`Yours, and left as they are: ${list(kept)}. --overwrite replaces them.`);
  if (omitted.length > 0) {
    terminal.note(`Not written again, because you removed them: ${list(omitted)}. --overwrite brings them back.`);
  }
  if (removed.length > 0) terminal.note(`Generated before and not needed any more, removed: ${list(removed)}.`);
}
