// The data set that a command works on: flags, the default that a model suggests, and its test samples in the model's input shape.

import { extname } from 'node:path';
import { type Provenance, type QuantizedModel, quantizeInput, type Shape } from '@bitnetmcu/models';
import { elementCount, parseWithSchema, recordedData, visibleText } from '@bitnetmcu/models/internal';
import { type Dataset, fitInput, fitSamples, type LoadOptions, loadDataset, type Samples } from '@bitnetmcu/trainer';
import { type DataSpec, dataSpecSchema } from '@bitnetmcu/trainer/internal';
import type { Command } from 'commander';
import { z } from 'zod';
import { addSchemaFlags, applyFlags, flagWords, schemaFlags } from '../config/schema-flags.js';
import { CliError } from '../errors.js';
import type { Terminal } from '../terminal.js';

const flags = schemaFlags(z.strictObject({ data: dataSpecSchema }));

/** Adds `--data` and its companions. */
export function addDataFlags(command: Command): void {
  addSchemaFlags(command, flags, 'Data set:');
}

/** The data set's flags of a command line, to be written in another one: `--data`, `npz`, `--data-path`, `my.npz`. */
export function givenDataFlags(given: Readonly<Record<string, unknown>>): string[] {
  return flagWords(flags, given);
}

/** The keys of a data spec that the flags give, whatever they belong to. */
export function givenDataKeys(given: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const document: Record<string, unknown> = {};
  applyFlags(document, flags, given);
  return (document.data ?? {}) as Record<string, unknown>;
}

/**
 * The data set that the flags describe; without `--data` the one that a model says it was trained on, else MNIST.
 * A file in the place of a kind, `--data iris.csv`, is data of its kind.
 * @param input shape of the samples that are wanted: of others than MNIST's digits, whole or at 16×16, a data set has to be named
 * @throws ModelError `invalid-spec` naming the wrong key; CliError `usage`
 */
export function dataSpec(
  flagged: Readonly<Record<string, unknown>>,
  provenance: Provenance = {},
  input?: Shape,
): DataSpec {
  const given = withNamedFile(flagged);
  const document: Record<string, unknown> = {};
  if (given.data === undefined && ownDataSpec(provenance) === undefined && input && !isDigit(input)) {
    throw new CliError(
      'usage',
      `The model does not say which data set it is for, and its input of ${input.join('×')} values is no digit of MNIST. Name one with --data, such as --data npz --data-path samples.npz.`,
    );
  }
  if (given.data === undefined) document.data = { ...(ownDataSpec(provenance) ?? { kind: 'mnist' }) };
  applyFlags(document, flags, given);
  return parseWithSchema(dataSpecSchema, document.data, 'data set (--data …)', 'invalid-spec');
}

/** Kinds of data that are one file, by its ending, and the flag that names it. */
const FILE_KINDS: Readonly<Record<string, readonly [kind: string, key: string, flag: string]>> = {
  '.npz': ['npz', 'dataPath', '--data-path'],
  '.csv': ['csv', 'dataTrain', '--data-train'],
  '.tsv': ['csv', 'dataTrain', '--data-train'],
};

function withNamedFile(given: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { data } = given;
  const kind = typeof data === 'string' ? FILE_KINDS[extname(data).toLowerCase()] : undefined;
  if (kind === undefined) return given;
  const [name, key, flag] = kind;
  if (given[key] !== undefined) {
    throw new CliError(
      'usage',
      `--data ${visibleText(String(data))} names the file, and so does ${flag} ${visibleText(String(given[key]))}; leave one out, or say --data ${name}.`,
    );
  }
  return { ...given, data: name, [key]: data };
}

/** The sizes of MNIST's digits here: as they come, and as the networks of the original project read them. */
function isDigit(input: Shape): boolean {
  return ['1,28,28', '784', '1,16,16', '256'].includes(input.join());
}

/** A model that our trainer made says how its data set is loaded; whatever else stands there is not a data set. */
export function ownDataSpec(provenance: Provenance): DataSpec | undefined {
  const parsed = dataSpecSchema.safeParse(recordedData(provenance));
  return parsed.success ? parsed.data : undefined;
}

/** Loads a data set, telling the user about downloads. @throws TrainerError as `loadDataset`. */
export function openDataset(
  spec: DataSpec,
  terminal: Terminal,
  isShown: (notice: string) => boolean = () => true,
  like?: LoadOptions['like'],
): Promise<Dataset> {
  return loadDataset(spec, { like, onNotice: (notice) => isShown(notice) && terminal.note(notice) });
}

