// What is given to `infer`: numbers of test samples, pictures, tables, arrays, standard input. One record a kind of file.
import { statSync } from 'node:fs';
import { extname } from 'node:path';
import type { QuantizedModel } from '@bitnetmcu/models';
import { elementCount, visibleText } from '@bitnetmcu/models/internal';
import type { Dataset } from '@bitnetmcu/trainer';
import type { DataSpec } from '@bitnetmcu/trainer/internal';
import { CliError } from '../errors.js';
import { testSamples } from '../inputs/dataset.js';
import { truthOf } from '../results/answers.js';
import { readArrays } from './arrays.js';
import { type Fit, readPicture } from './pictures.js';
import { readRows, STANDARD_INPUT } from './rows.js';
import type { InferSample } from './sample.js';
import { readSounds } from './sounds.js';

interface Reading {
  readonly fit: Fit;
  /** How the training read its data, where the model says it. */
  readonly data: DataSpec | undefined;
  /** Hears what is to be known of a file as a whole. */
  say(note: string): void;
}

interface FileKind {
  readonly endings: readonly string[];
  read(model: QuantizedModel, path: string, reading: Reading): InferSample[] | Promise<InferSample[]>;
}

const FILE_KINDS: readonly FileKind[] = [
  {
    endings: ['.png', '.jpg', '.jpeg'],
    read: (model, path, { fit, data }) => [readPicture(model, path, fit, data)],
  },
  {
    endings: ['.csv', '.tsv', '.txt', '.tab', '.data'],
    read: (model, path, { data, say }) => readRows(model, path, data, say),
  },
  { endings: ['.wav'], read: (model, path, { data }) => readSounds(model, path, data) },
  { endings: ['.npz', '.npy'], read: (model, path, { data }) => readArrays(model, path, data) },
];

export const isSampleNumber = (input: string): boolean => /^\d+$/.test(input);

/** Samples of one argument. @throws CliError `usage`, `bad-file`; errors of the readers */
export async function readInput(
  model: QuantizedModel,
  path: string,
  reading: Reading,
  stdin: AsyncIterable<Uint8Array>,
): Promise<InferSample[]> {
  if (path === STANDARD_INPUT) return readRows(model, path, reading.data, reading.say, stdin);
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) {
    throw new CliError('bad-file', `${visibleText(path)}: there is no such file; check the path.`);
  }
  if (found.isDirectory()) {
    const kind = reading.data?.kind;
    const ending = kind === 'recordings' ? '.wav' : kind === 'csv-folder' ? '.csv' : '.png';
    throw new CliError(
      'usage',
      `${visibleText(path)} is a folder. Name its files, as in ${visibleText(path)}/*${ending}; \`bitnetmcu verify\` scores a whole folder by --data-test.`,
    );
  }
  const ending = extname(path).toLowerCase();
  const kind = FILE_KINDS.find(({ endings }) => endings.includes(ending));
  if (kind !== undefined) return kind.read(model, path, reading);
  const known = FILE_KINDS.flatMap(({ endings }) => endings).join(', ');
  throw new CliError(
    'usage',
    `${visibleText(path)} is no file that is read here; wanted is one of ${known}, or - for rows from standard input.`,
  );
}

/** Test samples by number. @throws CliError `invalid-value` */
export function numberedSamples(model: QuantizedModel, dataset: Dataset, numbers: readonly number[]): InferSample[] {
  const beyond = numbers.find((number) => number >= dataset.test.count);
  if (beyond !== undefined) {
    const { count } = dataset.test;
    throw new CliError(
      'invalid-value',
      `There is no test sample ${beyond}: ${visibleText(dataset.name)} has ${count}${count === 0 ? '' : `, 0 to ${count - 1}`}.`,
    );
  }
  const features = elementCount(model.input.shape);
  const { fitted, inputs } = testSamples(dataset, model, numbers);
  const isPicture = model.input.raw === undefined && dataset.shape.length === 3 && dataset.shape[1] > 1;
  return numbers.map((number, i) => ({
    title: `${dataset.name} test sample ${number}`,
    values: fitted.bytes.subarray(i * features, (i + 1) * features),
    input: inputs.subarray(i * features, (i + 1) * features),
    ...truthOf(fitted, i),
    clamped: [],
    isPicture,
  }));
}
