// Looks at a folder of CSV files, one a recording: in class folders, or with the class in a column.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { TrainerError } from '../../errors.js';
import { PICTURES, SOUNDS } from '../class-files.js';
import { listed } from '../csv/header.js';
import type { DataSpecInput } from '../data-spec.js';
import { classFileCount } from './class-parts.js';
import { clockAssumptions } from './clock-columns.js';
import { columnRoles, otherRoles } from './column-roles.js';
import { columnName, columnsHint } from './hints.js';
import { featuresReason, groupAssumptions, missingKeys, tableKeys, timeKeys } from './inspect-csv.js';
import type { Assumption, Found, InspectedKind, Overrides } from './inspection.js';
import { scanCsvFiles, type TableFacts } from './scan-csv.js';

const TABLE = /\.(csv|tsv|txt)$/i;
/** Rows of a window where nothing else is known. */
const WINDOW = 64;

export const inspectCsvFolder: InspectedKind = {
  title: 'a folder of CSV files, one a recording, in one folder for each class or with a class column',
  matches: (found) => {
    if (!found.isFolder) return false;
    const { length } = recordings(found).files;
    // A note or a list beside pictures or sounds is no recording.
    return length > 0 && length >= Math.max(classFileCount(found, PICTURES), classFileCount(found, SOUNDS));
  },
  async inspect(found, overrides) {
    const { files, classes } = recordings(found);
    const facts = await scanCsvFiles(files, found.path, overrides);
    const many: Assumption = {
      what: `recordings: ${files.length} files`,
      because: `one a file, read like ${files[0]}`,
      change: '',
    };
    if (classes === undefined) {
      const roles = columnRoles(facts, overrides);
      const { keys, assumptions } = tableKeys(facts, roles, overrides);
      return {
        spec: { kind: 'csv-folder', train: found.path, ...overrides, ...keys } as DataSpecInput,
        assumptions: [many, ...assumptions],
      };
    }
    if (classes.length < 2 && overrides.task !== 'anomaly') {
      throw new TrainerError(
        'invalid-data',
        `${found.path} has recordings of one class only (${classes[0]}); two classes or more are wanted, a folder each, or --task anomaly to learn what is normal.`,
      );
    }
    return folderClasses(found.path, classes, many, facts, overrides);
  },
};

/** Files of recordings, and where class folders hold them, the names of those. */
export function recordings({ path, entries }: Found): { files: string[]; classes?: string[] } {
  const flat = entries
    .filter(({ name, isFolder }) => !isFolder && TABLE.test(name))
    .map(({ name }) => join(path, name));
  const classes = entries
    .filter(({ isFolder }) => isFolder)
    .map(({ name }) => ({
      name,
      files: readdirSync(join(path, name))
        .filter((file) => TABLE.test(file))
        .sort(),
    }))
    .filter(({ files }) => files.length > 0);
  // Where both are there, a few of one kind lie beside the many of the other: notes beside class folders, or an old folder beside recordings.
  if (flat.length > 0 && flat.length >= classes.reduce((sum, { files }) => sum + files.length, 0)) {
    return { files: flat };
  }
  return {
    files: classes.flatMap(({ name, files }) => files.map((file) => join(path, name, file))),
    ...(classes.length > 0 && { classes: classes.map(({ name }) => name) }),
  };
}

/** A file of one class has no class column: all columns of numbers but the time are channels. */
function folderClasses(
  path: string,
  classes: readonly string[],
  many: Assumption,
  facts: TableFacts,
  overrides: Overrides,
) {
  const roles = otherRoles(facts, overrides, -1);
  const missing = missingKeys(facts, { ...roles, label: -1 }, overrides);
  const window = Number(
    overrides.window ?? Math.min(WINDOW, 2 ** Math.floor(Math.log2(Math.max(2, usualRows(facts) / 2)))),
  );
  const hop = Number(overrides.hop ?? Math.max(1, window >> 1));
  const ignore = [
    ...((overrides.ignore as readonly unknown[]) ?? []),
    ...roles.leftOut.map(({ column }) => columnName(facts, column)),
  ];
  return {
    spec: {
      kind: 'csv-folder',
      train: path,
      ...overrides,
      ...(ignore.length > 0 && overrides.columns === undefined && { ignore: ignore.map(String) }),
      ...(roles.group !== undefined && { groups: columnName(facts, roles.group) }),
      ...missing.keys,
      ...timeKeys(facts, roles, overrides),
      window,
      hop,
    } as DataSpecInput,
    assumptions: [
      many,
      { what: `classes: ${classes.length} folders (${listed(classes)})`, because: 'each holds CSV files', change: '' },
      ...groupAssumptions(facts, roles.group, overrides),
      ...roles.leftOut.map(({ column, reason }) => ({
        what: `left out: column ${columnName(facts, column)}`,
        because: reason,
        change: columnsHint(facts, roles.features, column),
      })),
      {
        what: `channels: ${roles.features.length} columns (${listed(roles.features.map((column) => String(columnName(facts, column))))})`,
        because: featuresReason(roles.features, overrides),
        change: '--columns A,B or --ignore A,B',
      },
      ...clockAssumptions(facts, roles.features),
      ...missing.assumptions,
      {
        what: `samples: windows of ${window} rows, a new one every ${hop}`,
        because: overrides.window === undefined ? 'rows of a recording are moments' : 'as asked',
        change: `--window ${2 * window} --hop ${window}`,
      },
    ],
  };
}

/** Rows of the middle one of the files, by length. */
function usualRows({ fileRows }: TableFacts): number {
  const lengths = fileRows.filter((rows) => rows > 0).sort((a, b) => a - b);
  return lengths[lengths.length >> 1]!;
}
