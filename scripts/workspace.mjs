// What the scripts know about the workspace: its root, its publishable packages, and how to run its tools.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Packages in the order in which they depend on each other, lowest first. */
const ORDER = ['quant', 'models', 'trainer', 'mcu-runtime', 'exporter', 'studies', 'cli'];

/** The publishable packages below `base`, each with its folder and manifest. */
export function publicPackages(base = root) {
  const rank = (folder) => (ORDER.includes(folder) ? ORDER.indexOf(folder) : ORDER.length);
  return readdirSync(join(base, 'packages'))
    .sort((a, b) => rank(a) - rank(b))
    .map((name) => {
      const folder = join(base, 'packages', name);
      return { folder, manifest: JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) };
    })
    .filter(({ manifest }) => manifest.private !== true);
}

/** The program of a development dependency: a JavaScript file, run by this Node without a shell. */
export function toolPath(dependency, file) {
  return join(root, 'node_modules', dependency, file);
}

/** Runs a command to its end and gives its standard output. @throws Error with all of its output if it fails. */
export function capture(command, args, options = {}) {
  const result = spawnSync(command, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 2 ** 26,
    ...options,
  });
  if (result.error) throw result.error;
  if (result.status !== 0) {
    throw new Error(
      `${[command, ...args].join(' ')}\nended with ${result.signal ?? `exit code ${result.status}`}\n${result.stdout}${result.stderr}`,
    );
  }
  return result.stdout;
}

/** Runs a JavaScript program with this Node; see `capture`. */
export function captureNode(args, options = {}) {
  return capture(process.execPath, args, options);
}

/** Packs one package as it would be published; gives the path of the tarball. */
export function pack(folder, destination) {
  const output = captureNode([toolPath('pnpm', 'bin/pnpm.cjs'), 'pack', '--json', '--pack-destination', destination], {
    cwd: folder,
  });
  const { filename } = JSON.parse(output.slice(output.indexOf('{')));
  return filename.startsWith('/') || /^[A-Za-z]:/.test(filename) ? filename : join(destination, filename);
}
