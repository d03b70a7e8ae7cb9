// How much memory a process of Linux holds, whatever the size of the kernel's pages.
import { existsSync, readFileSync } from 'node:fs';

/** Whether this system tells it of other processes. */
export const tellsMemory = existsSync('/proc/self/status');

/** Resident, in bytes; undefined of a process that has ended, and on other systems. */
export function residentBytes(pid: number | undefined): number | undefined {
  try {
    return residentOf(readFileSync(`/proc/${pid}/status`, 'ascii'));
  } catch {
    return undefined;
  }
}

/** Of the text of a `/proc/<pid>/status`: it counts kibibytes, where `statm` counts pages of 4, 16 or 64. */
export function residentOf(status: string): number | undefined {
  const kibibytes = /^VmRSS:\s*(\d+) kB$/m.exec(status)?.[1];
  return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
}
