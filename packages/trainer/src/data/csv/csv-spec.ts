// The keys of data sets from CSV files: one table, or a folder of recordings.
import { z } from 'zod';
import { common, constants, curve, path, range, rawType, rowsSplitBy } from '../common-spec.js';
import { featureKeys } from '../features-spec.js';
import { SEPARATOR_CHARACTERS, type SeparatorName } from './dialect.js';

const columnChoice = z.union([z.string(), z.int().min(0)]);
const columnList = z.array(z.coerce.string<string | number>());

/** What a table of rows may say, of one file or of many. */
const tableKeys = {
  labelColumn: columnChoice
    .optional()
    .describe('name or 0-based number of the class column; none: all rows are normal (task anomaly)'),
  header: z.boolean().optional().describe('whether the first row names the columns; found out without it'),
  ignore: columnList.optional().describe('columns to leave out, by name or 0-based number'),
  columns: columnList
    .optional()
    .describe(
      'the only columns to learn from, by name or 0-based number; without it all but the class and ignored ones',
    ),
  groups: columnChoice
    .optional()
    .describe(
      'column that says which rows belong together (a recording, a person, a device): they all go to the same part, test or training',
    ),
  timeColumn: columnChoice
    .optional()
    .describe('column that tells the time of each row, and is not learned from: no window reaches over a jump of it'),
  separator: z
    .enum(Object.keys(SEPARATOR_CHARACTERS) as [SeparatorName, ...SeparatorName[]])
    .optional()
    .describe('what separates the cells of a row; found out without it'),
  decimal: z
    .enum(['point', 'comma'])
    .optional()
    .describe('decimal mark of numbers, the other mark then separates thousands; found out without it'),
  encoding: z
    .enum(['utf-8', 'utf-16le', 'utf-16be', 'latin1'])
    .optional()
    .describe('how the file writes letters as bytes; UTF-8 and UTF-16 are told apart without it'),
  missing: z
    .enum(['error', 'drop', 'mean'])
    .default('error')
    .describe(
      'what to do where a value is missing: stop, leave out the row, or take the mean of the column in the training part',
    ),
  window: z
    .int()
    .min(1)
    .max(65_535)
    .optional()
    .describe(
      'rows that make one sample, for tables whose rows are moments of a signal and whose columns are its channels; 1, or nothing: every row is a sample',
    ),
  hop: z
    .int()
    .min(1)
    .max(65_535)
    .optional()
    .describe('rows from the begin of one window to the next; without it half a window'),
  ...featureKeys,
  rawType,
  curve,
  constants,
};

export const csvSpec = z.strictObject({
  kind: z.literal('csv'),
  train: path.describe('file with the samples, one a row'),
  test: path.optional().describe('file with the test samples; without it some are split off'),
  ...tableKeys,
  shape: z
    .tuple([z.int().min(1).max(65_535), z.int().min(1).max(65_535), z.int().min(1).max(65_535)])
    .optional()
    .describe('channels, height, width, where a row is an image, or a signal (height 1)'),
  range,
  ...common,
  splitBy: rowsSplitBy,
});

export const csvFolderSpec = z.strictObject({
  kind: z.literal('csv-folder'),
  train: path.describe('folder of CSV files, one a recording, in one folder for each class or with a class column'),
  ...tableKeys,
  ...common,
  splitBy: rowsSplitBy,
});
