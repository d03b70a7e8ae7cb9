// Data sets from CSV: a table, or a folder of recordings. Values keep their own scale, learned from the training part.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Shape } from '@bitnetmcu/models';
import { TrainerError } from '../errors.js';
import { assemble } from './assemble.js';
import { checkAreClasses } from './classes.js';
import { type CsvOptions, type CsvTable, classNames, csvLabels, readCsv } from './csv/read-csv.js';
import type { DataSpec } from './data-spec.js';
import type { Dataset } from './dataset.js';
import { recordings } from './inspect/inspect-csv-folder.js';
import { namesOfModel } from './model-answers.js';
import { featureName } from './raw/raw-features.js';
import { requireSignals } from './raw/signal-features.js';
import { momentDataset, rowDataset, type TableRows } from './raw/table-dataset.js';
import { cellTargets, multiLabelTargets, type RowTargets } from './raw/targets.js';
import { joinedRows } from './raw/value-rows.js';
import { type ModelInput, readsBytes } from './read-like.js';
import { findBlocks } from './windows.js';

type Spec<Kind extends DataSpec['kind']> = Extract<DataSpec, { kind: Kind }>;

/** @throws TrainerError `data-not-found` or `invalid-data`. */
export async function loadCsv(spec: Spec<'csv'>, like?: ModelInput): Promise<Dataset> {
  const areMoments = spec.window !== undefined && spec.window > 1;
  if (spec.range !== undefined || (spec.shape && spec.shape[1] > 1) || (readsBytes(like) && !areMoments))
    return loadBytes(spec, like);
  const train = await readCsv(spec.train, { ...spec, values: 'numbers' });
  const test =
    spec.test === undefined ? undefined : await readCsv(spec.test, { ...spec, values: 'numbers', like: train });
  const tables = [train, ...(test ? [test] : [])];
  const targets = targetsOf(tables, spec, like);
  const labels = targets?.names ?? classesOf(tables, spec, like);
  const sources = [spec.train, spec.test ?? ''];
  const rows = rowsOf(tables, targets ? undefined : labels, sources, test && train.rowClasses.length);
  return asFound(await tableDataset(spec, { ...rows, targets }, labels, like), [train]);
}

/** Each file is a recording: the class is the name of its folder, or in a column. */
export async function loadCsvFolder(spec: Spec<'csv-folder'>, like?: ModelInput): Promise<Dataset> {
  const { files, classes } = filesOf(spec.train);
  const tables: CsvTable[] = [];
  for (const file of files) {
    const folderClass = classes?.get(file);
    const options: CsvOptions = {
      ...spec,
      values: 'numbers',
      ...(folderClass !== undefined && { fixedClass: folderClass }),
    };
    tables.push(await readCsv(file, { ...options, like: tables[0] }));
  }
  const targets = targetsOf(tables, spec, like);
  const names = [...new Set(tables.flatMap((table) => table.classes))];
  if (!targets && !namesOfModel(like))
    checkAreClasses(
      names,
      tables.reduce((sum, { rowClasses }) => sum + rowClasses.length, 0),
      spec.train,
    );
  const labels = targets?.names ?? spec.labels ?? classNames(names);
  const rows = rowsOf(tables, targets ? undefined : labels, files, undefined);
  const ofFile = Uint32Array.from(tables.flatMap(({ rowClasses }, i) => Array<number>(rowClasses.length).fill(i)));
  const notes = [
    `${spec.train}: ${files.length} recordings. ${tables[0]!.notes[0]}`,
    ...tables.flatMap((table) => table.notes.slice(1)),
  ];
  const dataset = await tableDataset(spec, { ...rows, targets, groups: rows.groups ?? ofFile, notes }, labels, like);
  return asFound(dataset, tables);
}

/** The data set with what its training tables say of themselves. */
function asFound(dataset: Dataset, tables: readonly CsvTable[]): Dataset {
  const decimal = tables.find((table) => table.decimal !== undefined)?.decimal;
  const { label, names } = tables[0]!.layout;
  const labelColumn = label < 0 ? undefined : names?.[label] || label;
  if (decimal === undefined && labelColumn === undefined) return dataset;
  return { ...dataset, tables: { ...(decimal && { decimal }), ...(labelColumn !== undefined && { labelColumn }) } };
}

