// A question to a board, asked until there is an answer: a board that begins anew when its port is opened takes a second or two.
import { CliError } from '../errors.js';
import type { SerialPort } from './serial-port.js';

/** Between questions. */
const ASK_MILLISECONDS = 1000;

/** How long a board may take, and what is told where nobody waits any longer. */
export interface Patience {
  readonly milliseconds: number;
  readonly signal: AbortSignal;
  readonly interrupted: string;
}

/** @param deadline in milliseconds of `performance.now`. @throws CliError `interrupted`, `port` */
export async function nextLine(port: SerialPort, deadline: number, patience: Patience): Promise<string | undefined> {
  const { signal, interrupted } = patience;
  const line = await port.line(deadline, signal);
  if (signal.aborted) throw new CliError('interrupted', interrupted);
  return line;
}

/** @throws CliError `interrupted`, `port` */
export async function send(port: SerialPort, text: string, { signal, interrupted }: Patience): Promise<void> {
  await port.write(text, signal);
  if (signal.aborted) throw new CliError('interrupted', interrupted);
}

/**
 * Asks every second, and gives each line to `accept` until that makes something of it; undefined where time is up.
 * @throws CliError `interrupted`, `port`, and what `accept` throws
 */
export async function askUntil<T>(
  port: SerialPort,
  question: string,
  patience: Patience,
  accept: (line: string) => T | undefined,
): Promise<T | undefined> {
  const end = performance.now() + patience.milliseconds;
  while (performance.now() < end) {
    await send(port, question, patience);
    const deadline = Math.min(end, performance.now() + ASK_MILLISECONDS);
    for (;;) {
      const line = await nextLine(port, deadline, patience);
      if (line === undefined) break;
      const accepted = accept(line);
      if (accepted !== undefined) return accepted;
    }
  }
  return undefined;
}
