// `bitnetmcu firmware`: a project for a board or a build system with test samples and a self-test, built where the compiler is installed.
import { join } from 'node:path';
import {
  answersRight,
  FIRMWARE_KIND_NAMES,
  FIRMWARE_KINDS,
  firmwareKind,
  isLibrary,
  sampleConversation,
} from '@bitnetmcu/exporter/internal/node';
import {
  type FirmwareKindName,
  type FirmwareProject,
  makeFirmware,
  type WrittenFirmware,
} from '@bitnetmcu/exporter/node';
import { type KernelChoice, type PartName, runFirmware } from '@bitnetmcu/mcu-runtime/targets';
import type { QuantizedModel } from '@bitnetmcu/models';
import { elementCount, visibleText } from '@bitnetmcu/models/internal';
import { type CommandContext, newCommand } from '../command.js';
import { CliError } from '../errors.js';
import { EXIT_CODES, type ExitCode } from '../exit-codes.js';
import { addDataFlags } from '../inputs/dataset.js';
import { addExistingFlags, type ExistingFlags, existingFiles, noteLeft } from '../inputs/existing-files.js';
import { MODEL_ARGUMENT, readQuantizedModel } from '../inputs/model.js';
import { addTrustFlag, type DataTrust } from '../inputs/model-data.js';
import { modelSamples } from '../inputs/model-samples.js';
import { wholeNumber } from '../inputs/whole-number.js';
import { firmwareTarget } from '../render/project-command.js';
import { bytes } from '../render/quantities.js';
import { shellPath } from '../render/shell-word.js';

interface FirmwareFlags extends Record<string, unknown>, DataTrust, ExistingFlags {
  readonly target: string;
  readonly output?: string;
  readonly samples?: string;
  readonly kernels?: string;
  readonly softFloat?: boolean;
  readonly serial?: boolean;
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
    .option('--serial', 'answer commands on the serial port (`verify --port`) in place of the self-test')
    .option(
      '--samples <number>',
      `the first so many test samples (default: as many as fit, up to ${DEFAULT_SAMPLES}, of all classes in turn where the data are sorted)`,
    );
  addExistingFlags(command, 'several');
  addTrustFlag(command);
  addDataFlags(command);
  const targets = FIRMWARE_KIND_NAMES.map((name) => {
    const { description, kernels } = FIRMWARE_KINDS[name];
    return `  ${name.padEnd(12)} ${description}\n  ${''.padEnd(12)}   kernels: ${kernels.map((one) => one.name).join(', ')}`;
  });
  command.addHelpText(
    'after',
    `\nTargets\n${targets.join('\n')}\n\nA built image is run in the simulator; exits with 1 if its self-test fails there, or if the model does not fit: then nothing is written.\nExits with 4 if the compiler is not installed: the project is written, not built (of a library, 0).\nmodel/ is written anew each time; main.c, self_test.c, board files and build files are yours once you change or remove them.`,
  );
  return command.action(async (path: string, given: FirmwareFlags) => {
    // Refuses names that it does not know.
    const named = firmwareTarget(given.target);
    firmwareKind(named);
    const target = named as FirmwareKindName;
    const kernels = given.kernels === undefined ? undefined : knownKernels(target, given.kernels);
    const wanted = wholeNumber('--samples', given.samples);
    const existing = existingFiles(given);
    const model = await readQuantizedModel(path, terminal, given);
    const { samples: drawn } = await modelSamples(given, model, wanted ?? { upTo: DEFAULT_SAMPLES }, terminal);
    const folder = given.output ?? `firmware-${target}`;
    const { project, written, choice } = await makeFirmware(model, target, drawn.inputs, folder, {
      samples: wanted === undefined ? 'fitting' : 'all',
      existing,
      ...(kernels === undefined ? {} : { kernels }),
      ...(given.softFloat === undefined ? {} : { softFloat: given.softFloat }),
      ...(given.serial === undefined ? {} : { serial: given.serial }),
    });
    const passed = await passesSelfTest(project, written, model, drawn.inputs);
    terminal.printJson({
      target,
      kernels: project.kernels,
      folder,
      files: project.files.map((file) => join(folder, file.path)),
      samples: project.samples.count,
      sampleBytes: project.serial ? 0 : project.samples.bytes,
      smallest: choice === undefined ? null : smallest(choice),
      serial: project.serial,
      built: written.kind === 'built' ? { path: written.path, ...written.sizes } : null,
      selfTest: passed ?? null,
      own: written.kind === 'built' ? written.own : null,
      kept: written.kept,
      omitted: written.omitted,
      removed: written.removed,
    });
    noteLeft(written, terminal);
    show(target, path, folder, project, written, passed, choice);
    setExitCode(exitCodeOf(target, written, passed));
  });

