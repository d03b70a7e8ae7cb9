// A virtual environment of Python with scikit-learn and aeon, which the benchmarks on own data compare with. It is made outside of the repository.
//   node bench/own-data/make-venv.mjs [FOLDER] [--python python3]      (default: ~/.cache/bitnetmcu/own-data-venv; prints the path of its Python)
import { parseArgs } from 'node:util';
import { environmentFolder, installPython } from '../../scripts/python-environment.mjs';

const PACKAGES = ['scikit-learn==1.9.1', 'aeon==1.6.0'];
const { values, positionals } = parseArgs({
  options: { python: { type: 'string', default: 'python3' } },
  allowPositionals: true,
});
console.log(installPython(positionals[0] ?? environmentFolder('own-data-venv'), PACKAGES, values.python));
