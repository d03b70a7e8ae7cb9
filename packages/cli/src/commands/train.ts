// `bitnetmcu train`: trains a network from a configuration, or goes on where an interrupted run was saved.
import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { requireIntegerForm } from '@bitnetmcu/exporter/internal';
import { findSimulationTarget, type SimulationTargetName } from '@bitnetmcu/mcu-runtime/targets';
import { PRESET_NAMES, type TrainedNetwork } from '@bitnetmcu/models';
import { namesFromFile, type Preset, presets, visibleText } from '@bitnetmcu/models/internal';
import {
  createTrainingRun,
  type Dataset,
  resumeTrainingRun,
  type TrainingConfig,
  type TrainingRun,
} from '@bitnetmcu/trainer';
import { RunFolder, readInitialNetwork } from '@bitnetmcu/trainer/internal';
import { isCancel, select } from '@clack/prompts';
import { type CommandContext, newCommand } from '../command.js';
import { addTrainingFlags, givenTrainingFlags, trainingConfig } from '../config/training-config.js';
import { CliError } from '../errors.js';
import { EXIT_CODES } from '../exit-codes.js';
import { type QuantizedNetwork, quantizeTrained } from '../inputs/calibration.js';
import { dataSpec } from '../inputs/dataset.js';
import { isZooModel } from '../inputs/model.js';
import {
  addTrustFlag,
  checkpointDataSpec,
  type DataTrust,
  openNamedDataset,
  rememberTraining,
} from '../inputs/model-data.js';
import { openRunFolder } from '../inputs/output-folder.js';
import { type TrainArgument, trainArgument } from '../own-data/argument.js';
import { asRead } from '../own-data/as-read.js';
import { type AutoFlags, requireAutoFlags, type Searched, searchedTraining } from '../own-data/auto-training.js';
import { ownNetworkName } from '../own-data/network-name.js';
import { openOwnData } from '../own-data/open-own-data.js';
import { confirmTraining, nameOf, prepareOwnTraining, printOwnData } from '../own-data/own-training.js';
import { addShortFlags, givenShortFlags } from '../own-data/short-flags.js';
import { finishTraining } from '../results/finish-training.js';
import { requireFit } from '../results/fits.js';
import { MODEL_FILE, RESULT_FILES } from '../results/run-report.js';
import { reportInterruption, runTraining } from './run-training.js';

interface TrainFlags extends AutoFlags, DataTrust {
  readonly resume?: string;
  readonly from?: string;
  readonly overwrite?: boolean;
  readonly strict?: boolean;
  readonly withoutModel?: boolean;
  readonly yes?: boolean;
}

/** Name of a run's checkpoint in its folder. */
const CHECKPOINT_FILE = 'checkpoint.bnc';

/** A run that is ready, and the data set that it trains on. */
interface ReadyRun {
  readonly run: TrainingRun;
  readonly dataset: Dataset;
  /** Where --auto searched. */
  readonly searched?: Searched;
}

