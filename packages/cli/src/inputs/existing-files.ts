// What a command does with files that are in the way: the flags that all commands share which write files.
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
  command.option('--overwrite', 'replace files that bitnetmcu did not write, or that were changed since');
  if (files === 'several') command.option('--keep', 'leave such files as they are and write the others');
}

/** @throws CliError `usage` */
export function existingFiles({ overwrite, keep }: ExistingFlags): ExistingFiles {
  if (overwrite && keep) throw new CliError('usage', '--overwrite and --keep exclude each other; give one of them.');
  return overwrite ? 'overwrite' : keep ? 'keep' : 'refuse';
}

/** Says what `--keep` left: it may be older than the files beside it. */
export function noteKept(kept: readonly string[], terminal: Terminal): void {
  if (kept.length === 0) return;
  terminal.note(`Left as they were, because they are not bitnetmcu's or were changed: ${kept.join(', ')}`);
}