  function show(
    target: FirmwareKindName,
    modelPath: string,
    folder: string,
    project: FirmwareProject,
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
    // Those of the user's own program are not known, and the commands need none.
    const { count, bytes: sampleBytes } = project.samples;
    const isSelfTest = !project.serial && written.own.length === 0;
    const inSamples = isSelfTest ? ` (${bytes(sampleBytes)} of it ${count} test sample${count === 1 ? '' : 's'})` : '';
    const used =
      sizes &&
      `: ${bytes(sizes.flash)} of ${bytes(flashBytes)} flash${inSamples}, ${bytes(sizes.ram)} of static RAM${ofStack}`;
    terminal.print(`${green('✓')} ${bold(visibleText(path))}${used ?? ''}`);
    if (passed !== undefined) {
      terminal.print(
        passed
          ? project.serial
            ? `${green('✓')} in the simulator it answers test samples with the logits of the reference`
            : `${green('✓')} in the simulator ${written.own.length === 0 ? 'it prints' : 'the project without what is yours prints'} ${project.samples.task === 'classification' ? 'the classes of the reference' : 'a line for each sample'}, and its self-test passes`
          : `${red('✗')} in the simulator its ${project.serial ? 'answers are wrong' : 'self-test fails'}: please report this with the model`,
      );
    }
    terminal.print(`\n${flashing}.\nIt prints on ${serial}.`);
    if (project.serial)
      terminal.print(
        `Then \`bitnetmcu verify ${shellPath(modelPath)} --port <device>\` compares it with the reference.`,
      );
  }
}

/** What firmware takes with a self-test of one blank sample: the figures of `bitnetmcu sim`. */
function smallest({ memory: { basis, flash, ram } }: KernelChoice): object {
  return { basis, flash: flash.code + flash.weights, ram: ram.static, stack: ram.stack ?? null };
}

/** Runs the image from reset and compares what it prints; undefined where no simulator runs such projects. */
async function passesSelfTest(
  { simulation, expectedOutput, serial }: FirmwareProject,
  written: WrittenFirmware,
  model: QuantizedModel,
  inputs: Int8Array,
): Promise<boolean | undefined> {
  if (simulation === undefined || written.kind !== 'built' || written.selfTestImage === undefined) return undefined;
  // What the user put into the program need not be RAM of the self-test.
  const ram = written.own.length === 0 && written.sizes ? { staticRamBytes: written.sizes.ram } : {};
  if (serial) return answersSamples(simulation.target, written.selfTestImage, ram, model, inputs);
  const { output } = await runFirmware(simulation.target, written.selfTestImage, ram);
  return output === expectedOutput;
}

/** Sends samples to the program that answers commands, and compares. */
async function answersSamples(
  target: PartName,
  image: Uint8Array,
  ram: { readonly staticRamBytes?: number },
  model: QuantizedModel,
  inputs: Int8Array,
): Promise<boolean> {
  const size = elementCount(model.input.shape);
  const count = Math.min(inputs.length / size, DEFAULT_SAMPLES);
  const samples = Array.from({ length: count }, (_, i) => inputs.subarray(i * size, (i + 1) * size));
  const { output } = await runFirmware(target, image, { ...ram, input: sampleConversation(samples) });
  return answersRight(model, samples, output);
}

/** A project that nothing here builds is one that something is missing for; a library is used as it is. */
function exitCodeOf(target: FirmwareKindName, { kind }: WrittenFirmware, passed: boolean | undefined): ExitCode {
  if (passed === false) return EXIT_CODES.checkFailed;
  return kind === 'compiler-missing' && !isLibrary(firmwareKind(target)) ? EXIT_CODES.missingPart : EXIT_CODES.ok;
}

function knownKernels(target: FirmwareKindName, name: string): string {
  const names = firmwareKind(target).kernels.map((one) => one.name);
  const known = names.find((candidate) => candidate === name);
  if (known !== undefined) return known;
  throw new CliError('usage', `There are no kernels "${name}" for ${target}; kernels: ${names.join(', ')}.`);
}
