// Ctrl-C and its like: the first signal asks the running work to stop and save, the second one quits at once.
import { EXIT_CODES, type ExitCode } from './exit-codes.js';
import type { Terminal } from './terminal.js';

/** Ctrl-C, `kill` and the end of a container or session, a closed terminal; with the exit codes that shells give them (128 + number). */
export const INTERRUPTIONS = {
  SIGINT: EXIT_CODES.interrupted,
  SIGTERM: EXIT_CODES.terminated,
  SIGHUP: EXIT_CODES.hungUp,
} as const satisfies Partial<Record<NodeJS.Signals, ExitCode>>;

export type Interruption = keyof typeof INTERRUPTIONS;

/**
 * Runs `work` with an abort signal that the first interruption triggers; a second one ends the process at once.
 * @param stopping what to tell the user at the first one
 */
export async function withInterrupt<T>(
  terminal: Terminal,
  stopping: string,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const onSignal = (name: NodeJS.Signals): void => {
    const interruption = name as Interruption;
    if (controller.signal.aborted) process.exit(INTERRUPTIONS[interruption]);
    terminal.interruptedBy = interruption;
    controller.abort();
    terminal.note(stopping);
  };
  const names = Object.keys(INTERRUPTIONS) as Interruption[];
  for (const name of names) process.on(name, onSignal);
  try {
    return await work(controller.signal);
  } finally {
    for (const name of names) process.off(name, onSignal);
  }
}
