// Compiles C and assembly for a target with GCC's RISC-V cross compiler (Debian: gcc-riscv64-unknown-elf) and links it for calls
// from the simulator. Node only.
import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { RuntimeError } from '../../errors.js';
import { readElf } from '../elf.js';
import type { Program } from '../program.js';
import type { Target } from '../targets.js';

const COMPILERS = ['riscv64-unknown-elf-gcc', 'riscv32-unknown-elf-gcc', 'riscv-none-elf-gcc'];

/** The name of an installed cross compiler, or undefined. */
export function findCrossCompiler(): string | undefined {
  return COMPILERS.find((name) => spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0);
}

export interface CrossCompileOptions {
  /** Paths of .c and .S files. */
  readonly sources: readonly string[];
  readonly target: Target;
  readonly linkerScript: string;
  readonly includeFolders?: readonly string[];
  /** Preprocessor macros; `true` for those without a value. */
  readonly defines?: Readonly<Record<string, string | number | true>>;
  /** Default -Os. */
  readonly optimization?: string;
  readonly flags?: readonly string[];
  readonly compiler?: string;
}

/**
 * Compiles and links a program.
 * @throws RuntimeError `compiler-missing`, or `compiler-failed` with the compiler's messages
 */
export async function crossCompile(options: CrossCompileOptions): Promise<Program> {
  const {
    sources,
    target,
    linkerScript,
    includeFolders = [],
    defines = {},
    optimization = '-Os',
    flags = [],
  } = options;
  const compiler = options.compiler ?? findCrossCompiler();
  if (compiler === undefined) {
    throw new RuntimeError(
      'compiler-missing',
      `None of ${COMPILERS.join(', ')} is installed; on Debian and Ubuntu: apt-get install gcc-riscv64-unknown-elf`,
    );
  }
  const folder = await mkdtemp(join(tmpdir(), 'bnm-cross-'));
  try {
    const output = join(folder, 'program.elf');
    const memory = {
      flash_base: target.flash.base,
      flash_size: target.flash.size,
      ram_base: target.ram.base,
      ram_size: target.ram.size,
    };
    await promisify(execFile)(compiler, [
      ...target.compiler.instructionSet,
      '-std=c99',
      '-ffreestanding',
      '-nostdlib',
      '-nostartfiles',
      '-ffunction-sections',
      '-fdata-sections',
      optimization,
      ...flags,
      ...includeFolders.map((path) => `-I${path}`),
      ...Object.entries(defines).map(([name, value]) => (value === true ? `-D${name}` : `-D${name}=${value}`)),
      ...sources,
      '-lgcc',
      `-Wl,-T,${linkerScript}`,
      ...Object.entries(memory).map(([name, value]) => `-Wl,--defsym=__${name}=${value}`),
      '-Wl,--gc-sections,--no-warn-rwx-segments,-e,0',
      '-o',
      output,
    ]);
    return readElf(await readFile(output));
  } catch (error) {
    const stderr = (error as { stderr?: string }).stderr;
    if (stderr === undefined) throw error;
    throw new RuntimeError('compiler-failed', `${compiler} refused the program:\n${stderr}`, { cause: error });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
