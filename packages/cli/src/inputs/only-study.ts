// Where studies are by themselves, and which one is meant where none is named.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { visibleText } from '@bitnetmcu/models/internal';
import { CliError } from '../errors.js';

/** In the folder that commands are called in. */
export const STUDIES = 'studies';

/** The folder of the one study that was made here without --output. @throws CliError `usage` where there is none, or several */
export function onlyStudy(): string {
  const isFolder = statSync(STUDIES, { throwIfNoEntry: false })?.isDirectory() === true;
  const folders = isFolder ? readdirSync(STUDIES).map((name) => join(STUDIES, name)) : [];
  const studies = folders.filter((folder) => existsSync(join(folder, 'study-records.json')));
  if (studies.length === 1) return studies[0]!;
  const found = studies.length === 0 ? `${STUDIES}/ holds none` : `there are ${studies.map(visibleText).join(', ')}`;
  throw new CliError('usage', `A folder that \`bitnetmcu study run\` wrote, or --redis, is wanted: ${found}.`);
}
