// Runs one command line from its arguments to an exit code. Errors end here: mistakes as a message, bugs with their stack trace.
import { CommanderError } from 'commander';
import { describeError, type ErrorReport } from './errors.js';
import { EXIT_CODES, type ExitCode } from './exit-codes.js';
import { INTERRUPTIONS } from './interrupt.js';
import { buildProgram } from './program.js';
import { type Output, Terminal } from './terminal.js';

export interface MainOptions {
  readonly stdout?: Output;
  readonly stderr?: Output;
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/** The bug tracker, for the message that a bug shows. */
const ISSUES = 'https://github.com/bitnetmcu/bitnetmcu/issues';

/**
 * Runs `bitnetmcu` with the arguments that follow the program's name.
 * @returns the exit code; never throws.
 *
 * @example
 * ```ts
 * import { main } from '@bitnetmcu/cli';
 *
 * process.exitCode = await main(['infer', 'model.bnm', '--sample', '7']);
 * ```
 */
export async function main(args: readonly string[], options: MainOptions = {}): Promise<number> {
  const { stdout = process.stdout, stderr = process.stderr, environment = process.env } = options;
  const terminal = new Terminal({
    stdout,
    stderr,
    json: args.includes('--json'),
    verbose: args.includes('--verbose'),
    environment,
  });
  const release = lastResort(terminal);
  try {
    let exitCode: number = EXIT_CODES.ok;
    const program = await buildProgram(args, { terminal, stdout, stderr, setExitCode: (code) => (exitCode = code) });
    await program.parseAsync(usualArguments(args), { from: 'user' });
    return afterInterruption(exitCode, terminal);
  } catch (error) {
    if (error instanceof CommanderError) {
      // Commander has printed its message; help and version are no errors.
      if (error.exitCode === 0) return EXIT_CODES.ok;
      terminal.printJson({
        error: { code: 'usage', message: error.message.replace(/^error: /, ''), exitCode: EXIT_CODES.usage },
      });
      return EXIT_CODES.usage;
    }
    const described = describeError(error);
    const report = { ...described, exitCode: afterInterruption(described.exitCode, terminal) };
    showError(terminal, report, error);
    return report.exitCode;
  } finally {
    terminal.clearStatus();
    release();
  }
}

/** Without a command it says what it is and what to type first; the version is asked for in several ways. */
function usualArguments(args: readonly string[]): string[] {
  if (args.length === 0) return ['--help'];
  return args[0] === 'version' || args[0] === '-v' ? ['--version'] : [...args];
}

/** Which signal it was that interrupted. */
function afterInterruption<Code extends number>(exitCode: Code, { interruptedBy }: Terminal): Code | ExitCode {
  return exitCode === EXIT_CODES.interrupted && interruptedBy !== undefined ? INTERRUPTIONS[interruptedBy] : exitCode;
}

/** What escapes every promise is a bug and ends the process as one; a reader that closed its end of the pipe is none. */
function lastResort(terminal: Terminal): () => void {
  const onError = (error: unknown): void => {
    // The terminal is gone, and with it the place for messages; the work is still being saved.
    if (terminal.interruptedBy !== undefined && isOutputGone(error)) return;
    if (error instanceof Error && 'code' in error && error.code === 'EPIPE') process.exit(EXIT_CODES.ok);
    showError(terminal, { ...describeError(error), isBug: true, exitCode: EXIT_CODES.bug }, error);
    process.exit(EXIT_CODES.bug);
  };
  process.on('uncaughtException', onError);
  process.on('unhandledRejection', onError);
  return () => {
    process.off('uncaughtException', onError);
    process.off('unhandledRejection', onError);
  };
}

function isOutputGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'EIO' || error.code === 'EPIPE');
}

function showError(terminal: Terminal, report: ErrorReport, error: unknown): void {
  const { code, message, exitCode, isBug } = report;
  terminal.printJson({ error: { code, message, exitCode } });
  const { red, bold, dim } = terminal.colors;
  // Only the first line begins at the margin: no text of a file looks like a line of ours.
  terminal.note(`${red(bold(isBug ? 'bug' : 'error'))} ${dim(`[${code}]`)} ${message.replace(/\n(?! )/g, '\n  ')}`);
  if ((isBug || terminal.verbose) && error instanceof Error) {
    terminal.note(dim(showStack(error)));
  }
  if (isBug) terminal.note(`This is a bug in bitnetmcu. Please report it with the command and this output: ${ISSUES}`);
}

function showStack(error: Error): string {
  const stack = error.stack ?? String(error);
  return error.cause instanceof Error ? `${stack}\ncaused by ${showStack(error.cause)}` : stack;
}
