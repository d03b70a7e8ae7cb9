// Writes a firmware project into a folder and builds it where its compiler is installed.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type ElfMachine, type Program, readElf, SimulatorError } from '@bitnetmcu/mcu-runtime/sim';
import { readFileBounded, withFolderLock, writeFileAtomic, writeFiles } from '@bitnetmcu/models/internal/node';
import type { ExistingFiles } from '@bitnetmcu/models/node';

import { ExporterError } from '../errors.js';
import { isSource, MODEL_FOLDER } from '../node/build-files.js';
import { firmwareKind } from './firmware-kinds.js';
import type { FirmwareProject, ProjectFiles } from './firmware-project.js';

export type WrittenFirmware = {
  /** Files that were left as they were: changed ones that are the user's, and others where `existing` is `keep`. */
  readonly kept: readonly string[];
  /** The user's files that were not written again, because they were removed. */
  readonly omitted: readonly string[];
  /** Generated files of before that are gone now. */
  readonly removed: readonly string[];
} & (
  | {
      readonly kind: 'built';
      /** The file to put on the board, or the folder where the build tool does that. */
      readonly path: string;
      /** Where the project says what it links. */
      readonly sizes: FirmwareSizes | undefined;
      /** Files of the user's own in the program: changed, removed, added. Where there are any, it need not print the self-test. */
      readonly own: readonly string[];
      /** Contents of flash with the self-test and nothing of the user's, for the simulator that the project names. */
      readonly selfTestImage: Uint8Array | undefined;
    }
  /** The project is there; these commands install what builds it. */
  | { readonly kind: 'compiler-missing'; readonly compiler: string; readonly install: readonly string[] }
);

/** Of the linked program, in bytes. */
export interface FirmwareSizes {
  /** Code, constants and initial values. */
  readonly flash: number;
  /** Static data; the stack comes on top. */
  readonly ram: number;
}

/** What is written and built: of a firmware project its files and commands. */
export type BuildableProject = ProjectFiles & Pick<FirmwareProject, 'kind'>;

export interface WriteFirmwareOptions {
  /** What happens where files are in the way that this project did not write or that were changed since. Default `refuse`. */
  readonly existing?: ExistingFiles | undefined;
}

/**
 * Writes all files, each whole or not at all, and builds. Nothing is written where a trial in a temporary folder shows that the program
 * does not fit the part. What is the user's (`yours` of a file) is written once, and left alone as soon as it was changed or removed.
 * @throws ExporterError `does-not-fit` with the linker's figures, `compile` with the compiler's messages, `build` where files of the user
 * are in it; ModelError `file-exists` where something is in the way, `folder-in-use` while another process writes and builds there,
 * `file-error`
 *
 * @example
 * ```ts
 * import { firmwareProject, writeFirmware } from '@bitnetmcu/exporter/node';
 *
 * writeFirmware(firmwareProject(model, 'ch32v003', inputs), 'firmware');
 * ```
 */
export function writeFirmware(
  project: BuildableProject,
  folder: string,
  { existing }: WriteFirmwareOptions = {},
): WrittenFirmware {
  const { programs, install } = firmwareKind(project.kind);
  const { product, linked, generatedFolder = MODEL_FOLDER } = project;
  const compiler = missingProgram(programs);
  const selfTestImage = compiler === undefined ? inTemporaryFolder((trial) => buildAll(project, trial)) : undefined;
  return withFolderLock(folder, 'build', () => {
    const built = builtFiles(project);
    const { kept, omitted, removed } = writeFiles(folder, project.files, { existing, built, generatedFolder });
    const left = { kept, omitted, removed };
    if (compiler !== undefined) return { ...left, kind: 'compiler-missing', compiler, install };
    const own = [...kept, ...omitted, ...addedSources(project, folder)];
    requireBuildFile(project, folder, kept);
    try {
      for (const command of buildCommands(project, folder)) runCommand(command, folder);
    } catch (error) {
      if (own.length === 0 || !(error instanceof ExporterError)) throw error;
      const message = `With what is yours in ${folder} (${own.join(', ')}) the project does not build. ${error.message}`;
      throw new ExporterError('build', message, { cause: error });
    }
    const program = linked && join(folder, linked.path);
    // A Makefile of the user's may link something else.
    const sizes = program && existsSync(program) ? linkedSizes(program, linked!.machine) : undefined;
    const path = product === undefined ? folder : join(folder, product);
    return { ...left, kind: 'built', path, sizes, own, selfTestImage };
  });
}

/** Sources that the user put beside those of the project. */
function addedSources({ files }: BuildableProject, folder: string): string[] {
  const known = new Set(files.map(({ path }) => path));
  return readdirSync(folder).filter((name) => isSource(name) && !known.has(name));
}

/** `make` where it is installed, so that a Makefile of the user's counts; else its commands, with the sources that are there. */
function buildCommands(project: BuildableProject, folder: string): FirmwareProject['commands'] {
  const { commands, commandsFor, files, generatedFolder = MODEL_FOLDER } = project;
  if (commandsFor === undefined) return commands;
  if (missingProgram(['make']) === undefined) return [['make', '--always-make']];
  const there = files.map(({ path }) => path).filter((path) => isSource(path) && existsSync(join(folder, path)));
  const generated = readdirSync(join(folder, generatedFolder)).map((name) => `${generatedFolder}/${name}`);
  const sources = [...there, ...generated.filter(isSource), ...addedSources(project, folder)];
  return commandsFor([...new Set(sources)]);
}

