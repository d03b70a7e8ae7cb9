// The data set of a model. What a model file says is not trusted with choosing which local files are opened: data sets by name, and
// those that the user has named before, are opened at once; any other one only when the user says so.
import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import type { QuantizedModel } from '@bitnetmcu/models';
import { recordedOnnx, visibleText } from '@bitnetmcu/models/internal';
import { type Dataset, loadDataset, readCheckpoint, type TrainingConfig } from '@bitnetmcu/trainer';
import { type DataSpec, pathsOf } from '@bitnetmcu/trainer/internal';
import { confirm, isCancel } from '@clack/prompts';
import type { Command } from 'commander';
import { CliError } from '../errors.js';
import type { Terminal } from '../terminal.js';
import { dataSpec, openDataset, ownDataSpec } from './dataset.js';
import { isKnownFile, knownDataSet, rememberDataSet, rememberFiles } from './known-data.js';

export interface DataTrust {
  readonly trustData?: boolean;
}

/** Adds `--trust-data`. */
export function addTrustFlag(command: Command): void {
  command.option('--trust-data', 'open the data files that the model names, although you have not named them before');
}

/** What of a model says how data are read for it. */
interface DataReader extends Pick<QuantizedModel, 'provenance'>, Partial<Pick<QuantizedModel, 'labels' | 'output'>> {
  readonly input?: Pick<QuantizedModel['input'], 'shape' | 'raw' | 'frontEnd'>;
}

const likeOf = ({ input, labels, output, provenance }: DataReader) => ({ ...input, labels, output, provenance });

/**
 * The data set that the flags name; without `--data` the one that the model was trained on, if it may be opened.
 * @throws CliError `untrusted-data` telling which files the model asks for and what to type; TrainerError as `loadDataset`
 */
export async function openModelData(
  given: Readonly<Record<string, unknown>> & DataTrust,
  model: DataReader,
  terminal: Terminal,
): Promise<Dataset> {
  const { provenance, input } = model;
  const own = given.data === undefined ? ownDataSpec(provenance) : undefined;
  const spec =
    own === undefined
      ? dataSpec(given, {}, input?.shape)
      : dataSpec(given, { config: { data: await trustedDataSpec(own, provenance.datasetSha256, given, terminal) } });
  const dataset = await openDataset(spec, terminal, undefined, input && likeOf(model));
  const { datasetSha256 } = provenance;
  const isOther = datasetSha256 !== undefined && datasetSha256 !== dataset.sha256;
  if (isOther) {
    terminal.note(
      `The samples of ${visibleText(dataset.name)} are not those that the model was ${recordedOnnx(provenance) ? 'calibrated' : 'trained'} on (other SHA-256): changed since, or another data set. Scores here may count samples that it was trained with.`,
    );
  }
  rememberDataSet(dataset.sha256, spec);
  return dataset;
}

/**
 * The data set of a model where it is at hand without a question or a download: files that the user has named before. Undefined for any other,
 * and where they are gone.
 */
export async function openKnownData(model: DataReader, terminal: Terminal): Promise<Dataset | undefined> {
  const { datasetSha256 } = model.provenance;
  const known = knownDataSet(typeof datasetSha256 === 'string' ? datasetSha256 : undefined);
  if (known === undefined) return undefined;
  try {
    const dataset = await loadDataset(known, { like: likeOf(model) });
    if (dataset.sha256 === datasetSha256) return dataset;
    terminal.detail(
      'The data that the model was trained on have changed; the nearest training sample is not looked for.',
    );
  } catch (error) {
    terminal.detail(`The data that the model was trained on cannot be read: ${(error as Error).message}`);
  }
  return undefined;
}

/**
 * Opens a data set that the user named, and remembers it.
 * @param isShown which notices of reading it are, where not all
 * @throws TrainerError as `loadDataset`
 */
export async function openNamedDataset(
  data: DataSpec,
  terminal: Terminal,
  isShown?: (notice: string) => boolean,
): Promise<Dataset> {
  const dataset = await openDataset(data, terminal, isShown);
  rememberDataSet(dataset.sha256, data);
  return dataset;
}

