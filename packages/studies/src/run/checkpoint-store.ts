// Where unfinished runs are kept, by key: what a killed one goes on from.
import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readFileBounded } from '@bitnetmcu/models/internal/node';

export interface CheckpointStore {
  /** What may be gone on from, the newest first; whether it is whole, whoever decodes it finds out. */
  read(key: string): Uint8Array[];
  write(key: string, bytes: Uint8Array): void;
  remove(key: string): void;
}

/**
 * Checkpoints as files of a folder. Two files of a run take turns, so that a process that is killed while it writes one leaves the other. They are not
 * flushed: what a machine that loses power loses is the beginning of a run, and flushing after every short epoch would cost more than that.
 */
export function checkpointFolder(folder: string): CheckpointStore {
  const pathsOf = (key: string) => [0, 1].map((turn) => join(folder, `${key}.${turn}.bnc`));
  /** Of each run that this process keeps: the file that is written next. */
  const turns = new Map<string, number>();
  const newestFirst = (key: string) =>
    pathsOf(key)
      .map((path, turn) => ({ path, turn, time: timeOf(path) }))
      .filter((file) => file.time !== undefined)
      .sort((a, b) => b.time! - a.time!);
  return {
    read: (key) =>
      newestFirst(key).flatMap(({ path }) => {
        try {
          return [readFileBounded(path)];
        } catch {
          return [];
        }
      }),
    write(key, bytes) {
      const turn = turns.get(key) ?? 1 - (newestFirst(key)[0]?.turn ?? 1);
      const path = pathsOf(key)[turn]!;
      try {
        writeFileSync(path, bytes);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
        mkdirSync(folder, { recursive: true });
        writeFileSync(path, bytes);
      }
      turns.set(key, 1 - turn);
    },
    remove(key) {
      turns.delete(key);
      for (const path of pathsOf(key)) {
        try {
          rmSync(path, { force: true });
        } catch {
          // Where none can be written none can be removed; those that stay are of the same run.
        }
      }
    },
  };
}

/** Undefined where there is no such file, or none that this process may see. */
function timeOf(path: string): number | undefined {
  try {
    return statSync(path).mtimeMs;
  } catch {
    return undefined;
  }
}