export function trainCommand({ terminal, setExitCode }: CommandContext) {
  const command = newCommand('train', 'Trains a low-bit network with quantization-aware training.')
    .argument(
      '[data]',
      'your own data: a table (.csv), arrays (.npz), a folder of pictures or recordings; or a configuration (.yaml), whose keys are also flags, and flags win',
    )
    .option('--yes', 'train with what was assumed of your data, without asking')
    .option('--target <part>', 'stop before training where the network does not fit this part')
    .option(
      '--auto',
      'search network and recipe first, for --target or the smallest part that has room; then train the best',
    )
    .option('--minutes <number>', 'with --auto, how long all of it may take (default: 3)')
    .option(
      '--resume <checkpoint>',
      'go on where a run was saved (its folder or checkpoint), to the same weights as without the interruption',
    )
    .option(
      '--from <network>',
      'start from the weights of a .bnt file or checkpoint instead of random ones (fine-tuning)',
    )
    .option('--overwrite', 'replace the run that the output folder holds; without --output that is runs/<network>')
    .option('--strict', 'exit with 1 where integers lose over a point on held-out samples, or never predict a class')
    .option('--without-model', 'train a network that has no integer form (a teacher, an experiment) all the same');
  addTrustFlag(command);
  addShortFlags(command);
  addTrainingFlags(command);
  command.addHelpText(
    'after',
    `
Examples
  bitnetmcu train iris.csv
  bitnetmcu train iris.csv --auto --minutes 3
  bitnetmcu train pictures/ --preset image-s --target ch32v003
  bitnetmcu train accelerometer.csv --label activity --window 64 --hop 32
  bitnetmcu train --preset fc-1k --epochs 5
  bitnetmcu train my-network.yaml --seed 2 --output runs/seed-2
  bitnetmcu train --resume runs/fc-12k/checkpoint.bnc
  bitnetmcu train --from runs/fc-12k/network.bnt --epochs 10 --learning-rate 0.0003

A configuration file
  network: fc-12k          # or a whole network spec
  data: mnist
  epochs: 60
  schedule: cosine
  augmentation: {rotation: 15, elastic: {amplitude: 1}}`,
  );
  const runOptions = { results: RESULT_FILES, onNotice: (notice: string) => terminal.note(notice) };
  return command.action(async (argument: string | undefined, given: TrainFlags) => {
    requireAutoFlags(given);
    const ready =
      given.resume === undefined ? await newRun(argument, given) : await resumedRun(given.resume, argument, given);
    try {
      setExitCode(await train(ready, given));
    } finally {
      await ready.run.close();
    }
  });

  async function newRun(argument: string | undefined, given: TrainFlags): Promise<ReadyRun> {
    const what = trainArgument(argument);
    if (given.from !== undefined && isZooModel(given.from)) throw new CliError('usage', fromZoo(given.from));
    const initial = given.from === undefined ? undefined : readInitialNetwork(given.from);
    if (given.auto === true) return autoRun(what, given);
    if (what.kind === 'data') {
      const { config, dataset, name } = await prepareOwnTraining(what.path, given, initial?.spec, terminal);
      if (given.yes !== true) await confirmTraining(terminal);
      return prepared(config, dataset, { folder: name, network: ownNetworkName(config, what.path) }, given, initial);
    }
    refuseShortFlags(given);
    const nothingGiven = what.kind === 'none' && initial === undefined && givenTrainingFlags(given).length === 0;
    const chosen = nothingGiven && terminal.canAsk ? await askForPreset() : undefined;
    const flags = chosen === undefined ? given : { ...given, preset: chosen };
    const config = await trainingConfig(what.kind === 'config' ? what.path : undefined, flags, initial?.spec);
    const name = typeof config.network === 'string' ? config.network : config.network.name;
    const names = { folder: name, network: ownNetworkName(config) };
    return prepared(config, await openNamedDataset(config.data, terminal), names, given, initial);
  }

  /** What a short search found best, to be trained as any other network. */
  async function autoRun(what: TrainArgument, given: TrainFlags): Promise<ReadyRun> {
    if (what.kind === 'config') {
      throw new CliError(
        'usage',
        `--auto writes a configuration itself: data are wanted, not ${visibleText(what.path)}.`,
      );
    }
    if (what.kind === 'none' && given.data === undefined) {
      throw new CliError('usage', '--auto was given without data: a file or folder wanted, or --data mnist.');
    }
    const { data, dataset, path, name } = await autoData(what, given);
    const { config, searched } = await searchedTraining({ data, dataset, path }, given, terminal);
    const names = { folder: name, network: namesFromFile(path).name };
    return { ...(await prepared(withOutput(config, given), dataset, names, given, undefined)), searched };
  }

  async function autoData(what: Exclude<TrainArgument, { kind: 'config' }>, given: TrainFlags) {
    if (what.kind === 'data') {
      const { spec, dataset, assumptions } = await openOwnData(what.path, given, terminal);
      printOwnData(terminal, what.path, dataset, assumptions);
      if (given.yes !== true) await confirmTraining(terminal);
      return { data: spec, dataset, path: what.path, name: nameOf(what.path) };
    }
    refuseShortFlags(given);
    const data = dataSpec(given);
    return { data, dataset: await openNamedDataset(data, terminal), path: data.kind, name: data.kind };
  }

  async function prepared(
    config: TrainingConfig,
    dataset: Dataset,
    names: { readonly folder: string; readonly network: string | undefined },
    given: TrainFlags,
    initial: TrainedNetwork | undefined,
  ): Promise<ReadyRun> {
    const overwrite = given.overwrite === true;
    const folder = openRunFolder(config.output, names.folder, { overwrite, results: RESULT_FILES });
    const options = { initial, dataset, folder, name: names.network, ...runOptions };
    const data = asRead(config.data, dataset);
    const run = await createTrainingRun({ ...config, data, output: folder.path }, options);
    try {
      const untrained = run.trainedNetwork();
      requireModel(untrained, given.withoutModel === true);
      if (given.target !== undefined) await requireFit(untrained, given.target, dataset);
    } catch (error) {
      await run.close();
      throw error;
    }
    rememberTraining(run.config, run.dataset.sha256);
    return { run, dataset };
  }

  async function resumedRun(asked: string, argument: string | undefined, given: TrainFlags): Promise<ReadyRun> {
    const extra = [
      ...givenTrainingFlags(given),
      ...Object.keys(givenShortFlags(given)),
      ...(given.from === undefined ? [] : ['from']),
    ];
    if (argument !== undefined || extra.length > 0) {
      throw new CliError(
        'usage',
        `A resumed run keeps its configuration; leave out ${argument ?? `the options for ${extra.join(', ')}`}, or start a new run.`,
      );
    }
    const checkpoint = statSync(asked, { throwIfNoEntry: false })?.isDirectory() ? join(asked, CHECKPOINT_FILE) : asked;
    const data = await checkpointDataSpec(checkpoint, given, terminal);
    const dataset = await openNamedDataset(data, terminal);
    const folder = RunFolder.resume(dirname(checkpoint), { results: RESULT_FILES });
    return { run: await resumeTrainingRun(checkpoint, { dataset, folder, ...runOptions }), dataset };
  }

  /** What has no integer form after training is refused before it. */
  function requireModel(untrained: TrainedNetwork, withoutModel: boolean): void {
    try {
      requireIntegerForm(untrained);
    } catch (error) {
      // Float weights are asked for by name; no one expects integers of them.
      const isMeant = withoutModel || (error as { code?: string }).code === 'float-layer';
      const { message } = error as Error;
      if (!isMeant) {
        throw new CliError(
          'check-failed',
          `The network would have no integer form after training, so no ${MODEL_FILE} and no C: ${message}. Or train it all the same with --without-model.`,
        );
      }
      terminal.note(`No ${MODEL_FILE} will be written: ${message}`);
    }
  }

  async function train({ run, dataset, searched }: ReadyRun, { strict, target: asked }: TrainFlags) {
    const { result, seconds } = await runTraining(run, terminal);
    if (result.status === 'interrupted') {
      reportInterruption(terminal, result);
      return EXIT_CODES.interrupted;
    }
    const quantized = await quantizeOrExplain(run.trainedNetwork(), dataset);
    const part = asked ?? searched?.target;
    const target = part === undefined ? undefined : (findSimulationTarget(part).name as SimulationTargetName);
    const hasWarnings = await finishTraining(run, { result, seconds, searched, target }, quantized, terminal);
    return strict === true && hasWarnings ? EXIT_CODES.checkFailed : EXIT_CODES.ok;
  }

  /** A network with float layers trains, but has no integer form. */
  async function quantizeOrExplain(trained: TrainedNetwork, dataset: Dataset): Promise<QuantizedNetwork | undefined> {
    try {
      return await quantizeTrained(trained, terminal, { dataset });
    } catch (error) {
      terminal.note(`No ${MODEL_FILE} is written: ${(error as Error).message}`);
      terminal.detail((error as Error).stack ?? '');
      return undefined;
    }
  }
}

