// Asks the programs of this machine for their version: the surest sign that they are there and run.
import { spawnSync } from 'node:child_process';

/** A hanging program must not hang the doctor. */
const VERSION_TIMEOUT_MS = 5000;

/** The first line of `--version` of the first of `names` that answers. */
export function programVersion(names: readonly string[]): string | undefined {
  for (const name of names) {
    const { status, stdout } = spawnSync(name, ['--version'], { encoding: 'utf8', timeout: VERSION_TIMEOUT_MS });
    if (status === 0) return stdout.split('\n')[0]?.trim() || name;
  }
  return undefined;
}
