// A virtual environment of Python with scikit-learn and aeon, which the benchmarks on own data compare with. It is made outside of the repository.
//   node bench/own-data/make-venv.mjs [FOLDER] [--python python3]      (default: ~/.cache/bitnetmcu/own-data-venv; prints the path of its Python)
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const PACKAGES = ['scikit-learn>=1.4', 'aeon>=1.0'];
const { values, positionals } = parseArgs({
  options: { python: { type: 'string', default: 'python3' } },
  allowPositionals: true,
});
const folder = resolve(positionals[0] ?? join(homedir(), '.cache', 'bitnetmcu', 'own-data-venv'));
const repository = fileURLToPath(new URL('../..', import.meta.url));
if (!relative(repository, folder).startsWith('..')) {
  throw new Error(`${folder} is in the repository: a folder outside of it is wanted.`);
}
const python = join(folder, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
if (!existsSync(python)) execFileSync(values.python, ['-m', 'venv', folder], { stdio: ['ignore', 2, 2] });
execFileSync(python, ['-m', 'pip', 'install', '--quiet', ...PACKAGES], { stdio: ['ignore', 2, 2] });
console.log(python);