function filesOf(path: string): { files: readonly string[]; classes?: ReadonlyMap<string, string> } {
  let entries: { name: string; isFolder: boolean }[];
  try {
    entries = readdirSync(path, { withFileTypes: true })
      .filter(({ name }) => !name.startsWith('.'))
      .map((entry) => ({ name: entry.name, isFolder: entry.isDirectory() }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (cause) {
    throw new TrainerError('data-not-found', `${path} cannot be read: ${(cause as Error).message}`, { cause });
  }
  const { files, classes } = recordings({ path, isFolder: true, entries });
  if (files.length === 0) {
    throw new TrainerError('data-not-found', `${path} has no .csv, .tsv or .txt file, in itself or in class folders.`);
  }
  if (classes === undefined) return { files };
  return {
    files,
    classes: new Map(files.map((file) => [file, classes.find((name) => file.startsWith(join(path, name, '/')))!])),
  };
}

/**
 * Class names of a table: those of its training part. Of data for a model, which knows its classes, and where anomalies are looked for, which are
 * often in the test part alone, those of both.
 * @throws TrainerError `invalid-data` for what are no classes
 */
function classesOf(tables: readonly CsvTable[], spec: Spec<'csv'>, like: ModelInput | undefined): readonly string[] {
  const [train] = tables as [CsvTable];
  const isModels = namesOfModel(like) !== undefined;
  if (!isModels) checkAreClasses(train.classes, train.rowClasses.length, spec.train);
  const areAll = isModels || spec.task === 'anomaly';
  return spec.labels ?? classNames(areAll ? tables.flatMap(({ classes }) => classes) : train.classes);
}

/** What the class column has instead of classes, where the task wants that. */
function targetsOf(
  tables: readonly CsvTable[],
  spec: Spec<'csv'> | Spec<'csv-folder'>,
  like: ModelInput | undefined,
): RowTargets | undefined {
  if (spec.task !== 'regression' && spec.task !== 'multiLabel') return undefined;
  const { layout, style } = tables[0]!;
  const texts = tables.flatMap(({ classes }) => classes);
  let before = 0;
  const rowTexts = tables.flatMap(({ classes, rowClasses }) => {
    const indices = Array.from(rowClasses, (index) => before + index);
    before += classes.length;
    return indices;
  });
  const source = spec.train;
  if (spec.task === 'multiLabel') return multiLabelTargets(texts, rowTexts, namesOfModel(like) ?? spec.labels, source);
  return cellTargets(texts, rowTexts, style, featureName(layout.names?.[layout.label] || 'target'), source);
}

/** Tables of the same columns, one after another. @param labels absent: the class column has no classes @param testFrom first row of the test part */
function rowsOf(
  tables: readonly CsvTable[],
  labels: readonly string[] | undefined,
  sources: readonly string[],
  testFrom: number | undefined,
): TableRows {
  const [first] = tables as [CsvTable];
  const numbers = tables.map((table, i) =>
    labels ? csvLabels(table, labels, sources[i]!) : new Uint16Array(table.rowClasses.length),
  );
  let at = 0;
  const breaks: number[] = [];
  for (const table of tables) {
    breaks.push(...(at > 0 ? [at] : []), ...table.breaks.map((row) => row + at));
    at += table.rowClasses.length;
  }
  const all = new Uint16Array(at);
  at = 0;
  for (const [i, table] of tables.entries()) {
    all.set(numbers[i]!, at);
    at += table.rowClasses.length;
  }
  return {
    values: joinedRows(tables.map(({ values }) => values!)),
    labels: all,
    groups: groupsOf(tables),
    breaks,
    testFrom,
    missing: tables.reduce((sum, { missing }) => sum + missing, 0),
    columns: first.layout.features.map((column) => first.layout.names?.[column] || `column ${column}`),
    notes: tables.flatMap(({ notes }) => notes),
  };
}

/** The groups of all rows: what has one name is one group, in whichever file it is. */
function groupsOf(tables: readonly CsvTable[]): Uint32Array | undefined {
  if (tables.every(({ rowGroups }) => rowGroups === undefined)) return undefined;
  const names = [...new Set(tables.flatMap(({ groups = [] }) => groups))];
  const numbers = new Map(names.map((name, number) => [name, number]));
  return Uint32Array.from(
    tables.flatMap(({ groups = [], rowGroups = [] }) => {
      const own = groups.map((name) => numbers.get(name)!);
      return Array.from(rowGroups, (group) => own[group]!);
    }),
  );
}

function tableDataset(
  spec: Spec<'csv'> | Spec<'csv-folder'>,
  rows: TableRows,
  labels: readonly string[],
  like: ModelInput | undefined,
): Promise<Dataset> {
  const options = { ...spec, labels, name: spec.kind, source: spec.train, like };
  if (spec.window !== undefined && spec.window > 1) {
    return momentDataset(rows, { ...options, window: spec.window, hop: spec.hop ?? Math.max(1, spec.window >> 1) });
  }
  return rowDataset(rows, options);
}

/** As pixels are read: all columns alike, of a range or bytes already. */
async function loadBytes(spec: Spec<'csv'>, like: ModelInput | undefined): Promise<Dataset> {
  requireSignals(spec, spec.train);
  if (spec.window !== undefined && spec.window > 1) {
    throw new TrainerError(
      'invalid-data',
      `${spec.train}: windows are made of columns that are scaled by themselves; leave out --data-range and --data-shape, or --window.`,
    );
  }
  const train = await readCsv(spec.train, spec);
  const test = spec.test === undefined ? undefined : await readCsv(spec.test, { ...spec, like: train });
  const labels = classesOf([train, ...(test ? [test] : [])], spec, like);
  const part = (table: CsvTable, source: string) => ({
    samples: {
      count: table.rowClasses.length,
      bytes: table.bytes,
      labels: csvLabels(table, labels, source),
      ...groupsOfPart(table, spec),
    },
    shape: (spec.shape ?? [table.features]) as Shape,
  });
  const dataset = await assemble(
    { ...spec, labels, notes: [...train.notes, ...(test?.notes ?? [])] },
    part(train, spec.train),
    test && part(test, spec.test!),
  );
  return asFound(dataset, [train]);
}

/** What belongs together in a table of bytes. */
function groupsOfPart(
  { rowClasses, rowGroups, breaks }: CsvTable,
  { splitBy, train }: Spec<'csv'>,
): { readonly groups?: Uint32Array } {
  if (splitBy !== 'blocks') return rowGroups ? { groups: rowGroups } : {};
  const rows = { count: rowClasses.length, classes: rowClasses, recordings: rowGroups, breaks };
  return { groups: findBlocks(rows, train).groups };
}
