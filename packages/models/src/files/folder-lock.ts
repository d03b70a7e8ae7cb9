// A lock on a folder: at most one process writes into it. Node only.
//
// Each process that wants the lock puts a claim of its own into the folder, whole and under a name that nobody uses again, and then
// looks for others. Of two processes, the one that looks second sees the claim of the first; so both never think that they are alone.
// Where both see each other, both withdraw and try again after a random pause. A claim of a process that has ended counts for nothing
// and may be removed by anybody: no process can take its name.
import { randomBytes } from 'node:crypto';
import { readdirSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ModelError } from '../errors.js';
import { writeFileAtomic } from './atomic-write.js';
import { discard } from './discard.js';
import { type ProcessIdentity, stateOf, thisProcess } from './process-identity.js';
import { readRegularFile } from './regular-file.js';

export interface FolderLock {
  /** Can be called again. */
  release(): void;
}

const ATTEMPTS = 12;
/** Of each attempt, in milliseconds; the pause grows with the attempts. */
const PAUSE = 20;
/** A claim this old (in milliseconds) is not withdrawn any more: its process works in the folder. */
const SETTLED = 2000;
/** A holder that cannot be asked whether it runs (another machine) is taken as ended when it did not refresh its claim for so long. */
const HEARTBEAT = 20_000;
const LOST = 6 * HEARTBEAT;
const MAX_CLAIM_BYTES = 4096;

const claimSchema = z.object({
  pid: z.int(),
  host: z.string(),
  started: z.string().nullable(),
  since: z.string(),
});

/** Claims of this process, released when it ends. */
const held = new Set<string>();

/**
 * Locks a folder, which is made where it is missing. Waits for at most about a second, and only for a lock that is being taken just now.
 * @param purpose `run`, `write`: locks of different purposes do not see each other
 * @throws ModelError `folder-in-use` naming the process that has it; `file-error`
 */
export function lockFolder(folder: string, purpose: string): FolderLock {
  for (let attempt = 1; ; attempt++) {
    const path = claim(folder, purpose);
    const other = otherClaim(folder, purpose, path);
    if (other === undefined) return lockOf(path);
    discard(path);
    if (other.settled || attempt === ATTEMPTS) throw inUse(folder, other);
    pause(Math.random() * PAUSE * attempt);
  }
}

/** Runs `work` with the folder locked. @throws as `lockFolder`, and what `work` throws */
export function withFolderLock<T>(folder: string, purpose: string, work: () => T): T {
  const lock = lockFolder(folder, purpose);
  try {
    return work();
  } finally {
    lock.release();
  }
}

function claim(folder: string, purpose: string): string {
  const path = join(folder, `.bitnetmcu-${purpose}.${randomBytes(8).toString('hex')}.lock`);
  try {
    writeFileAtomic(path, `${JSON.stringify({ ...thisProcess(), since: new Date().toISOString() })}\n`);
  } catch (error) {
    // It is the folder that whoever reads this knows.
    const { message } = error as ModelError;
    throw new ModelError('file-error', message.replace(path, folder), { cause: error });
  }
  return path;
}

interface OtherClaim {
  readonly path: string;
  readonly holder: (ProcessIdentity & { readonly since: string }) | undefined;
  readonly settled: boolean;
}

function otherClaim(folder: string, purpose: string, own: string): OtherClaim | undefined {
  const now = statSync(own).mtimeMs;
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (path === own || !name.startsWith(`.bitnetmcu-${purpose}.`) || !name.endsWith('.lock')) continue;
    const age = ageOf(path, now);
    if (age === undefined) continue;
    const holder = readClaim(path);
    const state = holder === undefined ? 'unknown' : stateOf(holder);
    if (state === 'ended' || (state === 'unknown' && age > LOST)) {
      discard(path);
      continue;
    }
    return { path, holder, settled: age > SETTLED };
  }
  return undefined;
}

/** By the clock of the file system, which the machines that share it have in common; undefined where it is gone. */
function ageOf(path: string, now: number): number | undefined {
  const status = statSync(path, { throwIfNoEntry: false });
  return status && now - status.mtimeMs;
}

function readClaim(path: string): OtherClaim['holder'] {
  try {
    return claimSchema.parse(JSON.parse(new TextDecoder().decode(readRegularFile(path, MAX_CLAIM_BYTES))));
  } catch {
    return undefined;
  }
}

function lockOf(path: string): FolderLock {
  if (held.size === 0) process.on('exit', releaseAll);
  held.add(path);
  const timer = setInterval(() => refresh(path), HEARTBEAT);
  // The lock alone keeps no process alive.
  timer.unref();
  return {
    release() {
      clearInterval(timer);
      if (!held.delete(path)) return;
      discard(path);
      if (held.size === 0) process.off('exit', releaseAll);
    },
  };
}

function releaseAll(): void {
  for (const path of held) discard(path);
}

function refresh(path: string): void {
  try {
    const now = new Date();
    utimesSync(path, now, now);
  } catch {
    // Somebody removed the folder: the next file that is written says so.
  }
}

function inUse(folder: string, { path, holder }: OtherClaim): ModelError {
  const who =
    holder === undefined
      ? 'Another process'
      : `Process ${holder.pid} on ${holder.host.split(' ')[0]!.replace(/[^\w.-]/g, '?')}`;
  const since = holder === undefined ? '' : ` since ${holder.since.replace(/[^\w:.-]/g, '?')}`;
  return new ModelError(
    'folder-in-use',
    `${who} works in ${folder}${since}. Wait for it, stop it, or choose another folder. If it does not run any more, delete ${path}.`,
  );
}

function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
