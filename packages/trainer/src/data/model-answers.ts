// Answers of data for a model, by the names that the model has for them: the order and the number of those in the data say nothing.
import { isDeepStrictEqual } from 'node:util';
import { TrainerError } from '../errors.js';
import { numberedClasses } from './classes.js';
import { className } from './csv/numbers.js';
import { type Dataset, datasetSteps } from './dataset.js';
import type { ModelInput } from './read-like.js';
import { runInSlices } from './slices.js';

/** Names that a sentence has at most. */
const LISTED = 8;

/** The names of a model's answers, where it has them. */
export function namesOfModel(like: ModelInput | undefined): readonly string[] | undefined {
  return like?.labels?.length ? like.labels : undefined;
}

/** The names of a model's classes: of one that tells normal from abnormal those of the data are others. */
const classesOfModel = (like: ModelInput | undefined) => (like?.output ? undefined : namesOfModel(like));

/**
 * The data with the answers of a model, in its order.
 * @throws TrainerError `invalid-data` for an answer that the model does not have
 */
export async function answersLike(dataset: Dataset, like: ModelInput): Promise<Dataset> {
  const names = namesOfModel(like);
  const [own, wanted] = [dataset.output?.task, like.output?.task];
  if (own !== undefined && names && own !== wanted) {
    throw new TrainerError(
      'invalid-data',
      `${dataset.name}: the data are read for ${own}, and the model is one of ${wanted ?? 'classification'}. Leave out --data-task (key \`task\`).`,
    );
  }
  // Samples without what the model answers have nothing to be compared.
  if (names === undefined || own !== wanted || isDeepStrictEqual(dataset.labels, names)) return dataset;
  return own === undefined ? classesLike(dataset, names) : outputsLike(dataset, names);
}

async function classesLike(dataset: Dataset, names: readonly string[]): Promise<Dataset> {
  const { name, labels, train, test } = dataset;
  const numbers = new Map(names.map((one, i) => [className(one), i]));
  const places = labels.map((label) => numbers.get(className(label)));
  const used = [...new Set([...train.labels, ...test.labels])];
  const unknown = used.filter((label) => places[label] === undefined).map((label) => labels[label]!);
  // A model that only numbers its classes says nothing against as many names.
  if (unknown.length > 0 && isNumbering(names) && labels.length === names.length && unknown.length === used.length) {
    return noted(dataset, [
      `${name}: the model numbers its classes, and the data name as many; they are taken in this order: ${numbered(labels)}.`,
    ]);
  }
  if (unknown.length > 0) {
    throw new TrainerError(
      'invalid-data',
      `${name}: the model has no class ${listed(unknown)}; its classes are ${listed(names)}. Call the classes as in training, or leave out samples of others.`,
    );
  }
  const found = new Set(places);
  const absent = names.filter((_, i) => !found.has(i));
  const renumbered = (part: Dataset['train']) => ({ ...part, labels: part.labels.map((label) => places[label]!) });
  return runInSlices(
    datasetSteps({
      ...noted(
        dataset,
        absent.length > 0 ? [`${name}: of the model's classes the data do not have ${listed(absent)}.`] : [],
      ),
      labels: names,
      train: renumbered(train),
      test: renumbered(test),
    }),
  );
}

/** As arrays, and tables without names, call what they have. */
const UNNAMED = /^(target|label)( \d+)?$/;

/** Values and labels stand in columns: those without names are taken in order. */
async function outputsLike(dataset: Dataset, names: readonly string[]): Promise<Dataset> {
  const { name, labels } = dataset;
  const isUnnamed = [labels, names].some((some) => some.every((one) => UNNAMED.test(one)));
  if (labels.length !== names.length || !isUnnamed) {
    throw new TrainerError(
      'invalid-data',
      `${name}: the data have answers for ${listed(labels)}, and the model gives ${listed(names)}. Give the data the columns of training, with the same names.`,
    );
  }
  return noted({ ...dataset, labels: names }, [
    `${name}: ${listed(labels)} of the data count as ${listed(names)} of the model.`,
  ]);
}

/**
 * Names of classes that the data only number. Of data for a model that does so too they are the same; of another, the numbers of its classes.
 * @param parts class numbers of the samples of the training part, and of the test part
 * @throws TrainerError `invalid-data` for a number that the model does not have; without a model as `numberedClasses`
 */
export function namesOfNumbers(
  parts: readonly Uint16Array[],
  like: ModelInput | undefined,
  source: string,
): { readonly labels: readonly string[]; readonly notes: readonly string[] } {
  const names = classesOfModel(like);
  if (names === undefined) return { labels: numberedClasses(parts[0]!, source), notes: [] };
  let largest = 0;
  for (const labels of parts) for (const label of labels) largest = Math.max(largest, label);
  if (names.every((name) => /^\d+$/.test(className(name)))) {
    return { labels: isNumbering(names) && largest < names.length ? names : digits(largest + 1), notes: [] };
  }
  if (largest >= names.length) {
    throw new TrainerError(
      'invalid-data',
      `${source}: the model has no class of number ${largest}; its classes are ${numbered(names)}. Number the classes as in training, or name them with --data-labels (key \`labels\`).`,
    );
  }
  return {
    labels: names,
    notes: [
      `${source}: the classes are numbers, taken as those of the model: ${numbered(names)} (--data-labels names others, key \`labels\`).`,
    ],
  };
}

const digits = (count: number): string[] => Array.from({ length: count }, (_, i) => String(i));
const isNumbering = (names: readonly string[]): boolean => names.every((name, i) => name === String(i));
const noted = (dataset: Dataset, notes: readonly string[]): Dataset => ({
  ...dataset,
  notes: [...(dataset.notes ?? []), ...notes],
});
const numbered = (names: readonly string[]): string => listed(names.map((name, i) => `${i} ${name}`));

function listed(names: readonly string[]): string {
  return `${names.slice(0, LISTED).join(', ')}${names.length > LISTED ? ', …' : ''}`;
}
