// Ctrl-C: the first one asks the running work to stop and save, the second one quits at once.
import { EXIT_CODES } from './exit-codes.js';
import type { Terminal } from './terminal.js';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/**
 * Runs `work` with an abort signal that the first SIGINT or SIGTERM triggers; a second one ends the process at once.
 * @param stopping what to tell the user at the first one
 */
export async function withInterrupt<T>(
  terminal: Terminal,
  stopping: string,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const onSignal = (): void => {
    if (controller.signal.aborted) process.exit(EXIT_CODES.interrupted);
    terminal.note(stopping);
    controller.abort();
  };
  for (const name of SIGNALS) process.on(name, onSignal);
  try {
    return await work(controller.signal);
  } finally {
    for (const name of SIGNALS) process.off(name, onSignal);
  }
}
