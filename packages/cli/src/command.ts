// What a command is made of: its options on a commander Command, and an action that gets a context and gives an exit code.
import { Command } from 'commander';
import type { ExitCode } from './exit-codes.js';
import type { Terminal } from './terminal.js';

export interface CommandContext {
  readonly terminal: Terminal;
  readonly setExitCode: (code: ExitCode) => void;
}

/** A command's module: builds the command with everything it needs; loaded only when the command is called. */
export type CommandFactory = (context: CommandContext) => Command;

/** A command with the options that every one has. */
export function newCommand(name: string, summary: string): Command {
  return new Command(name)
    .description(summary)
    .option('--json', 'print one JSON document on standard output; progress goes to standard error')
    .option('--verbose', 'say more on the way, and show the stack trace of every error');
}
