// Which process wrote something, and whether it still runs. A process id alone does not tell: ids are used again. Node only.
import { spawnSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

export interface ProcessIdentity {
  readonly pid: number;
  /** The machine; on Linux with the namespace in which `pid` is counted, which containers have of their own. */
  readonly host: string;
  /** When the process was started, as this system counts; null where it does not say. Two processes of one id differ in it. */
  readonly started: string | null;
}

/** `unknown`: it ran on another machine or in another container. */
export type ProcessState = 'running' | 'ended' | 'unknown';

export function thisProcess(): ProcessIdentity {
  return { pid: process.pid, host: thisHost(), started: startOf(process.pid) };
}

export function stateOf({ pid, host, started }: ProcessIdentity): ProcessState {
  if (host !== thisHost()) return 'unknown';
  if (hasEnded(pid)) return 'ended';
  const found = startOf(pid);
  return started !== null && found !== null && found !== started ? 'ended' : 'running';
}

/** Whether no process of this machine has this id. */
export function hasEnded(pid: number): boolean {
  try {
    // Signal 0 is sent to nobody; EPERM says that there is somebody.
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

function thisHost(): string {
  return process.platform === 'linux' ? `${hostname()} ${orNull(() => readlinkSync('/proc/self/ns/pid'))}` : hostname();
}

/** Linux: clock ticks from this boot on (proc(5), field 22 of stat); elsewhere what `ps` prints; Windows has neither. */
function startOf(pid: number): string | null {
  if (process.platform === 'win32') return null;
  if (process.platform !== 'linux') {
    const { status, stdout } = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' });
    return status === 0 ? stdout.trim() : null;
  }
  return orNull(() => {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The second field is the program's name in brackets, which may hold anything.
    const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()} ${ticks}`;
  });
}

function orNull(read: () => string): string | null {
  try {
    return read();
  } catch {
    return null;
  }
}