/** @throws ExporterError `build` where the user's Makefile or CMakeLists.txt compiles nothing of the generated folder */
function requireBuildFile({ buildFile }: BuildableProject, folder: string, kept: readonly string[]): void {
  if (buildFile === undefined || !kept.includes(buildFile)) return;
  const path = join(folder, buildFile);
  if (new TextDecoder().decode(readFileBounded(path)).includes(MODEL_FOLDER)) return;
  throw new ExporterError(
    'build',
    `${path} is yours and was kept, but it compiles nothing of ${MODEL_FOLDER}/, where the generated sources are: it may be of a project of before. Move it away and give the command once more, or replace what is yours in the folder with --overwrite.`,
  );
}

/** What the build makes, as far as the project names it. */
function builtFiles({ product, linked, simulation }: BuildableProject): string[] {
  return [...new Set([product, linked?.path, simulation?.path].filter((path) => path !== undefined))];
}

/** The first program that is not installed. */
function missingProgram(programs: readonly string[]): string | undefined {
  return programs.find((program) => spawnSync(program, ['--version'], { stdio: 'ignore' }).status !== 0);
}

/** Gives a folder that is gone afterwards. */
function inTemporaryFolder<T>(action: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'bitnetmcu-firmware-'));
  try {
    return action(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Gives the contents of flash for the simulator that the project names. */
function buildAll({ files, commands, simulation }: BuildableProject, folder: string): Uint8Array | undefined {
  for (const { path, content } of files) writeFileAtomic(join(folder, path), content);
  for (const command of commands) runCommand(command, folder);
  return simulation && readFileBounded(join(folder, simulation.path));
}

/** @throws ExporterError `does-not-fit`, `compile` */
function runCommand([program, ...args]: readonly [string, ...string[]], folder: string): void {
  // `node` may not be on the path of whoever runs this.
  const { status, stdout, stderr, error } = spawnSync(program === 'node' ? process.execPath : program, args, {
    cwd: folder,
    encoding: 'utf8',
  });
  if (status === 0) return;
  const messages = error?.message ?? `${stdout}${stderr}`;
  const overflow = linkerOverflow(messages);
  if (overflow !== undefined) throw new ExporterError('does-not-fit', overflow);
  throw new ExporterError('compile', `${program} failed in ${folder}:\n${messages}`);
}

/** What a linker says of a program that is larger than the memories of its part, in one sentence; undefined of other messages. */
function linkerOverflow(messages: string): string | undefined {
  const regions = [...messages.matchAll(/region `(\w+)' overflowed by (\d+) bytes?/g)].map(
    ([, region, bytes]) => `${bytes} bytes of ${/^(ram|data)$/i.test(region!) ? 'RAM' : 'flash'}`,
  );
  const missing = [...new Set(regions)].join(' and ');
  if (missing !== '') return `the program does not fit: ${missing} are missing`;
  if (!/the stack has less than __stack_size bytes|will not fit in region/.test(messages)) return undefined;
  return 'the program does not fit: beside its static data the stack has less than __stack_size bytes of RAM';
}

/** A built program with its sizes and, for RAM, where they are. */
export interface LinkedProgram {
  readonly program: Program;
  readonly sizes: FirmwareSizes;
  /** The contents of flash. */
  readonly flash: Uint8Array;
}

/**
 * Builds a project apart, whatever its size: the linker keeps what overflows.
 * @throws ExporterError `compile`, also where a function is missing, which such a linker keeps quiet about
 */
export function buildApart(project: BuildableProject): LinkedProgram {
  const { linked, simulation } = project;
  if (linked === undefined || simulation === undefined) throw new Error(`${project.kind} is not linked here`);
  return inTemporaryFolder((folder) => {
    const commands = project.commands.map((command): readonly [string, ...string[]] =>
      command.includes(linked.path) && command.includes('-o') ? [...command, '-Wl,--noinhibit-exec'] : command,
    );
    buildAll({ ...project, commands }, folder);
    const program = readLinked(join(folder, linked.path), linked.machine);
    return {
      program,
      sizes: programSizes(program, linked.machine),
      flash: readFileBounded(join(folder, simulation.path)),
    };
  });
}

function readLinked(path: string, machine: ElfMachine): Program {
  try {
    return readElf(readFileBounded(path), machine);
  } catch (error) {
    if (!(error instanceof SimulatorError)) throw error;
    throw new ExporterError('compile', error.message, { cause: error });
  }
}

function linkedSizes(path: string, machine: ElfMachine): FirmwareSizes {
  return programSizes(readLinked(path, machine), machine);
}

const AVR_DATA = 0x80_0000;

/** What lies in flash, and what is in RAM besides: functions, initialized and zeroed data. */
function programSizes({ segments }: Program, machine: ElfMachine): FirmwareSizes {
  // Below the AVR tools' addresses of data are flash and where parts read it as data.
  const isData = (address: number) => machine !== 'avr' || address >= AVR_DATA;
  const inRam = segments.filter(
    ({ address, loadAddress, bytes }) => (address !== loadAddress && isData(address)) || bytes.length === 0,
  );
  const sum = (sizes: readonly number[]) => sizes.reduce((total, size) => total + size, 0);
  return { flash: sum(segments.map(({ bytes }) => bytes.length)), ram: sum(inRam.map(({ size }) => size)) };
}
