// Where a run's files go: the folder that was asked for, or a fresh one below runs/. It is locked from here to the end of the command.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ModelError } from '@bitnetmcu/models';
import { type RunFolderOptions, TrainerError } from '@bitnetmcu/trainer';
import { RunFolder } from '@bitnetmcu/trainer/internal';

/**
 * The folder for a new run of a network.
 * @param asked the configured folder; without one it is the first free one of runs/<network>, runs/<network>-2, …, and with
 * `overwrite` always the first of them
 * @throws TrainerError `run-exists` where it holds another run and `overwrite` is not set; ModelError `folder-in-use`, `file-error`
 */
export function openRunFolder(asked: string | undefined, network: string, options: RunFolderOptions): RunFolder {
  if (asked !== undefined) return RunFolder.create(asked, options);
  const first = join('runs', network);
  if (options.overwrite) return RunFolder.create(first, options);
  for (let number = 1; ; number++) {
    const folder = number === 1 ? first : `${first}-${number}`;
    if (existsSync(folder)) continue;
    try {
      return RunFolder.create(folder, options);
    } catch (error) {
      // Another process took it just now.
      if (!isTaken(error)) throw error;
    }
  }
}

function isTaken(error: unknown): boolean {
  return (
    (ModelError.isInstance(error) && error.code === 'folder-in-use') ||
    (TrainerError.isInstance(error) && error.code === 'run-exists')
  );
}
