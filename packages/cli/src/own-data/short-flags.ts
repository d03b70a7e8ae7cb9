// Short forms of the flags that say how own data are read: --label for --data-label-column, and so on. One record a flag.
import { type Command, Option } from 'commander';
import { wholeNumber } from '../inputs/whole-number.js';

interface ShortFlag {
  readonly flag: string;
  readonly value: string | undefined;
  /** Key of the data spec. */
  readonly key: string;
  readonly text: string;
  readonly parse: (text: string, flag: string) => unknown;
}

const asText = (text: string): string => text;
const asList = (text: string): string[] => text.split(',').map((item) => item.trim());

function asCount(text: string, flag: string): number {
  return wholeNumber(`--${flag}`, text);
}

const SHORT_FLAGS: readonly ShortFlag[] = [
  {
    flag: 'label',
    value: 'column',
    key: 'labelColumn',
    text: 'the column that is to be predicted, by name or number from 0; none: there is no such column (--task anomaly)',
    parse: asText,
  },
  { flag: 'columns', value: 'a,b,…', key: 'columns', text: 'the only columns to learn from', parse: asList },
  { flag: 'ignore', value: 'a,b,…', key: 'ignore', text: 'columns to leave out', parse: asList },
  {
    flag: 'missing',
    value: 'how',
    key: 'missing',
    text: 'where a value is missing: mean (of the column), drop (the row) or error',
    parse: asText,
  },
  {
    flag: 'window',
    value: 'rows',
    key: 'window',
    text: 'rows that make one sample of a signal; 1: every row is a sample',
    parse: asCount,
  },
  { flag: 'hop', value: 'rows', key: 'hop', text: 'rows from one window to the next', parse: asCount },
  {
    flag: 'features',
    value: 'a,b,…',
    key: 'features',
    text: 'what is computed of a signal in integers, on the device too: mean, deviation, minimum, maximum, crossings, rms, bands:8, mel:16; of recordings none for the values themselves',
    parse: asList,
  },
  {
    flag: 'frame',
    value: 'values',
    key: 'frame',
    text: 'values that features are computed of, one time after another; without it all of a window',
    parse: asCount,
  },
  { flag: 'frame-hop', value: 'values', key: 'frameHop', text: 'values from one frame to the next', parse: asCount },
  {
    flag: 'filters',
    value: 'a,b,…',
    key: 'filters',
    text: 'before the features: difference, highpass:0.1, lowpass:0.2 (shares of the sample rate)',
    parse: asList,
  },
  {
    flag: 'layout',
    value: 'order',
    key: 'layout',
    text: 'order of arrays: nchw (channels first) or nhwc (channels last)',
    parse: asText,
  },
  {
    flag: 'task',
    value: 'name',
    key: 'task',
    text: 'what is learned: classification, regression, anomaly or multiLabel',
    parse: asText,
  },
  {
    flag: 'skip-damaged',
    value: undefined,
    key: 'skipDamaged',
    text: 'leave out files that cannot be read, and count them',
    parse: () => true,
  },
];

const camel = (flag: string): string => flag.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** Adds them to a command's help. */
export function addShortFlags(command: Command): void {
  for (const { flag, value, text } of SHORT_FLAGS) {
    const name = value === undefined ? `--${flag}` : `--${flag} <${value}>`;
    command.addOption(new Option(name, text).helpGroup('Your own data:'));
  }
}

/** The keys of a data spec that were given by short flags. @throws CliError `usage` */
export function givenShortFlags(given: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const keys: Record<string, unknown> = {};
  for (const { flag, key, parse } of SHORT_FLAGS) {
    const value = given[camel(flag)];
    if (value !== undefined) keys[key] = parse(String(value), flag);
  }
  return keys;
}
