// Where the C sources lie: they are shipped in the package.
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * `plain`: portable C, the specification. `host`: kernels of c/host with vector extensions of GCC and Clang in their place.
 * `fast`: besides the plain ones those of c/fast for microcontrollers, with assembly (.S) for RV32E and Armv6-M. `avr`: besides the plain
 * ones those of c/avr, with assembly for AVR parts that have a multiplier.
 */
export type KernelVariant = 'plain' | 'host' | 'fast' | 'avr';

export interface RuntimeSources {
  /** The package's `c` folder. */
  readonly root: string;
  /** Folders for `-I`: first that of bnm.h, then those of headers that only the kernels include. */
  readonly include: readonly [string, ...string[]];
  /** Definitions for `-D`. */
  readonly definitions: readonly string[];
  /** Absolute paths of the kernels' .c files (and .S files of `fast`), one public function a file: compile them all, the linker drops what is not called. */
  readonly files: readonly string[];
}

/**
 * Paths of the C runtime in this package.
 *
 * @example
 * ```ts
 * import { runtimeSources } from '@bitnetmcu/mcu-runtime/node';
 *
 * const { include, definitions, files } = runtimeSources(); // C99 sources and headers, to compile them elsewhere
 * ```
 */
export function runtimeSources(variant: KernelVariant = 'plain'): RuntimeSources {
  const root = join(packageFolder(), 'c');
  const [include, source] = [join(root, 'include'), join(root, 'src')];
  const plain = cFiles(source);
  if (variant === 'plain') {
    return { root, include: [include, source], definitions: [], files: plain.map((name) => join(source, name)) };
  }
  // A kernel of host/, fast/ or avr/ takes the place of the plain one of the same name.
  const folder = join(root, variant);
  const special = cFiles(folder);
  const files = [
    ...special.map((name) => join(folder, name)),
    ...plain.filter((name) => !special.includes(name)).map((name) => join(source, name)),
  ];
  // Kernels of c/avr are declared in bnm_fast.h too.
  const headers = variant === 'avr' ? [folder, join(root, 'fast')] : [folder];
  return { root, include: [include, source, ...headers, root], definitions: [DEFINITIONS[variant]], files };
}

const DEFINITIONS = { host: 'BNM_HOST_KERNELS', fast: 'BNM_FAST_KERNELS', avr: 'BNM_AVR_KERNELS' } as const;

/** Whether a kernel's file, by its bare name, stands in c/fast or c/avr. */
export function isFastSource(name: string): boolean {
  fastSources ??= new Set(['fast', 'avr'].flatMap((folder) => cFiles(join(packageFolder(), 'c', folder))));
  return fastSources.has(name);
}

let fastSources: ReadonlySet<string> | undefined;

function cFiles(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.c') || name.endsWith('.S'))
    .sort();
}

/** The nearest folder above this file that has the sources: src/node in the workspace, dist when built. */
function packageFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'c', 'include', 'bnm.h'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('the C sources of @bitnetmcu/mcu-runtime are not beside its JavaScript');
    folder = parent;
  }
  return folder;
}
