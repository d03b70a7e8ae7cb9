// What to do with a folder, of which `infer` reads the files alone: its files by a pattern, and the command that scores it where there is one.
import { readdirSync } from 'node:fs';
import { extname, join } from 'node:path';
import { visibleText } from '@bitnetmcu/models/internal';
import type { DataSpec } from '@bitnetmcu/trainer/internal';
import { shellPath } from '../render/shell-word.js';

interface FolderHint {
  /** The model's file as the user named it. */
  readonly model: string;
  readonly data: DataSpec | undefined;
}

/** Ends of the files that a model of such data reads, the usual one first. */
const ENDINGS: Readonly<Partial<Record<DataSpec['kind'], readonly string[]>>> = {
  recordings: ['.wav'],
  csv: ['.csv', '.tsv', '.txt'],
  'csv-folder': ['.csv', '.tsv', '.txt'],
  npz: ['.npz'],
  npy: ['.npy'],
};
const PICTURES = ['.png', '.jpg', '.jpeg'];

/** Kinds whose test part may be a folder. */
const WITH_TEST_FOLDER: readonly DataSpec['kind'][] = ['folder', 'recordings'];

/** Which files can be named, and how the whole folder is scored, where it can be. */
export function folderHint(path: string, { model, data }: FolderHint): string {
  const endings = (data && ENDINGS[data.kind]) ?? PICTURES;
  const shown = visibleText(path);
  const folder = shellPath(path.replace(/(.)\/+$/, '$1'));
  const pattern = patternOf(path, endings);
  const score =
    data !== undefined && WITH_TEST_FOLDER.includes(data.kind) && pattern?.startsWith('*/')
      ? `, or score the whole folder: \`bitnetmcu verify ${shellPath(model)} --data-test ${folder}\``
      : '';
  return pattern === undefined
    ? `${shown} is a folder without ${endings.join(', ')} files in it. Give files of these kinds.`
    : `${shown} is a folder. Name its files, as in \`bitnetmcu infer ${shellPath(model)} ${folder}/${pattern}\`${score}.`;
}

/** `*.png`, or of class folders `*` + `/*.png`: what finds files of these endings; undefined where there are none. */
function patternOf(path: string, endings: readonly string[]): string | undefined {
  const own = endingIn(path, endings);
  if (own !== undefined) return `*${own}`;
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const inner = entry.isDirectory() ? endingIn(join(path, entry.name), endings) : undefined;
    if (inner !== undefined) return `*/*${inner}`;
  }
  return undefined;
}

/** As the files write it. */
function endingIn(folder: string, endings: readonly string[]): string | undefined {
  const found = readdirSync(folder).map((name) => extname(name));
  return endings.map((ending) => found.find((one) => one.toLowerCase() === ending)).find((one) => one !== undefined);
}
