// Installs what bench:train compares with, PyTorch and JAX from PyPI, into a virtual environment outside of the repository (some
// gigabytes), once. Prints the path of its Python. Usage: node scripts/training-peers.mjs
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';

const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'bitnetmcu');
const folder = join(cache, 'training-peers');

/** The Python that has the peers: BITNETMCU_PEERS_PYTHON, else the environment's. */
export const peersPython = process.env.BITNETMCU_PEERS_PYTHON || join(folder, 'bin', 'python');

function run(command, args) {
  const { status, error } = spawnSync(command, args, { stdio: ['ignore', 2, 2] });
  if (status !== 0)
    throw new Error(`${command} ${args.join(' ')} failed${error ? `: ${error.message}` : ` with ${status}`}`);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  if (!existsSync(peersPython)) run('python3', ['-m', 'venv', folder]);
  run(peersPython, ['-m', 'pip', 'install', '--quiet', 'numpy', 'torch', 'jax']);
  console.log(peersPython);
}
