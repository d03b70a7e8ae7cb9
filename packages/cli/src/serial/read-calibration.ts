// Figures of a calibration program on a board. Their lines have no sums of their own: they count where the board says them twice.
import {
  type CalibrationProgram,
  type PrintedCycles,
  RUN_BENCHMARKS,
  readCalibrationLine,
} from '@bitnetmcu/exporter/internal/node';
import { visibleText } from '@bitnetmcu/models/internal';
import { CliError } from '../errors.js';
import { askUntil, nextLine, type Patience } from './ask-until.js';
import { SerialPort } from './serial-port.js';

export interface CalibrationRequest {
  readonly port: string;
  readonly baud: number;
  /** From one figure to the next. */
  readonly timeoutSeconds: number;
  readonly signal: AbortSignal;
  /** Of so many figures, each time that all are asked for. */
  readonly onProgress: (figures: number) => void;
}

/** How often all figures are asked for, until two times in a row they are complete and the same. */
const ATTEMPTS = 4;
/** So many are named in messages. */
const NAMED = 5;

/**
 * Asks a board for all figures, at least twice.
 * @param wanted the program that has to be there
 * @param keys of the figures that it has to print
 * @throws CliError `port`, `no-answer`, `not-understood` where figures are missing or are others each time, `wrong-program`, `interrupted`
 */
export async function readCalibration(
  wanted: CalibrationProgram,
  keys: readonly string[],
  { port: path, baud, timeoutSeconds, signal, onProgress }: CalibrationRequest,
): Promise<PrintedCycles> {
  const port = await SerialPort.open(path, baud);
  const interrupted = 'Interrupted; the board goes on printing its figures.';
  const patience = { milliseconds: 1000 * timeoutSeconds, signal, interrupted };
  try {
    let last: PrintedCycles | undefined;
    let wrong = '';
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      await begin(port, wanted, patience);
      const found = await figures(port, wanted.part, keys, patience, onProgress);
      const missing = keys.filter((key) => !found.has(key));
      const others = keys.filter((key) => last?.get(key) !== found.get(key));
      if (missing.length > 0) wrong = `the board leaves out ${named(missing)}`;
      else if (last === undefined) wrong = 'the board said all of them only once';
      else if (others.length > 0) {
        wrong = `the board says others each time: ${named(others.map((key) => `${key} ${last!.get(key)}, then ${found.get(key)}`))}`;
      } else return found;
      last = missing.length > 0 ? undefined : found;
    }
    throw new CliError(
      'not-understood',
      `${visibleText(port.path)} was asked ${ATTEMPTS} times for ${keys.length} figures; wanted: all of them twice, the same each time. Found: ${wrong}. Is the line noisy, or too fast (--baud)?`,
    );
  } finally {
    port.close();
  }
}

function named(all: readonly string[]): string {
  const more = all.length > NAMED ? `, and ${all.length - NAMED} more` : '';
  return `${all.slice(0, NAMED).join('; ')}${more}`;
}

/** Asks until the program begins. */
async function begin(port: SerialPort, wanted: CalibrationProgram, patience: Patience): Promise<void> {
  const program = await askUntil(port, RUN_BENCHMARKS, patience, (line) => {
    const read = readCalibrationLine(line);
    return read.kind === 'begin' ? read.program : undefined;
  });
  const name = visibleText(port.path);
  if (program !== undefined) {
    const { part, checksum } = program;
    if (part === wanted.part && checksum === wanted.checksum) return;
    throw new CliError(
      'wrong-program',
      `The board holds the calibration program of ${part} with the checksum ${checksum}; wanted: that of ${wanted.part} with ${wanted.checksum}, the one that was built here. Put it on the board.`,
    );
  }
  if (port.bytes === 0) {
    throw new CliError(
      'no-answer',
      `Nothing came from ${name} within ${patience.milliseconds / 1000} s; wanted: the calibration program. Is it on the board, and are both lines connected?`,
    );
  }
  throw new CliError(
    'not-understood',
    `${name} says ${port.said}; wanted: \`calibrate 1 ${wanted.part} …\`. Is it another program, or another rate (--baud)?`,
  );
}

/**
 * What comes up to `done`; some may be missing. However often the program begins anew, a figure gets time but once: it ends within the patience for
 * each figure and once more.
 */
async function figures(
  port: SerialPort,
  part: string,
  keys: readonly string[],
  patience: Patience,
  onProgress: CalibrationRequest['onProgress'],
): Promise<PrintedCycles> {
  const wanted = new Set(keys);
  const found = new Map<string, number>();
  const seen = new Set<string>();
  let deadline = performance.now() + patience.milliseconds;
  /** It began anew. */
  let resets = 0;
  for (;;) {
    const line = performance.now() < deadline ? await nextLine(port, deadline, patience) : undefined;
    if (line === undefined) {
      if (found.size === keys.length) return found;
      throw resets === 0 ? ended(port, part, found.size, keys.length) : beganAnew(port, resets, seen.size, keys.length);
    }
    const read = readCalibrationLine(line);
    if (read.kind === 'end') return found;
    if (read.kind === 'begin') {
      resets++;
      found.clear();
    }
    if (read.kind !== 'cycles' || !wanted.has(read.key)) continue;
    // What is no new figure gets no time of its own.
    if (!seen.has(read.key)) deadline = performance.now() + patience.milliseconds;
    seen.add(read.key);
    found.set(read.key, read.cycles);
    onProgress(found.size);
  }
}

function ended(port: SerialPort, part: string, found: number, wanted: number): CliError {
  return new CliError(
    'no-answer',
    `${visibleText(port.path)} ended behind ${found} of ${wanted} figures; wanted: all of them, then \`done\`. Did the core of the ${part} fault?`,
  );
}

function beganAnew(port: SerialPort, resets: number, seen: number, wanted: number): CliError {
  return new CliError(
    'not-understood',
    `${visibleText(port.path)} began anew ${resets === 1 ? 'once' : `${resets} times`} and said ${seen} of ${wanted} figures; wanted: all of them at a stretch, then \`done\`. Is it resetting again and again? Check its supply and its reset line, then give the command once more.`,
  );
}
