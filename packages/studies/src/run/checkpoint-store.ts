// Where unfinished runs are kept, by key: what a killed one goes on from.
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readFileBounded } from '@bitnetmcu/models/internal/node';

export interface CheckpointStore {
  /** Undefined where there is none that can be read. */
  read(key: string): Uint8Array | undefined;
  write(key: string, bytes: Uint8Array): void;
  remove(key: string): void;
}

/**
 * Checkpoints as files of a folder. They are replaced whole, so that a killed process leaves one that can be read; they are not flushed, because what a
 * machine that loses power loses is one run's beginning, and flushing after every short epoch would cost more than that.
 */
export function checkpointFolder(folder: string): CheckpointStore {
  const pathOf = (key: string) => join(folder, `${key}.bnc`);
  return {
    read(key) {
      try {
        return readFileBounded(pathOf(key));
      } catch {
        return undefined;
      }
    },
    write(key, bytes) {
      const temporary = join(folder, `.${key}.${process.pid}.tmp`);
      mkdirSync(folder, { recursive: true });
      writeFileSync(temporary, bytes);
      renameSync(temporary, pathOf(key));
    },
    remove: (key) => rmSync(pathOf(key), { force: true }),
  };
}
