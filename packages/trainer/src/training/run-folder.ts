// The output folder of a run: locked while it is written, empty of an older run's results when a new run starts.
import { existsSync, readdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { type FolderLock, lockFolder, removeFile, removeOrphanedTemporaries } from '@bitnetmcu/models/internal/node';
import { TrainerError } from '../errors.js';

/** Name of the checkpoint in the output folder. */
export const CHECKPOINT_FILE = 'checkpoint.bnc';
/** Name of the finished network in the output folder. */
export const NETWORK_FILE = 'network.bnt';
/** Name of the metrics, a JSON line an epoch, in the output folder. */
export const METRICS_FILE = 'metrics.jsonl';
/** How the names of TensorBoard's files begin. */
export const EVENT_FILES = 'events.out.tfevents.';

const LOCK = 'run';

export interface RunFolderOptions {
  /** Names of further files that the caller puts beside those of the run when it is finished. */
  readonly results?: readonly string[] | undefined;
  /** Remove the run that the folder holds. Default: refuse it. */
  readonly overwrite?: boolean | undefined;
}

export class RunFolder {
  readonly path: string;
  readonly #lock: FolderLock;
  readonly #results: readonly string[];
  readonly #made: boolean;

  private constructor(path: string, results: readonly string[]) {
    this.path = path;
    this.#results = results;
    this.#made = !existsSync(path);
    this.#lock = lockFolder(path, LOCK);
  }

  /**
   * Locks a folder for a new run. With `overwrite` it may hold another one, which `clear` removes.
   * @throws TrainerError `run-exists`; ModelError `folder-in-use`, `file-error`
   */
  static create(path: string, { results = [], overwrite = false }: RunFolderOptions = {}): RunFolder {
    return opened(new RunFolder(path, results), (folder) => {
      const there = folder.#filesOfRun();
      if (there.length > 0 && !overwrite) throw runExists(path, there);
    });
  }

  /** Locks the folder of a run that goes on. @throws ModelError `folder-in-use`, `file-error` */
  static resume(path: string, { results = [] }: Pick<RunFolderOptions, 'results'> = {}): RunFolder {
    return opened(new RunFolder(path, results), () => {});
  }

  /** Removes everything of another run: the new one starts now. */
  clear(): void {
    for (const name of this.#filesOfRun()) removeFile(join(this.path, name));
  }

  /** Removes what a finished run leaves: it does not belong to a run that still trains. */
  removeResults(): void {
    for (const name of [NETWORK_FILE, ...this.#results]) removeFile(join(this.path, name));
  }

  /** Gives the lock back, and removes the folder if nothing was put into it. */
  close(): void {
    this.#lock.release();
    if (!this.#made) return;
    try {
      rmdirSync(this.path);
    } catch {
      // It holds a run.
    }
  }

  #filesOfRun(): string[] {
    const known = [CHECKPOINT_FILE, NETWORK_FILE, METRICS_FILE, ...this.#results];
    return readdirSync(this.path, { withFileTypes: true })
      .filter((entry) => !entry.isDirectory() && (known.includes(entry.name) || entry.name.startsWith(EVENT_FILES)))
      .map(({ name }) => name);
  }

  /** What killed processes left; nobody else writes here while it is locked. */
  removeOrphans(): void {
    removeOrphanedTemporaries(this.path, 0);
  }
}

/** Gives the lock back where the folder is not to be had. */
function opened(folder: RunFolder, prepare: (folder: RunFolder) => void): RunFolder {
  try {
    prepare(folder);
    folder.removeOrphans();
    return folder;
  } catch (error) {
    folder.close();
    throw error;
  }
}

function runExists(path: string, there: readonly string[]): TrainerError {
  const goOn = there.includes(CHECKPOINT_FILE)
    ? `Go on with it (\`bitnetmcu train --resume ${join(path, CHECKPOINT_FILE)}\`), replace it (--overwrite)`
    : 'Replace it (--overwrite)';
  return new TrainerError(
    'run-exists',
    `${path} already holds a run (${there.slice(0, 6).join(', ')}). ${goOn} or give another --output.`,
  );
}
