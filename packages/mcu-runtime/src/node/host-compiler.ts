// Finds the C compiler of this machine.
import { spawnSync } from 'node:child_process';
import { RuntimeError } from '../errors.js';

/** What was found: a compiler that answers `--version`, or nothing. */
export type HostCompiler =
  | {
      readonly kind: 'found';
      readonly command: string;
      /** Arguments that belong to the command, as in CC="ccache gcc". */
      readonly arguments: readonly string[];
      /** First line of `--version`. */
      readonly version: string;
    }
  | { readonly kind: 'missing'; readonly tried: readonly string[]; readonly message: string };

export type FoundCompiler = Extract<HostCompiler, { kind: 'found' }>;

const NAMES = ['cc', 'gcc', 'clang'];
const VERSION_TIMEOUT_MS = 10_000;

/**
 * The C compiler of this machine: the one that the variable CC names, else cc, gcc or clang from PATH.
 * @param environment for tests; default: that of the process
 *
 * @example
 * ```ts
 * import { hostCompiler } from '@bitnetmcu/mcu-runtime/node';
 *
 * const found = hostCompiler(); // CC where it is set, else cc, gcc or clang
 * ```
 */
export function hostCompiler(environment: NodeJS.ProcessEnv = process.env): HostCompiler {
  const chosen = environment.CC?.trim();
  const tried = [...(chosen ? [chosen] : []), ...NAMES];
  for (const candidate of tried) {
    const [command, ...leading] = candidate.split(/\s+/) as [string, ...string[]];
    const { status, stdout } = spawnSync(command, [...leading, '--version'], {
      env: environment,
      encoding: 'utf8',
      timeout: VERSION_TIMEOUT_MS,
    });
    if (status !== 0) continue;
    const version = stdout.split('\n', 1)[0]!.trim();
    return { kind: 'found', command, arguments: leading, version };
  }
  return {
    kind: 'missing',
    tried,
    message: `No C compiler was found (tried ${tried.join(', ')}). Install gcc or clang, or name one in the variable CC.`,
  };
}

/** @throws RuntimeError `compiler-missing` */
export function requireHostCompiler(compiler: HostCompiler = hostCompiler()): FoundCompiler {
  if (compiler.kind === 'found') return compiler;
  throw new RuntimeError('compiler-missing', compiler.message);
}