/**
 * What a file says that it was trained on, as it may be opened: the user's own description of the same samples where there is one.
 * @param sha256 of its samples
 * @throws CliError `untrusted-data`
 */
async function trustedDataSpec(
  own: DataSpec,
  sha256: unknown,
  given: Readonly<Record<string, unknown>> & DataTrust,
  terminal: Terminal,
): Promise<DataSpec> {
  const { trustData } = given;
  // A path that a flag replaces is not opened.
  const paths = pathsOf(own).filter(([key]) => given[`data${key[0]!.toUpperCase()}${key.slice(1)}`] === undefined);
  if (paths.length === 0) return own;
  const known = knownDataSet(typeof sha256 === 'string' ? sha256 : undefined);
  if (known !== undefined && (pathsExist(known) || !isMoved(own, known))) return known;
  // Moved together with the model: the same files that the user named, by their names, where the model says.
  if (known !== undefined) return own;
  const asked = paths.map(([, path]) => path);
  if (trustData || (await isConfirmed(asked, terminal))) return own;
  const flags = paths.map(([key]) => `--data-${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} <path>`);
  throw untrusted(
    'The model names data files that you have not named before',
    asked,
    `say yourself where the data are: --data ${own.kind} ${flags.join(' ')}`,
  );
}

const pathsExist = (data: DataSpec): boolean => pathsOf(data).every(([, path]) => existsSync(path));

/** Whether the files that a model names are there, and called as those that the user named once for the same samples. */
function isMoved(own: DataSpec, known: DataSpec): boolean {
  const names = (data: DataSpec) => pathsOf(data).map(([key, path]) => `${key}:${basename(path)}`);
  return own.kind === known.kind && names(own).join('/') === names(known).join('/') && pathsExist(own);
}

/**
 * The data set of a checkpoint to resume, as it may be opened; its teachers are checked in the same way.
 * @throws CliError `untrusted-data`; TrainerError `invalid-checkpoint`
 */
export async function checkpointDataSpec(path: string, trust: DataTrust, terminal: Terminal): Promise<DataSpec> {
  const { config, dataset } = readCheckpoint(path);
  const unknown = teachersOf(config).filter((teacher) => !isKnownFile(teacher));
  if (unknown.length > 0 && !trust.trustData && !(await isConfirmed(unknown, terminal))) {
    throw untrusted('The checkpoint names teachers that you have not named before', unknown);
  }
  rememberFiles(teachersOf(config));
  return trustedDataSpec(config.data, dataset.sha256, { trustData: trust.trustData === true }, terminal);
}

/** Remembers what the user's own configuration names. */
export function rememberTraining(config: TrainingConfig, sha256: string): void {
  rememberDataSet(sha256, config.data);
  rememberFiles(teachersOf(config));
}

function teachersOf({ loss = [], frozen = [] }: TrainingConfig): string[] {
  return [
    ...loss.flatMap((term) => (term.kind === 'distillation' || term.kind === 'features' ? [term.teacher].flat() : [])),
    ...frozen.flatMap(({ teacher }) => teacher ?? []),
  ];
}

async function isConfirmed(paths: readonly string[], terminal: Terminal): Promise<boolean> {
  if (terminal.json || !terminal.isInteractive || !process.stdin.isTTY) return false;
  terminal.note(
    `The file names data that you have not named before:\n${paths.map((path) => `  ${quoted(path)}`).join('\n')}`,
  );
  const answer = await confirm({ message: 'Open them?', initialValue: false });
  return !isCancel(answer) && answer;
}

function untrusted(what: string, paths: readonly string[], alternative?: string): CliError {
  return new CliError(
    'untrusted-data',
    `${what}, and nothing was opened:\n${paths.map((path) => `  ${quoted(path)}`).join('\n')}\n` +
      `If they are yours, type the same command with --trust-data${alternative === undefined ? '' : `, or ${alternative}`}.`,
  );
}

/** Control characters, and those that turn the direction of text, would change what the terminal shows. */
function quoted(path: string): string {
  return JSON.stringify(path).replace(
    /[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
