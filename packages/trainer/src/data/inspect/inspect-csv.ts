// Looks at a table in a CSV file: how it is written, what its columns are, which samples it makes.
import { extname } from 'node:path';
import { answerWords } from '../answer-words.js';
import { SEPARATOR_NAMES } from '../csv/dialect.js';
import { columnTitle, listed } from '../csv/header.js';
import type { DataSpecInput } from '../data-spec.js';
import { clockAssumptions } from './clock-columns.js';
import { type ColumnRoles, columnRoles } from './column-roles.js';
import { type Part, singleRows } from './dependent-rows.js';
import { columnName, columnsHint, headerHint, labelHint } from './hints.js';
import type { Assumption, InspectedKind, Overrides } from './inspection.js';
import { withoutLabel } from './label-column.js';
import { looksLikeSignal, pictureShape } from './row-shape.js';
import { scanCsv, type TableFacts } from './scan-csv.js';
import { guessWindow } from './time-rows.js';

export const inspectCsv: InspectedKind = {
  title: 'a table (.csv, .tsv, .txt)',
  matches: ({ path, isFolder }) =>
    !isFolder && ['.csv', '.tsv', '.txt', '.data', '.tab'].includes(extname(path).toLowerCase()),
  async inspect({ path }, overrides) {
    const facts = await scanCsv(path, overrides);
    const roles = columnRoles(facts, overrides);
    const { keys, assumptions } = tableKeys(facts, roles, overrides);
    return { spec: { kind: 'csv', train: path, ...overrides, ...keys } as DataSpecInput, assumptions };
  },
};

/** The keys of a table's spec, and the assumptions in them. */
export function tableKeys(
  facts: TableFacts,
  roles: ColumnRoles,
  overrides: Overrides,
): { keys: Record<string, unknown>; assumptions: Assumption[] } {
  const columns = columnKeys(facts, roles, overrides);
  const samples = sampleKeys(facts, roles, overrides);
  const missing = missingKeys(facts, roles, { ...samples.keys, ...overrides });
  return {
    keys: { ...columns.keys, ...missing.keys, ...samples.keys },
    assumptions: [
      ...styleAssumptions(facts, roles, overrides),
      ...columns.assumptions,
      ...missing.assumptions,
      ...samples.assumptions,
    ],
  };
}

/** How the file is written. */
function styleAssumptions(facts: TableFacts, roles: ColumnRoles, overrides: Overrides): Assumption[] {
  const { style, names, units, encoding, hasByteOrderMark, comments, columns } = facts;
  const found = (key: string, otherwise: string) => (overrides[key] === undefined ? otherwise : 'as asked');
  const commas = columns.reduce((sum, { decimalCommas }) => sum + decimalCommas, 0);
  return [
    {
      what: `separator: ${SEPARATOR_NAMES[style.separator]}`,
      because: found('separator', 'most cells are numbers so'),
      change: '--data-separator NAME',
    },
    ...(style.decimal || commas > 0
      ? [
          {
            what: `decimal mark: ${style.decimal ?? 'comma'}${style.decimal ? ', the other mark groups thousands' : ''}`,
            because: found('decimal', 'numbers are written so'),
            change: '--data-decimal MARK',
          },
        ]
      : []),
    {
      what: `first row: ${names ? 'names of the columns' : 'a sample (no header)'}`,
      because: found(
        'header',
        names
          ? `words above numbers, or the name of the ${answerWords(overrides.task).noun} column`
          : 'it is like the others',
      ),
      change: headerHint(facts, roles),
    },
    ...(units
      ? [
          {
            what: `second row: passed over (${listed(units)})`,
            because: 'words above numbers, as units are',
            change: '',
          },
        ]
      : []),
    ...(encoding !== 'utf-8' || hasByteOrderMark
      ? [
          {
            what: `encoding: ${encoding.toUpperCase()}${hasByteOrderMark ? ' with a byte order mark' : ''}`,
            because: found('encoding', 'its first bytes'),
            change: '--data-encoding NAME',
          },
        ]
      : []),
    ...(comments > 0
      ? [{ what: `remarks: ${comments} lines passed over`, because: 'they begin with #', change: '' }]
      : []),
  ];
}

function columnKeys(facts: TableFacts, roles: ColumnRoles, overrides: Overrides): Part {
  const { label, labelReason, group, leftOut, features } = roles;
  const name = (column: number) => columnName(facts, column);
  const ignored = [
    ...((overrides.ignore as readonly unknown[]) ?? []),
    ...leftOut.map(({ column }) => name(column)),
  ].map(String);
  const { noun } = answerWords(overrides.task);
  // Of values that are to be predicted nearly all are different.
  const classes = overrides.task === 'regression' ? undefined : facts.columns[label]?.distinct;
  return {
    keys: {
      ...(label >= 0 ? { labelColumn: name(label) } : withoutLabel(facts, overrides)),
      ...(ignored.length > 0 && overrides.columns === undefined && { ignore: ignored }),
      ...(group !== undefined && { groups: name(group) }),
    },
    assumptions: [
      {
        what:
          label < 0
            ? 'all rows are normal: there is no label column'
            : `${noun}: ${columnTitle(facts, label)}${classes ? ` (${classes.size} different${facts.isWhole ? '' : ` in the first ${facts.rows} rows`}: ${listed([...classes.keys()])})` : ''}`,
        because: labelReason,
        change: labelHint(facts, roles, overrides),
      },
      ...groupAssumptions(facts, group, overrides),
      ...leftOut.map(({ column, reason }) => ({
        what: `left out: ${columnTitle(facts, column)}`,
        because: reason,
        change: columnsHint(facts, features, column),
      })),
      ...constantColumns(facts, features),
      ...clockAssumptions(facts, features),
      {
        what: `learned from: ${features.length} columns (${listed(features.map((column) => String(name(column))))})`,
        because: featuresReason(features, overrides),
        change: '--columns A,B or --ignore A,B',
      },
    ],
  };
}

