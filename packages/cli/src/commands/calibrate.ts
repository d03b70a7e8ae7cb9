// `bitnetmcu calibrate`: micro-benchmarks on a board beside what the simulator's timing model says of the same image.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CALIBRATION_NAMES,
  type CalibrationProgram,
  calibrationProject,
  calibrationRows,
  contradictions,
  firmwareKind,
  type PrintedCycles,
  simulateCalibration,
} from '@bitnetmcu/exporter/internal/node';
import { writeFirmware } from '@bitnetmcu/exporter/node';
import { visibleText } from '@bitnetmcu/models/internal';
import { writeFileAtomic } from '@bitnetmcu/models/internal/node';
import { type CommandContext, newCommand } from '../command.js';
import { CliError } from '../errors.js';
import { EXIT_CODES } from '../exit-codes.js';
import { addExistingFlags, type ExistingFlags, existingFiles, noteLeft } from '../inputs/existing-files.js';
import { BAUD, baudOf, requirePort, TIMEOUT_SECONDS, timeoutOf } from '../inputs/port-flags.js';
import { withInterrupt } from '../interrupt.js';
import { printCalibration, printContradictions } from '../render/calibration-table.js';
import { readCalibration } from '../serial/read-calibration.js';

interface CalibrateFlags extends Record<string, unknown>, ExistingFlags {
  readonly target: string;
  readonly output?: string;
  readonly port?: string;
  readonly simulate?: boolean;
  readonly baud?: string;
  readonly timeout?: string;
}

const RESULT = 'calibration.json';

export function calibrateCommand({ terminal, setExitCode }: CommandContext) {
  const command = newCommand(
    'calibrate',
    'Writes a program of micro-benchmarks for a part, and compares what they take on a board with the simulator.',
  )
    .option('--target <name>', `one of ${CALIBRATION_NAMES.join(', ')}`, 'ch32v003')
    .option('-o, --output <folder>', 'where the program goes, and what comes of it (default: calibrate-<target>)')
    .option('--port <device>', 'ask the board on this serial port, which holds the program')
    .option('--simulate', 'run the program in the simulator alone')
    .option('--baud <rate>', `--port: bits a second (default: ${BAUD})`)
    .option('--timeout <seconds>', `--port: how long the board may take for a figure (default: ${TIMEOUT_SECONDS})`);
  addExistingFlags(command, 'several');
  command.addHelpText(
    'after',
    `\nWithout --port and --simulate the program is written and built. Put it on the board, then give the command once more with --port.
What comes of it is in ${RESULT} of the folder. Exits with 4 if the compiler is not installed.

Examples
  bitnetmcu calibrate --target ch32v003 --simulate
  bitnetmcu calibrate --target ch32v003 --port /dev/ttyUSB0`,
  );
  return command.action(async (given: CalibrateFlags) => {
    const baud = baudOf(given.baud);
    const timeoutSeconds = timeoutOf(given.timeout);
    const { port } = given;
    if (port !== undefined && given.simulate)
      throw new CliError('usage', '--port measures, --simulate does not: give one.');
    requirePort(given);
    const project = calibrationProject(given.target);
    const folder = given.output ?? `calibrate-${given.target}`;
    const written = writeFirmware(project, folder, { existing: existingFiles(given) });
    noteLeft(written, terminal);
    const { bold, green, yellow } = terminal.colors;
    if (written.kind === 'compiler-missing') {
      terminal.printJson({ target: given.target, folder, built: null });
      terminal.print(`${green('✓')} program in ${bold(visibleText(folder))}`);
      terminal.print(`${yellow('–')} not built: ${written.compiler} is not installed. On Debian and Ubuntu:\n`);
      for (const line of written.install) terminal.print(`  ${line}`);
      setExitCode(EXIT_CODES.missingPart);
      return;
    }
    if (port === undefined && !given.simulate) {
      terminal.printJson({ target: given.target, folder, built: written.path });
      terminal.print(`${green('✓')} ${bold(visibleText(written.path))}`);
      terminal.print(`\n${firmwareKind(given.target).flashing}.`);
      terminal.print(`Then \`bitnetmcu calibrate --target ${given.target} --port <device>\`.`);
      return;
    }
    const image = readFileSync(join(folder, project.simulation!.path));
    const { program, printed } = await simulateCalibration(project, image);
    const measured = port === undefined ? undefined : await measure(program, printed, port, baud, timeoutSeconds);
    const rows = calibrationRows(project, printed, measured);
    const wrong = contradictions(rows);
    const result = {
      target: given.target,
      program,
      port: port ?? null,
      rows: rows.map(({ benchmark: { name, times, assumption }, place, simulated, measured: found }) => ({
        ...{ name, place, times, assumption, simulated, measured: found ?? null },
      })),
      contradicted: wrong.map(({ assumption, text }) => ({ assumption, text })),
    };
    const path = join(folder, RESULT);
    writeFileAtomic(path, `${JSON.stringify(result, undefined, 2)}\n`);
    terminal.printJson(result);
    printCalibration(terminal, rows);
    terminal.print();
    if (measured !== undefined) printContradictions(terminal, wrong);
    terminal.print(`${green('✓')} ${visibleText(path)}`);
  });

  function measure(
    program: CalibrationProgram,
    simulated: PrintedCycles,
    port: string,
    baud: number,
    timeoutSeconds: number,
  ): Promise<PrintedCycles> {
    return withInterrupt(terminal, 'Stopping …', (signal) =>
      readCalibration(program, [...simulated.keys()], {
        ...{ port, baud, timeoutSeconds, signal },
        onProgress: (figures) => terminal.status(`${figures} of ${simulated.size} figures`),
      }),
    );
  }
}
