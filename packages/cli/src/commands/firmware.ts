// `bitnetmcu firmware`: a project for a board or a build system with test samples and a self-test, built where the compiler is installed.
import { join } from 'node:path';
import { FIRMWARE_KIND_NAMES, FIRMWARE_KINDS, firmwareKind } from '@bitnetmcu/exporter/internal/node';
import {
  type FirmwareKindName,
  type FirmwareProject,
  makeFirmware,
  type WrittenFirmware,
} from '@bitnetmcu/exporter/node';
import { type KernelChoice, runFirmware } from '@bitnetmcu/mcu-runtime/targets';
import { visibleText } from '@bitnetmcu/models/internal';
import { readFileBounded } from '@bitnetmcu/models/internal/node';
import { type CommandContext, newCommand } from '../command.js';
import { CliError } from '../errors.js';
import { EXIT_CODES } from '../exit-codes.js';
import { addDataFlags, noteFewClasses, testSamples } from '../inputs/dataset.js';
import { addExistingFlags, type ExistingFlags, existingFiles, noteKept } from '../inputs/existing-files.js';
import { MODEL_ARGUMENT, readQuantizedModel } from '../inputs/model.js';
import { addTrustFlag, type DataTrust, openModelData } from '../inputs/model-data.js';
import { bytes } from '../render/quantities.js';

interface FirmwareFlags extends Record<string, unknown>, DataTrust, ExistingFlags {
  readonly target: string;
  readonly output?: string;
  readonly samples?: string;
  readonly kernels?: string;
  readonly softFloat?: boolean;
}

const DEFAULT_SAMPLES = 10;

export function firmwareCommand({ terminal, setExitCode }: CommandContext) {
  const command = newCommand(
    'firmware',
    'Writes a firmware project that classifies test samples on a board and checks every logit, and builds it.',
  )
    .argument('<model>', MODEL_ARGUMENT)
    .option('--target <name>', `one of ${FIRMWARE_KIND_NAMES.join(', ')}`, 'ch32v003')
    .option('-o, --output <folder>', 'where the project goes (default: firmware-<target>)')
    .option('--kernels <name>', 'one of those below (default: the first of the target with which the model fits)')
    .option('--soft-float', 'allow raw values of type f32 although the target has no floating-point unit')
    .option('--samples <number>', `the first so many test samples (default: as many as fit, up to ${DEFAULT_SAMPLES})`);
  addExistingFlags(command, 'several');
  addTrustFlag(command);
  addDataFlags(command);
  const targets = FIRMWARE_KIND_NAMES.map((name) => {
    const { description, kernels } = FIRMWARE_KINDS[name];
    return `  ${name.padEnd(12)} ${description}\n  ${''.padEnd(12)}   kernels: ${kernels.map((one) => one.name).join(', ')}`;
  });
  command.addHelpText(
    'after',
    `\nTargets\n${targets.join('\n')}\n\nA built image is run in the simulator; exits with 1 if its self-test fails there, or if the model does not fit: then nothing is written.`,
  );
  return command.action(async (path: string, given: FirmwareFlags) => {
    // Refuses names that it does not know.
    firmwareKind(given.target);
    const target = given.target as FirmwareKindName;
    const kernels = given.kernels === undefined ? undefined : knownKernels(target, given.kernels);
    const wanted = given.samples === undefined ? undefined : sampleCount(given.samples);
    const existing = existingFiles(given);
    const model = await readQuantizedModel(path, terminal, given);
    const dataset = await openModelData(given, model, terminal);
    const drawn = testSamples(dataset, model, wanted ?? DEFAULT_SAMPLES);
    noteFewClasses(dataset, drawn, terminal);
    const folder = given.output ?? `firmware-${target}`;
    const { project, written, choice } = await makeFirmware(model, target, drawn.inputs, folder, {
      samples: wanted === undefined ? 'fitting' : 'all',
      existing,
      ...(kernels === undefined ? {} : { kernels }),
      ...(given.softFloat === undefined ? {} : { softFloat: given.softFloat }),
    });
    const passed =
      written.kind === 'built' ? await passesSelfTest(project, folder, written.sizes?.ram ?? 0) : undefined;
    terminal.printJson({
      target,
      kernels: project.kernels,
      folder,
      files: project.files.map((file) => join(folder, file.path)),
      samples: project.samples.count,
      smallest: choice === undefined ? null : smallest(choice),
      built: written.kind === 'built' ? { path: written.path, ...written.sizes } : null,
      selfTest: passed ?? null,
      kept: written.kept,
    });
    noteKept(written.kept, terminal);
    show(target, folder, written, passed, choice);
    setExitCode(passed === false ? EXIT_CODES.checkFailed : EXIT_CODES.ok);
  });

  function show(
    target: FirmwareKindName,
    folder: string,
    written: WrittenFirmware,
    passed: boolean | undefined,
    choice: KernelChoice | undefined,
  ): void {
    const { bold, green, red, yellow } = terminal.colors;
    const { flashBytes, flashing, serial } = firmwareKind(target);
    if (written.kind === 'compiler-missing') {
      terminal.print(`${green('✓')} project in ${bold(visibleText(folder))}`);
      terminal.print(`${yellow('–')} not built: ${written.compiler} is not installed. On Debian and Ubuntu:\n`);
      for (const line of written.install) terminal.print(`  ${line}`);
      terminal.print(`\nThen as ${visibleText(join(folder, 'README.md'))} says.`);
      return;
    }
    const { path, sizes } = written;
    const stack = choice?.memory.ram.stack;
    const ofStack = stack === undefined ? '' : `, ${bytes(stack)} of stack`;
    const used =
      sizes && `: ${bytes(sizes.flash)} of ${bytes(flashBytes)} flash, ${bytes(sizes.ram)} of static RAM${ofStack}`;
    terminal.print(`${green('✓')} ${bold(visibleText(path))}${used ?? ''}`);
    if (passed !== undefined) {
      terminal.print(
        passed
          ? `${green('✓')} in the simulator it prints the classes of the reference, and its self-test passes`
          : `${red('✗')} in the simulator its self-test fails: please report this with the model`,
      );
    }
    terminal.print(`\n${flashing}.\nIt prints on ${serial}.`);
  }
}

/** What firmware takes with a self-test of one blank sample: the figures of `bitnetmcu sim`. */
function smallest({ memory: { basis, flash, ram } }: KernelChoice): object {
  return { basis, flash: flash.code + flash.weights, ram: ram.static, stack: ram.stack ?? null };
}

/** Runs the image from reset and compares what it prints; undefined where no simulator runs such projects. */
async function passesSelfTest(
  { simulation, expectedOutput }: FirmwareProject,
  folder: string,
  staticRamBytes: number,
): Promise<boolean | undefined> {
  if (simulation === undefined) return undefined;
  const { output } = await runFirmware(simulation.target, readFileBounded(join(folder, simulation.path)), {
    staticRamBytes,
  });
  return output === expectedOutput;
}

function knownKernels(target: FirmwareKindName, name: string): string {
  const names = firmwareKind(target).kernels.map((one) => one.name);
  const known = names.find((candidate) => candidate === name);
  if (known !== undefined) return known;
  throw new CliError('usage', `There are no kernels "${name}" for ${target}; kernels: ${names.join(', ')}.`);
}

function sampleCount(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new CliError('usage', `--samples ${text}: a whole number above 0 is wanted.`);
}
