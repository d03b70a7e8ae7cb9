// Writes a firmware project into a folder and builds it where its compiler is installed.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { writeFileAtomic } from '@bitnetmcu/models/node';
import { ExporterError } from '../../errors.js';
import { FIRMWARE_KINDS } from './firmware-kinds.js';
import type { FirmwareProject } from './firmware-project.js';

export type WrittenFirmware =
  /** `path`: the file to put on the board. */
  | { readonly kind: 'built'; readonly path: string; readonly sizes: FirmwareSizes }
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
  const { toolchain, install } = FIRMWARE_KINDS[project.kind];
  const compiler = `${toolchain}-gcc`;
  if (spawnSync(compiler, ['--version'], { stdio: 'ignore' }).status !== 0) {
    return { kind: 'compiler-missing', compiler, install };
  }
  for (const [program, ...args] of project.commands) {
    // `node` may not be on the path of whoever runs this.
    const { status, stderr, error } = spawnSync(program === 'node' ? process.execPath : program, args, {
      cwd: folder,
      encoding: 'utf8',
    });
    if (status !== 0) {
      throw new ExporterError('compile', `${program} failed in ${folder}:\n${error?.message ?? stderr}`);
    }
  }
  return { kind: 'built', path: join(folder, project.product), sizes: linkedSizes(`${toolchain}-size`, folder) };
}

function linkedSizes(tool: string, folder: string): FirmwareSizes {
  const { stdout } = spawnSync(tool, ['firmware.elf'], { cwd: folder, encoding: 'utf8' });
  //    text    data     bss     dec     hex filename
  const [text, data, bss] = (stdout.split('\n')[1] ?? '').trim().split(/\s+/).map(Number);
  return { flash: (text ?? 0) + (data ?? 0), ram: (data ?? 0) + (bss ?? 0) };
}
