// Installs what bench:train compares with, PyTorch and JAX from PyPI, into a virtual environment outside of the repository (some
// gigabytes), once. Prints the path of its Python. Usage: node scripts/training-peers.mjs
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { environmentFolder, environmentPython, installPython } from './python-environment.mjs';

/** PyTorch and JAX are those of the recorded results. */
const PACKAGES = ['numpy==2.4.6', 'torch==2.15.0', 'jax==0.10.2'];
const folder = environmentFolder('training-peers');

/** The Python that has the peers: BITNETMCU_PEERS_PYTHON, else the environment's. */
export const peersPython = process.env.BITNETMCU_PEERS_PYTHON || environmentPython(folder);

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  console.log(installPython(folder, PACKAGES));
}
