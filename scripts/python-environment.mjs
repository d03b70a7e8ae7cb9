// Virtual environments of Python for benchmarks that compare with packages of PyPI: outside of the repository, with the versions that are asked for.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import process from 'node:process';
import { root } from './workspace.mjs';

/** Where an environment of this name is, unless it is told another folder. */
export function environmentFolder(name) {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'bitnetmcu', name);
}

/** The Python of an environment, installed or not. */
export function environmentPython(folder) {
  return join(folder, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
}

/**
 * Makes an environment where there is none, and installs what it does not have. What the programs say goes to standard error.
 * @param {string} folder outside of the repository
 * @param {string[]} packages each as `name==version`
 * @param {string} [python] the program that makes the environment
 * @returns {string} the path of its Python
 * @throws where the folder is in the repository, a package has no version, or a program fails
 */
export function installPython(folder, packages, python = 'python3') {
  const path = resolve(folder);
  if (!relative(root, path).startsWith('..')) {
    throw new Error(`${path} is in the repository: a folder outside of it is wanted.`);
  }
  const loose = packages.find((name) => !/^[\w.-]+==[\w.+]+$/.test(name));
  if (loose !== undefined) throw new Error(`The package ${loose} has no version: name==version is wanted.`);
  const own = environmentPython(path);
  if (!existsSync(own)) run(python, ['-m', 'venv', path]);
  run(own, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...packages]);
  return own;
}

function run(program, args) {
  const { status, signal, error } = spawnSync(program, args, { stdio: ['ignore', 2, 2] });
  if (status === 0) return;
  throw new Error(`${program} ${args.join(' ')}: ${error?.message ?? `it ended with ${signal ?? status}`}`);
}
