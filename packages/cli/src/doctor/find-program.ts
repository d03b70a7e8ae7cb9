// Finds programs on the PATH and asks them for their version.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

/** Windows finds programs by these endings. */
function endings(): string[] {
  return process.platform === 'win32' ? (process.env.PATHEXT ?? '.EXE;.CMD;.BAT').split(';') : [''];
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** The full path of the first of `names` that the PATH has. */
export function findProgram(names: readonly string[]): string | undefined {
  for (const name of names) {
    const candidates = isAbsolute(name)
      ? [name]
      : (process.env.PATH ?? '')
          .split(delimiter)
          .flatMap((folder) => endings().map((ending) => join(folder, name + ending)));
    const found = candidates.find(isExecutable);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A hanging program must not hang the doctor. */
const VERSION_TIMEOUT_MS = 5000;

/** The first line of `<program> --version`. */
export function programVersion(path: string): string | undefined {
  const { status, stdout } = spawnSync(path, ['--version'], { encoding: 'utf8', timeout: VERSION_TIMEOUT_MS });
  return status === 0 ? stdout.split('\n')[0]?.trim() : undefined;
}
