// Writes a firmware project into a folder and builds it where its compiler is installed.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ElfMachine, readElf } from '@bitnetmcu/mcu-runtime/sim';
import { writeFileAtomic } from '@bitnetmcu/models/node';
import { ExporterError } from '../../errors.js';
import { firmwareKind } from './firmware-kinds.js';
import type { FirmwareProject } from './firmware-project.js';

export type WrittenFirmware =
  /** `path`: the file to put on the board, or the folder where the build tool does that. `sizes`: where the project says what it links. */
  | { readonly kind: 'built'; readonly path: string; readonly sizes: FirmwareSizes | undefined }
  /** The project is there; these commands install what builds it. */
  | { readonly kind: 'compiler-missing'; readonly compiler: string; readonly install: readonly string[] };

/** Of the linked program, in bytes. */
export interface FirmwareSizes {
  /** Code, constants and initial values. */
  readonly flash: number;
  /** Static data; the stack comes on top. */
  readonly ram: number;
}

/**
 * Writes all files, each whole or not at all, and builds.
 * @throws ExporterError `compile` with the compiler's messages, as where the program does not fit the part
 */
export function writeFirmware(project: FirmwareProject, folder: string): WrittenFirmware {
  for (const { path, content } of project.files) writeFileAtomic(join(folder, path), content);
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
  const { segments } = readElf(readFileSync(path), machine);
  const inRam = segments.filter(({ address, loadAddress, bytes }) => address !== loadAddress || bytes.length === 0);
  const sum = (sizes: readonly number[]) => sizes.reduce((total, size) => total + size, 0);
  return { flash: sum(segments.map(({ bytes }) => bytes.length)), ram: sum(inRam.map(({ size }) => size)) };
}
