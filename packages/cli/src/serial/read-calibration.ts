// Figures of a calibration program on a board.
import {
  type CalibrationProgram,
  type PrintedCycles,
  RUN_BENCHMARKS,
  readCalibrationLine,
} from '@bitnetmcu/exporter/internal/node';
import { visibleText } from '@bitnetmcu/models/internal';
import { CliError } from '../errors.js';
import { SerialPort } from './serial-port.js';

export interface CalibrationRequest {
  readonly port: string;
  readonly baud: number;
  /** From one line to the next. */
  readonly timeoutSeconds: number;
  readonly signal: AbortSignal;
  readonly onProgress: (figures: number) => void;
}

const ASK_MILLISECONDS = 1000;
const SHOWN_CHARACTERS = 60;

/**
 * Asks a board for all figures.
 * @param wanted the program that has to be there
 * @throws CliError `port`, `no-answer`, `not-understood`, `wrong-program`, `interrupted`
 */
export async function readCalibration(wanted: CalibrationProgram, request: CalibrationRequest): Promise<PrintedCycles> {
  const port = await SerialPort.open(request.port, request.baud);
  try {
    await begin(port, wanted, request);
    return await figures(port, wanted.part, request);
  } finally {
    port.close();
  }
}

/** Asks until the program begins: a board that starts anew when its port is opened takes a second or two. */
async function begin(
  port: SerialPort,
  wanted: CalibrationProgram,
  { timeoutSeconds, signal }: CalibrationRequest,
): Promise<void> {
  const end = performance.now() + 1000 * timeoutSeconds;
  let last = '';
  while (performance.now() < end) {
    await port.write(RUN_BENCHMARKS);
    const deadline = Math.min(end, performance.now() + ASK_MILLISECONDS);
    for (let line = await next(port, deadline, signal); line !== undefined; line = await next(port, deadline, signal)) {
      last = line;
      const read = readCalibrationLine(line);
      if (read.kind !== 'begin') continue;
      const { part, checksum } = read.program;
      if (part === wanted.part && checksum === wanted.checksum) return;
      throw new CliError(
        'wrong-program',
        `The board holds the calibration program of ${part} with the checksum ${checksum}; wanted: that of ${wanted.part} with ${wanted.checksum}, the one that was built here. Put it on the board.`,
      );
    }
  }
  const name = visibleText(port.path);
  if (port.bytes === 0) {
    throw new CliError(
      'no-answer',
      `Nothing came from ${name} within ${timeoutSeconds} s; wanted: the calibration program. Is it on the board, and are both lines connected?`,
    );
  }
  const said = JSON.stringify(visibleText((last || port.rest).slice(0, SHOWN_CHARACTERS)));
  throw new CliError(
    'not-understood',
    `${name} says ${said}; wanted: \`calibrate 1 ${wanted.part} …\`. Is it another program, or another rate (--baud)?`,
  );
}

async function figures(
  port: SerialPort,
  part: string,
  { timeoutSeconds, signal, onProgress }: CalibrationRequest,
): Promise<PrintedCycles> {
  const found = new Map<string, number>();
  for (;;) {
    const line = await next(port, performance.now() + 1000 * timeoutSeconds, signal);
    if (line === undefined) {
      throw new CliError(
        'no-answer',
        `${visibleText(port.path)} ended behind ${found.size} figures; wanted: all of them, then \`done\`. Did the core of the ${part} fault?`,
      );
    }
    const read = readCalibrationLine(line);
    if (read.kind === 'end') return found;
    if (read.kind !== 'cycles') continue;
    found.set(read.key, read.cycles);
    onProgress(found.size);
  }
}

/** @throws CliError `interrupted` */
async function next(port: SerialPort, deadline: number, signal: AbortSignal): Promise<string | undefined> {
  const line = await port.line(deadline, signal);
  if (signal.aborted) throw new CliError('interrupted', 'Interrupted; the board goes on printing its figures.');
  return line;
}
