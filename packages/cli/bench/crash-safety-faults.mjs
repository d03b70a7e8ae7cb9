// Faults at single calls of the operating system: a library, preloaded into a command, counts its calls for files in a folder and makes one fail.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const EACCES = 13;
const EIO = 5;
const ENOSPC = 28;
/** In the place of an error: the process is killed at the call. */
export const KILL = 0;

/** The library that makes calls fail, or the reason why there is none. @param folder where it is put */
export function faultLibrary(folder) {
  if (process.platform !== 'linux') return { reason: `faults are injected on Linux only, this is ${process.platform}` };
  const library = join(folder, 'fault-injection.so');
  const source = join(dirname(fileURLToPath(import.meta.url)), 'fault-injection.c');
  const { status, stderr, error } = spawnSync(
    process.env.CC || 'cc',
    ['-shared', '-fPIC', '-O1', '-o', library, source, '-ldl'],
    { encoding: 'utf8' },
  );
  return status === 0
    ? { library }
    : { reason: `the library for faults does not compile: ${error?.message ?? stderr}` };
}

/** Variables that make a command write its calls for files in a folder to a log, which must not exist yet. */
export function counted(library, folder, log) {
  return { LD_PRELOAD: library, FAULT_FOLDER: folder, FAULT_LOG: log };
}

/** The calls in a log, in order. */
export function callsIn(log) {
  const lines = readFileSync(log, 'utf8').trim().split('\n');
  return lines.map((line) => line.split(' ')[1]);
}

/** Variables that make a command's call fail. */
export function faultAt(library, folder, { at, error }) {
  return { LD_PRELOAD: library, FAULT_FOLDER: folder, FAULT_AT: `${at}`, FAULT_ERRNO: `${error}` };
}

/** At every call (of `every`) the process is killed once, and once the call fails, with each of the errors in turn; at `most` of them. */
export function faultsOf(calls, every, most) {
  const errors = [EIO, ENOSPC, EACCES];
  const all = calls
    .map((call, i) => ({ at: i + 1, call }))
    .filter(({ at }) => at % every === 0)
    .flatMap((fault, i) => [
      { ...fault, error: KILL },
      { ...fault, error: errors[i % errors.length] },
    ]);
  if (all.length <= most) return all;
  return Array.from({ length: most }, (_, i) => all[Math.floor((i * all.length) / most)]);
}

/** `write 12 of training, killed` */
export function titleOf({ at, call, error }, what) {
  return `${call} ${at} of ${what}, ${error === KILL ? 'killed' : `error ${error}`}`;
}
