// Writes a firmware project into a folder and builds it where its compiler is installed.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { type ElfMachine, readElf } from '@bitnetmcu/mcu-runtime/sim';
import { type ExistingFiles, readFileBounded, withFolderLock, writeFiles } from '@bitnetmcu/models/node';
import { ExporterError } from '../../errors.js';
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
 * Writes all files, each whole or not at all, and builds.
 * @throws ExporterError `compile` with the compiler's messages, as where the program does not fit the part, `build` where files that
 * were kept are in it; ModelError `file-exists`
 * where something is in the way, `folder-in-use` while another process writes and builds there, `file-error`
 */
export function writeFirmware(
  project: FirmwareProject,
  folder: string,
  { existing }: WriteFirmwareOptions = {},
): WrittenFirmware {
  return withFolderLock(folder, 'build', () => {
    const { kept } = writeFiles(folder, project.files, { existing, built: builtFiles(project) });
    try {
      return { kept, ...build(project, folder) };
    } catch (error) {
      if (kept.length === 0 || !(error instanceof ExporterError)) throw error;
      const message = `With your own ${kept.join(', ')} the project does not build. ${error.message}`;
      throw new ExporterError('build', message, { cause: error });
    }
  });
}

/** What the build makes, as far as the project names it. */
function builtFiles({ product, linked, simulation }: FirmwareProject): string[] {
  return [...new Set([product, linked?.path, simulation?.path].filter((path) => path !== undefined))];
}

/** `WrittenFirmware` without the files that were kept. */
type Built<T = WrittenFirmware> = T extends unknown ? Omit<T, 'kept'> : never;

function build(project: FirmwareProject, folder: string): Built {
  const { programs, install } = firmwareKind(project.kind);
  const compiler = programs.find((program) => spawnSync(program, ['--version'], { stdio: 'ignore' }).status !== 0);
  if (compiler !== undefined) return { kind: 'compiler-missing', compiler, install };
  for (const [program, ...args] of project.commands) {
    // `node` may not be on the path of whoever runs this.
    const { status, stdout, stderr, error } = spawnSync(program === 'node' ? process.execPath : program, args, {
      cwd: folder,
      encoding: 'utf8',
    });
    if (status !== 0) {
      throw new ExporterError('compile', `${program} failed in ${folder}:\n${error?.message ?? `${stdout}${stderr}`}`);
    }
  }
  const { product, linked } = project;
  const sizes = linked === undefined ? undefined : linkedSizes(join(folder, linked.path), linked.machine);
  return { kind: 'built', path: product === undefined ? folder : join(folder, product), sizes };
}

/** What lies in flash, and what is in RAM besides: functions, initialized and zeroed data. */
function linkedSizes(path: string, machine: ElfMachine): FirmwareSizes {
  const { segments } = readElf(readFileBounded(path), machine);
  const inRam = segments.filter(({ address, loadAddress, bytes }) => address !== loadAddress || bytes.length === 0);
  const sum = (sizes: readonly number[]) => sizes.reduce((total, size) => total + size, 0);
  return { flash: sum(segments.map(({ bytes }) => bytes.length)), ram: sum(inRam.map(({ size }) => size)) };
}
