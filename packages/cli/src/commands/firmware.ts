// `bitnetmcu firmware`: a project for a board with test samples and a self-test, built where the compiler is installed.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  FIRMWARE_KIND_NAMES,
  FIRMWARE_KINDS,
  type FirmwareKindName,
  firmwareProject,
  firmwareSampleCount,
  type WrittenFirmware,
  writeFirmware,
} from '@bitnetmcu/exporter/node';
import { runFirmware } from '@bitnetmcu/mcu-runtime/targets';
import { elementCount, summarizeModel } from '@bitnetmcu/models';
import { nearestName } from '@bitnetmcu/quant';
import { type CommandContext, newCommand } from '../command.js';
import { CliError } from '../errors.js';
import { EXIT_CODES } from '../exit-codes.js';
import { addDataFlags, dataSpec, openDataset, testSamples } from '../inputs/dataset.js';
import { MODEL_ARGUMENT, readQuantizedModel } from '../inputs/model.js';
import { bytes } from '../render/quantities.js';

interface FirmwareFlags extends Record<string, unknown> {
  readonly board: string;
  readonly output?: string;
  readonly samples?: string;
}

export function firmwareCommand({ terminal, setExitCode }: CommandContext) {
  const command = newCommand(
    'firmware',
    'Writes a firmware project that classifies test samples on a board and checks every logit, and builds it.',
  )
    .argument('<model>', MODEL_ARGUMENT)
    .option('--board <name>', `one of ${FIRMWARE_KIND_NAMES.join(', ')}`, 'ch32v003')
    .option('-o, --output <folder>', 'where the project goes (default: firmware-<board>)')
    .option('--samples <number>', 'the first so many test samples (default: as many as fit, up to 10)');
  addDataFlags(command);
  command.addHelpText(
    'after',
    `\nBoards\n${FIRMWARE_KIND_NAMES.map((name) => `  ${name.padEnd(9)} ${FIRMWARE_KINDS[name].description}`).join('\n')}` +
      '\n\nA built image is run in the simulator; exits with 1 if its self-test fails there.',
  );
  return command.action(async (path: string, given: FirmwareFlags) => {
    const board = knownBoard(given.board);
    const model = await readQuantizedModel(path);
    const dataset = await openDataset(dataSpec(given, model.provenance), terminal);
    const fitting = firmwareSampleCount(board, summarizeModel(model).total.bytes, elementCount(model.input.shape));
    const { inputs } = testSamples(dataset, model, given.samples === undefined ? fitting : sampleCount(given.samples));
    const project = firmwareProject(model, board, inputs);
    const folder = given.output ?? `firmware-${board}`;
    const written = writeFirmware(project, folder);
    const passed = written.kind === 'built' ? await passesSelfTest(board, folder, project.expectedOutput) : undefined;
    terminal.printJson({
      board,
      folder,
      files: project.files.map((file) => join(folder, file.path)),
      samples: project.samples.count,
      built: written.kind === 'built' ? { path: written.path, ...written.sizes } : null,
      selfTest: passed ?? null,
    });
    show(board, folder, written, passed);
    setExitCode(passed === false ? EXIT_CODES.checkFailed : EXIT_CODES.ok);
  });

  function show(board: FirmwareKindName, folder: string, written: WrittenFirmware, passed: boolean | undefined): void {
    const { bold, green, red, yellow } = terminal.colors;
    const { flashBytes, flashing, serial } = FIRMWARE_KINDS[board];
    if (written.kind === 'compiler-missing') {
      terminal.print(`${green('✓')} project in ${bold(folder)}`);
      terminal.print(`${yellow('–')} not built: ${written.compiler} is not installed. On Debian and Ubuntu:\n`);
      for (const line of written.install) terminal.print(`  ${line}`);
      terminal.print(`\nThen: make -C ${folder}`);
      return;
    }
    const { path, sizes } = written;
    terminal.print(
      `${green('✓')} ${bold(path)}: ${bytes(sizes.flash)} of ${bytes(flashBytes)} flash, ${bytes(sizes.ram)} of static RAM`,
    );
    terminal.print(
      passed
        ? `${green('✓')} in the simulator it prints the classes of the reference, and its self-test passes`
        : `${red('✗')} in the simulator its self-test fails: please report this with the model`,
    );
    terminal.print(`\n${flashing}.\nIt prints on ${serial}.`);
  }
}

/** Runs the image from reset and compares what it prints. */
async function passesSelfTest(board: FirmwareKindName, folder: string, expected: string): Promise<boolean> {
  const target = board === 'pico' ? 'rp2040' : board;
  const { output } = await runFirmware(target, readFileSync(join(folder, 'firmware.bin')));
  return output === expected;
}

function knownBoard(name: string): FirmwareKindName {
  const known = FIRMWARE_KIND_NAMES.find((candidate) => candidate === name);
  if (known !== undefined) return known;
  throw new CliError(
    'usage',
    `There is no board "${name}"; did you mean "${nearestName(name, FIRMWARE_KIND_NAMES)}"? Boards: ${FIRMWARE_KIND_NAMES.join(', ')}.`,
  );
}

function sampleCount(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new CliError('usage', `--samples ${text}: a whole number above 0 is wanted.`);
}
