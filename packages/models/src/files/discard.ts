// Removes a file that nobody needs any more. Node only.
import { rmSync } from 'node:fs';

/** Where it cannot be removed it stays: that is no reason for what is being done to fail. */
export function discard(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // Temporary files and claims of ended processes are removed by whoever comes next.
  }
}
