// Training on own data by their path alone: what was assumed of them and what is recommended for them, on one screen.
import { basename, extname, resolve } from 'node:path';
import type { NetworkSpec } from '@bitnetmcu/models';
import { visibleText } from '@bitnetmcu/models/internal';
import type { Dataset, TrainingConfig } from '@bitnetmcu/trainer';
import { type Assumption, heldOutCount, recommendTraining, validationCount } from '@bitnetmcu/trainer/internal';
import { confirm, isCancel } from '@clack/prompts';
import { type NetworkFlags, recommendedConfig } from '../config/training-config.js';
import { CliError } from '../errors.js';
import { printAssumptions } from '../render/assumptions.js';
import { count } from '../render/quantities.js';
import type { Terminal } from '../terminal.js';
import { openOwnData } from './open-own-data.js';

export interface OwnTraining {
  readonly config: TrainingConfig;
  readonly dataset: Dataset;
  /** For the folder of the run. */
  readonly name: string;
}

/**
 * Looks at the data, loads them and recommends a training; flags win. Prints what was assumed.
 * @param network of the weights that training starts from, where there are some
 * @throws TrainerError, CliError as `openOwnData`, in one sentence
 */
export async function prepareOwnTraining(
  path: string,
  given: NetworkFlags,
  network: NetworkSpec | undefined,
  terminal: Terminal,
): Promise<OwnTraining> {
  const { spec, dataset, assumptions } = await openOwnData(path, given, terminal);
  const recommendation = recommendTraining({ ...dataset, spec });
  const document = { ...recommendation.config, ...(network && { network }), data: spec };
  const config = recommendedConfig(document, given);
  printOwnData(terminal, path, dataset, assumptions);
  printAssumptions(
    terminal,
    'Training',
    recommendation.assumptions.map((one) => asHeldOut(one, asAsked(one, given), config, dataset)),
  );
  return { config, dataset, name: nameOf(path) };
}

/** What the data are and what was assumed in reading them. */
export function printOwnData(
  terminal: Terminal,
  path: string,
  { train, test, labels, shape, output }: Dataset,
  assumptions: readonly Assumption[],
): void {
  const { bold } = terminal.colors;
  const samples = `${count(train.count)} training and ${count(test.count)} test samples of ${shape.join('×')} values`;
  const what = output === undefined ? `${labels.length} classes` : `task ${output.task}`;
  printAssumptions(terminal, `${bold(visibleText(path))}: ${samples}, ${what}, read as`, assumptions);
  terminal.print('');
}

/** Flags that a recommendation yields to: the line says what was asked instead. */
const ASKED: readonly (readonly [begin: RegExp, flags: readonly string[]])[] = [
  [/^network /, ['preset', 'network']],
  [/validation/, ['validation']],
  [/epochs/, ['epochs', 'batchSize', 'learningRate']],
  [/augmentation/, ['augmentation']],
];

function asAsked(assumption: Assumption, given: NetworkFlags): Assumption {
  const flags = ASKED.find(([begin]) => begin.test(assumption.what))?.[1] ?? [];
  const asked = flags.filter((flag) => given[flag] !== undefined);
  if (asked.length === 0) return assumption;
  const values = asked.map((flag) => `${kebab(flag)} ${String(given[flag])}`).join(', ');
  return { what: `${values}, as asked`, because: `recommended: ${assumption.what}`, change: assumption.change };
}

/** Of samples held out, those that come out where recordings and groups stay whole. */
function asHeldOut({ what }: Assumption, shown: Assumption, config: TrainingConfig, { train }: Dataset): Assumption {
  const held = heldOutCount(train, config);
  if (!/validation/.test(what) || held === validationCount(config.validation, train.count)) return shown;
  return { ...shown, what: `${shown.what} (${held} come out: each class, and recordings and groups as a whole)` };
}

const kebab = (key: string): string => `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** Asks whether to go on, where somebody is there. @throws CliError `interrupted` */
export async function confirmTraining(terminal: Terminal): Promise<void> {
  if (!terminal.canAsk) return;
  const answer = await confirm({ message: 'Train so? (--yes does not ask)', initialValue: true });
  if (isCancel(answer) || !answer) {
    throw new CliError('interrupted', 'Nothing was trained. Type the command again with what is to be different.');
  }
}

/** iris of data/iris.csv, shapes of shapes/, Marz of März.csv: what may stand in a name of a folder. Accents are dropped, as in names of networks. */
export function nameOf(path: string): string {
  const name = basename(resolve(path));
  const plain = name
    .slice(0, name.length - extname(name).length)
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '');
  return plain === '' ? 'own-data' : plain;
}