function withOutput(config: TrainingConfig, { output }: TrainFlags): TrainingConfig {
  return output === undefined ? config : { ...config, output: String(output) };
}

function fromZoo(name: string): string {
  return `--from ${visibleText(name)}: models of the zoo are integers, and training starts from float weights: the network.bnt or checkpoint of a run. Train the network anew (--preset, where it is one of ${PRESET_NAMES.join(', ')}), or give such a file.`;
}

/** Short flags say how own data are read; a configuration has keys for that. */
function refuseShortFlags(given: TrainFlags): void {
  const [key] = Object.keys(givenShortFlags(given));
  if (key === undefined) return;
  throw new CliError(
    'usage',
    `The option for ${key} belongs to data that are named as the argument, as in \`bitnetmcu train iris.csv\`; with --data or a configuration use --data-${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}.`,
  );
}

/** Of those that digits fit into: nothing was said of data, and MNIST is trained. */
async function askForPreset(): Promise<string> {
  const chosen = await select({
    message: 'Which network?',
    options: presetsForImages().map((name) => ({
      value: name as string,
      label: name,
      hint: presets[name].description,
    })),
    initialValue: 'fc-12k',
  });
  if (isCancel(chosen)) throw new CliError('interrupted', 'Nothing was trained.');
  return chosen;
}

function presetsForImages() {
  return PRESET_NAMES.filter((name) => {
    const { samples = 'image' }: Preset = presets[name];
    return samples === 'image';
  });
}