/** Why these columns are learned from. */
export function featuresReason(features: readonly number[], { columns }: Overrides): string {
  if (columns === undefined) return 'the numbers that are left';
  return features.length === new Set(columns as readonly unknown[]).size
    ? 'as asked'
    : 'what is left of those asked for';
}

export function groupAssumptions(facts: TableFacts, group: number | undefined, overrides: Overrides): Assumption[] {
  if (group === undefined) return [];
  return [
    {
      what: `rows that belong together: ${columnTitle(facts, group)}`,
      because: overrides.groups === undefined ? 'its name' : 'as asked',
      change: '--data-groups COLUMN',
    },
  ];
}

function constantColumns(facts: TableFacts, features: readonly number[]): Assumption[] {
  const constant = features.filter((column) => facts.columns[column]!.isConstant);
  if (constant.length === 0 || !facts.isWhole) return [];
  return [
    {
      what: `left out: ${constant.length} ${constant.length === 1 ? 'column' : 'columns'} of one value (${listed(constant.map((column) => String(columnName(facts, column))))})`,
      because: 'nothing is learned from a constant',
      change: '--data-constants keep',
    },
  ];
}

export function missingKeys(
  { columns, rows }: TableFacts,
  { label, features }: Pick<ColumnRoles, 'label' | 'features'>,
  overrides: Overrides,
): Part {
  const missing = features.reduce((sum, column) => sum + columns[column]!.missing, 0);
  // No label at all is an answer too.
  const unlabelled = overrides.task === 'multiLabel' ? 0 : (columns[label]?.missing ?? 0);
  if (missing + unlabelled === 0) return { keys: {}, assumptions: [] };
  // Of bytes on one scale no column has a mean.
  const areBytes = overrides.range !== undefined || Number((overrides.shape as readonly number[] | undefined)?.[1]) > 1;
  const policy = String(overrides.missing ?? (areBytes ? 'drop' : 'mean'));
  const done = {
    mean: 'the mean of the column in the training part is taken',
    drop: 'their rows are left out',
    error: 'refused',
  }[policy];
  return {
    keys: { missing: policy },
    assumptions: [
      ...(missing > 0
        ? [
            {
              what: `missing values: ${missing} of ${rows * features.length}; ${done}`,
              because:
                overrides.missing !== undefined ? 'as asked' : areBytes ? 'pixels have no mean' : 'no row is lost so',
              change: `--missing ${policy === 'mean' ? 'drop' : areBytes ? 'error' : 'mean'}`,
            },
          ]
        : []),
      ...(unlabelled > 0 && policy !== 'error'
        ? [
            {
              what: `rows without a ${answerWords(overrides.task).noun}: ${unlabelled}; they are left out`,
              because: 'nothing says what they are',
              change: '--missing error',
            },
          ]
        : []),
    ],
  };
}

/** Of windows: the column by which jumps of the time are seen. */
export function timeKeys(
  facts: TableFacts,
  { time }: Pick<ColumnRoles, 'time'>,
  overrides: Overrides,
): Record<string, unknown> {
  if (time === undefined || overrides.timeColumn !== undefined) return {};
  return { timeColumn: columnName(facts, time) };
}

/** What a sample is: a row, a row of pixels, a row of a signal, or a window of rows. */
function sampleKeys(facts: TableFacts, roles: ColumnRoles, overrides: Overrides): Part {
  if (overrides.shape !== undefined || overrides.range !== undefined) return { keys: {}, assumptions: [] };
  const { features } = roles;
  const guess = overrides.window === undefined ? guessWindow(facts, roles) : undefined;
  const window = (overrides.window as number | undefined) ?? guess?.window;
  if (window !== undefined && window > 1) {
    const hop = (overrides.hop as number | undefined) ?? Math.max(1, window >> 1);
    return {
      keys: {
        window,
        hop,
        ...timeKeys(facts, roles, overrides),
      },
      assumptions: [
        {
          what: `samples: windows of ${window} rows, a new one every ${hop}`,
          because: guess?.because ?? 'as asked',
          change: `--window ${2 * window} --hop ${window}, or --window 1 for single rows`,
        },
      ],
    };
  }
  const picture = pictureShape(facts, features);
  if (picture) {
    return {
      keys: { shape: picture },
      assumptions: [
        {
          what: `samples: pictures of ${picture[1]}×${picture[2]} pixels`,
          because: `${features.length} whole numbers from 0 to 255 a row`,
          change: `--data-shape 1,1,${features.length} for signals`,
        },
      ],
    };
  }
  if (looksLikeSignal(facts, features)) {
    return {
      keys: { shape: [1, 1, features.length] },
      assumptions: [
        {
          what: `samples: signals of ${features.length} values, a row each`,
          because: 'each value is near the one before',
          change: `--data-shape C,1,L for C channels of L values`,
        },
      ],
    };
  }
  return singleRows(facts, roles, overrides);
}
