// What is given to `infer`: numbers of test samples, pictures, tables, arrays, standard input. One record a kind of file.
import { existsSync, statSync } from 'node:fs';
import { extname } from 'node:path';
import type { QuantizedModel } from '@bitnetmcu/models';
import { elementCount, visibleText } from '@bitnetmcu/models/internal';
import type { Dataset } from '@bitnetmcu/trainer';
import { CliError } from '../errors.js';
import { testSamples } from '../inputs/dataset.js';
import { truthOf } from '../results/answers.js';
import { readArrays } from './arrays.js';
import { folderHint } from './folder-hint.js';
import { type Fit, readPicture } from './pictures.js';
import { readRows, STANDARD_INPUT, type TableReading } from './rows.js';
import type { InferSample } from './sample.js';
import { readSounds } from './sounds.js';

interface Reading extends TableReading {
  readonly fit: Fit;
  /** The model's file as the user named it. */
  readonly model: string;
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
    read: (model, path, reading) => readRows(model, path, reading),
  },
  { endings: ['.wav'], read: (model, path, { data, say }) => readSounds(model, path, data, say) },
  { endings: ['.npz', '.npy'], read: (model, path, { data }) => readArrays(model, path, data) },
];

export const isSampleNumber = (input: string): boolean => /^\d+$/.test(input);

/** A path that leads nowhere is a slip of the pen, not a damaged file: said before anything is read. @throws CliError `bad-file` */
export function requireFile(input: string): void {
  if (isSampleNumber(input) || input === STANDARD_INPUT || existsSync(input)) return;
  throw new CliError('bad-file', `${visibleText(input)}: there is no such file; check the path.`);
}

/** Samples of one argument. @throws CliError `usage`, `bad-file`; errors of the readers */
export async function readInput(
  model: QuantizedModel,
  path: string,
  reading: Reading,
  stdin: AsyncIterable<Uint8Array>,
): Promise<InferSample[]> {
  if (path === STANDARD_INPUT) return readRows(model, path, reading, stdin);
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
    throw new CliError('usage', folderHint(path, reading));
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
