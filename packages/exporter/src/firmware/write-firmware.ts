// Writes a firmware project into a folder and builds it where its compiler is installed.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type ElfMachine, type Program, readElf, SimulatorError } from '@bitnetmcu/mcu-runtime/sim';
import { readFileBounded, withFolderLock, writeFileAtomic, writeFiles } from '@bitnetmcu/models/internal/node';
import type { ExistingFiles } from '@bitnetmcu/models/node';

import { ExporterError } from '../errors.js';
import { firmwareKind } from './firmware-kinds.js';
import type { FirmwareProject } from './firmware-project.js';

/** `kept`: files that were left as they were (`existing: 'keep'`). */
export type WrittenFirmware = {
  readonly kept: readonly string[];
} /** `path`: the file to put on the board, or the folder where the build tool does that. `sizes`: where the project says what it links. */ & (
  | { readonly kind: 'built'; readonly path: string; readonly sizes: FirmwareSizes | undefined }
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

export interface WriteFirmwareOptions {
  /** What happens where files are in the way that this project did not write or that were changed since. Default `refuse`. */
  readonly existing?: ExistingFiles | undefined;
}

/**
 * Writes all files, each whole or not at all, and builds. Nothing is written where a trial in a temporary folder shows that the program
 * does not fit the part.
 * @throws ExporterError `does-not-fit` with the linker's figures, `compile` with the compiler's messages, `build` where files that were
 * kept are in it; ModelError `file-exists` where something is in the way, `folder-in-use` while another process writes and builds there,
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
  project: FirmwareProject,
  folder: string,
  { existing }: WriteFirmwareOptions = {},
): WrittenFirmware {
  const { programs, install } = firmwareKind(project.kind);
  const compiler = missingProgram(programs);
  if (compiler === undefined) inTemporaryFolder((trial) => buildAll(project, trial));
  return withFolderLock(folder, 'build', () => {
    const { kept } = writeFiles(folder, project.files, { existing, built: builtFiles(project) });
    if (compiler !== undefined) return { kept, kind: 'compiler-missing', compiler, install };
    try {
      for (const command of project.commands) runCommand(command, folder);
    } catch (error) {
      if (kept.length === 0 || !(error instanceof ExporterError)) throw error;
      const message = `With your own ${kept.join(', ')} the project does not build. ${error.message}`;
      throw new ExporterError('build', message, { cause: error });
    }
    const { product, linked } = project;
    const sizes = linked === undefined ? undefined : linkedSizes(join(folder, linked.path), linked.machine);
    return { kept, kind: 'built', path: product === undefined ? folder : join(folder, product), sizes };
  });
}

/** What the build makes, as far as the project names it. */
function builtFiles({ product, linked, simulation }: FirmwareProject): string[] {
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

function buildAll(project: FirmwareProject, folder: string): void {
  for (const { path, content } of project.files) writeFileAtomic(join(folder, path), content);
  for (const command of project.commands) runCommand(command, folder);
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
export function buildApart(project: FirmwareProject): LinkedProgram {
  const { linked, simulation } = project;
  if (linked === undefined || simulation === undefined) throw new Error(`${project.kind} is not linked here`);
  return inTemporaryFolder((folder) => {
    const commands = project.commands.map((command): readonly [string, ...string[]] =>
      command.includes(linked.path) && command.includes('-o') ? [...command, '-Wl,--noinhibit-exec'] : command,
    );
    buildAll({ ...project, commands }, folder);
    const program = readLinked(join(folder, linked.path), linked.machine);
    return { program, sizes: programSizes(program), flash: readFileBounded(join(folder, simulation.path)) };
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
  return programSizes(readLinked(path, machine));
}

/** What lies in flash, and what is in RAM besides: functions, initialized and zeroed data. */
function programSizes({ segments }: Program): FirmwareSizes {
  const inRam = segments.filter(({ address, loadAddress, bytes }) => address !== loadAddress || bytes.length === 0);
  const sum = (sizes: readonly number[]) => sizes.reduce((total, size) => total + size, 0);
  return { flash: sum(segments.map(({ bytes }) => bytes.length)), ram: sum(inRam.map(({ size }) => size)) };
}
