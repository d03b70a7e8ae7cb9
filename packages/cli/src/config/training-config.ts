// The configuration of `train` and its like: a YAML file, and every option of the trainer's schema as a flag over it.
import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { type NetworkSpec, PRESET_NAMES } from '@bitnetmcu/models';
import { readNetworkSpecFile } from '@bitnetmcu/models/node';
import { unknownName } from '@bitnetmcu/quant/internal';
import { parseTrainingConfig, type TrainingConfig, trainingConfigSchema } from '@bitnetmcu/trainer';
import { mapPaths } from '@bitnetmcu/trainer/internal';
import type { Command } from 'commander';
import { CliError } from '../errors.js';
import { addSchemaFlags, applyFlags, expandShorthand, schemaFlags } from './schema-flags.js';
import { readYamlFile } from './yaml-file.js';

/** The network is a preset's name or a whole document: it has flags of its own. */
const flags = schemaFlags(trainingConfigSchema, ['network']);

export interface NetworkFlags extends Record<string, unknown> {
  readonly preset?: string;
  readonly network?: string;
}

/** Adds `--preset`, `--network` and a flag for every option of the training configuration. */
export function addTrainingFlags(command: Command): void {
  command
    .option('--preset <name>', `a network by name: ${PRESET_NAMES.join(', ')} (default: fc-12k)`)
    .option('--network <file>', 'a network of your own: a JSON file with its spec');
  addSchemaFlags(command, flags, 'Training (the keys of a configuration file):');
}

/** Which flags of the training configuration were given, for a command that cannot take them. */
export function givenTrainingFlags(given: NetworkFlags): string[] {
  const probe: Record<string, unknown> = {};
  applyFlags(probe, flags, given);
  return [...Object.keys(probe), ...(['preset', 'network'] as const).filter((key) => given[key] !== undefined)];
}

/**
 * The configuration from a file (optional) with the flags written over it.
 * @param network the network where neither names one
 * @throws CliError `bad-file`, `invalid-config`, and as `mergeConfig`.
 */
export async function trainingConfig(
  file: string | undefined,
  given: NetworkFlags,
  network?: NetworkSpec,
): Promise<TrainingConfig> {
  const document = file === undefined ? {} : withPathsOf(file, await readYamlFile(file));
  return mergeConfig(network === undefined ? document : { network, ...document }, given);
}

/** Paths that a configuration file names are relative to it: those of data and of teachers, and the file of a network. Its output is not. */
export function withPathsOf(file: string, document: Record<string, unknown>): Record<string, unknown> {
  const folder = dirname(file);
  const beside = (path: string) => (isAbsolute(path) ? path : join(folder, path));
  const { data, loss, frozen, network } = document;
  const isObject = (value: unknown): value is Record<string, unknown> =>
    typeof value === 'object' && value !== null && !Array.isArray(value);
  const termOf = (term: unknown) => {
    if (!isObject(term) || term.teacher === undefined) return term;
    const teachers = [term.teacher].flat().map((path) => (typeof path === 'string' ? beside(path) : path));
    return { ...term, teacher: Array.isArray(term.teacher) ? teachers : teachers[0] };
  };
  const isFile = typeof network === 'string' && !PRESET_NAMES.includes(network as never) && existsSync(beside(network));
  return {
    ...document,
    ...(isObject(data) && { data: mapPaths(data, beside) }),
    ...(loss !== undefined && { loss: Array.isArray(loss) ? loss.map(termOf) : termOf(loss) }),
    ...(Array.isArray(frozen) && { frozen: frozen.map(termOf) }),
    ...(isFile && { network: readNetworkSpecFile(beside(network)) }),
  };
}

/**
 * A recommended configuration with the flags written over it. The data are those that were looked at: their flags are in it already.
 * @throws as `trainingConfig`
 */
export function recommendedConfig(document: Record<string, unknown>, given: NetworkFlags): TrainingConfig {
  const notOfData = Object.fromEntries(Object.entries(given).filter(([key]) => !/^data($|[A-Z])/.test(key)));
  return mergeConfig({ ...document }, notOfData);
}

/**
 * A parsed file with the flags written over it; `document` is changed.
 * @throws CliError `usage`, TrainerError `invalid-config` with the path of each wrong key and the nearest right one.
 */
function mergeConfig(document: Record<string, unknown>, given: NetworkFlags): TrainingConfig {
  expandShorthand(document, flags);
  if (given.preset !== undefined && given.network !== undefined) {
    throw new CliError('usage', '--preset and --network both name the network; give one of them.');
  }
  if (given.preset !== undefined) document.network = given.preset;
  if (given.network !== undefined) document.network = given.network;
  if (typeof document.network === 'string') document.network = presetOrFile(document.network);
  applyFlags(document, flags, given);
  return parseTrainingConfig(document);
}

/** @throws CliError `usage` for what is neither; ModelError for a file that is no network */
function presetOrFile(network: string): string | NetworkSpec {
  if ((PRESET_NAMES as readonly string[]).includes(network)) return network;
  if (existsSync(network)) return readNetworkSpecFile(network);
  throw new CliError(
    'usage',
    `${unknownName('preset', network, PRESET_NAMES)} A network of your own is a JSON file: --network FILE, and there is no file of this name.`,
  );
}
