// Where the C sources lie: they are shipped in the package.
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** `plain`: portable C, the specification. `host`: kernels of c/host with vector extensions of GCC and Clang in their place. */
export type KernelVariant = 'plain' | 'host';

export interface RuntimeSources {
  /** The package's `c` folder. */
  readonly root: string;
  /** Folders for `-I`: first that of bnm.h, then those of headers that only the kernels include. */
  readonly include: readonly [string, ...string[]];
  /** Definitions for `-D`. */
  readonly definitions: readonly string[];
  /** Absolute paths of the kernels' .c files, one public function a file: compile them all, the linker drops what is not called. */
  readonly files: readonly string[];
}

/** Paths of the C runtime in this package. */
export function runtimeSources(variant: KernelVariant = 'plain'): RuntimeSources {
  const root = join(packageFolder(), 'c');
  const [include, source, host] = [join(root, 'include'), join(root, 'src'), join(root, 'host')];
  const plain = cFiles(source);
  if (variant === 'plain') {
    return { root, include: [include, source], definitions: [], files: plain.map((name) => join(source, name)) };
  }
  // A kernel of host/ takes the place of the plain one of the same name.
  const hostOnly = cFiles(host);
  const files = [
    ...hostOnly.map((name) => join(host, name)),
    ...plain.filter((name) => !hostOnly.includes(name)).map((name) => join(source, name)),
  ];
  return { root, include: [include, source, host, root], definitions: ['BNM_HOST_KERNELS'], files };
}

function cFiles(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.c'))
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