export interface TestSamples {
  /** As they are in the data set. */
  readonly raw: Samples;
  /** uint8 in the model's input shape. */
  readonly fitted: Samples;
  /** The model's int8 inputs. */
  readonly inputs: Int8Array;
}

/**
 * The first `choice` test samples (all without), or those of these numbers, resized and quantized for a model.
 * @throws CliError `usage` for a number that the data set does not have
 */
export function testSamples(dataset: Dataset, model: QuantizedModel, choice?: number | readonly number[]): TestSamples {
  const features = elementCount(dataset.shape);
  requireTestSamples(dataset);
  const raw =
    typeof choice === 'object'
      ? pickSamples(dataset.test, features, choice)
      : takeSamples(dataset.test, features, choice ?? dataset.test.count);
  const fitted = fitSamples(raw, fitInput(dataset.shape, model.input.shape));
  return { raw, fitted, inputs: quantizeInput(model, fitted.bytes) };
}

/** @throws CliError `usage` */
function requireTestSamples({ name, test }: Dataset): void {
  if (test.count > 0) return;
  throw new CliError(
    'usage',
    `${name} has no test sample. Give a test part, or a larger share of the samples (--data-test-share).`,
  );
}

/**
 * Says so where the first samples of the test part stand for few of its classes, as in data sorted by class: scores, cycles that depend on
 * the data, and self-tests then say little of the others.
 */
export function noteFewClasses(dataset: Dataset, { raw }: TestSamples, terminal: Terminal): void {
  if (!areFewClasses(dataset, raw.labels)) return;
  const { test, labels } = dataset;
  const [all, some] = [new Set(test.labels), new Set(raw.labels)];
  const names = [...some].slice(0, 5).map((label) => labels[label] ?? label);
  terminal.note(
    `The first ${raw.count} test samples are of ${some.size} of ${all.size} classes (${names.join(', ')}${some.size > 5 ? ', …' : ''}): the data are sorted. Take more of them, or mix the data set.`,
  );
}

function areFewClasses({ test, output }: Dataset, labels: Uint16Array): boolean {
  const [all, some] = [new Set(test.labels), new Set(labels)];
  return output === undefined && some.size * 2 <= Math.min(all.size, labels.length);
}

/** The first so many test samples; where those stand for few classes, the first of each class, the second of each, and so on. */
export function mixedSamples(dataset: Dataset, limit: number, terminal: Terminal): number | readonly number[] {
  const { labels, count } = dataset.test;
  if (!areFewClasses(dataset, labels.subarray(0, limit))) return limit;
  const seen = new Map<number, number>();
  const turns = Array.from(labels, (label) => {
    const turn = seen.get(label) ?? 0;
    seen.set(label, turn + 1);
    return turn;
  });
  const numbers = [...labels.keys()].sort((a, b) => turns[a]! - turns[b]! || a - b).slice(0, limit);
  terminal.note(
    `The test part is sorted by class: ${numbers.length} of its ${count} samples are taken, of each class in turn.`,
  );
  return numbers;
}

function takeSamples(samples: Samples, features: number, limit: number): Samples {
  const count = Math.min(limit, samples.count);
  const { bytes, labels, targets } = samples;
  const outputs = targets === undefined ? 0 : targets.length / samples.count;
  return {
    count,
    bytes: bytes.subarray(0, count * features),
    labels: labels.subarray(0, count),
    ...(targets && { targets: targets.subarray(0, count * outputs) }),
  };
}

function pickSamples(samples: Samples, features: number, indices: readonly number[]): Samples {
  const beyond = indices.find((index) => index >= samples.count);
  if (beyond !== undefined) {
    throw new CliError('usage', `There is no test sample ${beyond}; the data set has 0 to ${samples.count - 1}.`);
  }
  const { targets } = samples;
  const outputs = targets === undefined ? 0 : targets.length / samples.count;
  const bytes = new Uint8Array(indices.length * features);
  indices.forEach((index, i) => {
    bytes.set(samples.bytes.subarray(index * features, (index + 1) * features), i * features);
  });
  return {
    count: indices.length,
    bytes,
    labels: Uint16Array.from(indices, (index) => samples.labels[index]!),
    ...(targets && {
      targets: Float32Array.from(
        indices.flatMap((index) => [...targets.subarray(index * outputs, (index + 1) * outputs)]),
      ),
    }),
  };
}
