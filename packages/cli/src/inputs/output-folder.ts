// Where a run's files go: the folder that was asked for, or a fresh one below runs/.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { visibleText } from '@bitnetmcu/models';
import { CHECKPOINT_FILE } from '@bitnetmcu/trainer';
import { CliError } from '../errors.js';
import { shellPath } from '../render/shell-word.js';

/**
 * The folder for a new run of a network.
 * @param asked the configured folder; it is refused if it holds another run and `overwrite` is not set
 * @throws CliError `usage`
 */
export function outputFolder(asked: string | undefined, network: string, overwrite: boolean): string {
  if (asked !== undefined) {
    const checkpoint = join(asked, CHECKPOINT_FILE);
    if (overwrite || !existsSync(checkpoint)) return asked;
    throw new CliError(
      'usage',
      `${visibleText(asked)} already holds a run. Go on with it (\`bitnetmcu train --resume ${shellPath(checkpoint)}\`), replace it (--overwrite) or give another --output.`,
    );
  }
  for (let number = 1; ; number++) {
    const folder = join('runs', number === 1 ? network : `${network}-${number}`);
    if (!existsSync(folder)) return folder;
  }
}
