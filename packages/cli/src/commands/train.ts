// `bitnetmcu train`: trains a network from a configuration, or goes on where an interrupted run was saved.
import { dirname, join } from 'node:path';
import { requireIntegerForm } from '@bitnetmcu/exporter/internal';
import { PRESET_NAMES, summarizeModel, type TrainedNetwork } from '@bitnetmcu/models';
import { presets, visibleText } from '@bitnetmcu/models/internal';
import { writeFileAtomic } from '@bitnetmcu/models/internal/node';
import { createTrainingRun, type RunResult, resumeTrainingRun, type TrainingRun } from '@bitnetmcu/trainer';
import { RunFolder, readInitialNetwork } from '@bitnetmcu/trainer/internal';
import { isCancel, select } from '@clack/prompts';
import { type CommandContext, newCommand } from '../command.js';
import { addTrainingFlags, givenTrainingFlags, type NetworkFlags, trainingConfig } from '../config/training-config.js';
import { CliError } from '../errors.js';
import { EXIT_CODES } from '../exit-codes.js';
import { type QuantizedNetwork, quantizeTrained } from '../inputs/calibration.js';
import {
  addTrustFlag,
  checkpointDataSpec,
  type DataTrust,
  openNamedDataset,
  rememberTraining,
} from '../inputs/model-data.js';
import { openRunFolder } from '../inputs/output-folder.js';
import { lookAtTrained } from '../inputs/trained-look.js';
import { encodeModelFor, withKeptSamples } from '../inputs/written-model.js';
import { withInterrupt } from '../interrupt.js';
import { trainedAssumptions } from '../onnx/assumed.js';
import { printAssumed, printTrainedLook } from '../render/look.js';
import { TrainingProgress } from '../render/progress.js';
import { bytes, duration, percent } from '../render/quantities.js';
import { shellPath } from '../render/shell-word.js';
import type { Terminal } from '../terminal.js';

interface TrainFlags extends NetworkFlags, DataTrust {
  readonly resume?: string;
  readonly from?: string;
  readonly overwrite?: boolean;
  readonly strict?: boolean;
  readonly withoutModel?: boolean;
}

/** Name of the integer network beside the checkpoint. */
export const MODEL_FILE = 'model.bnm';

export function trainCommand({ terminal, setExitCode }: CommandContext) {
  const command = newCommand('train', 'Trains a low-bit network with quantization-aware training.')
    .argument('[config]', 'a YAML file; every key of it is also a flag, and flags win')
    .option('--resume <checkpoint>', 'go on where a run was saved, to the same weights as without the interruption')
    .option(
      '--from <network>',
      'start from the weights of a .bnt file or checkpoint instead of random ones (fine-tuning)',
    )
    .option('--overwrite', 'replace the run that the output folder holds; without --output that is runs/<network>')
    .option('--strict', 'exit with 1 where integers lose over a point on held-out samples, or never predict a class')
    .option('--without-model', 'train a network that has no integer form (a teacher, an experiment) all the same');
  addTrustFlag(command);
  addTrainingFlags(command);
  command.addHelpText(
    'after',
    `
Examples
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
  const runOptions = { results: [MODEL_FILE], onNotice: (notice: string) => terminal.note(notice) };
  return command.action(async (config: string | undefined, given: TrainFlags) => {
    const run =
      given.resume === undefined ? await newRun(config, given) : await resumedRun(given.resume, config, given);
    try {
      setExitCode(await train(run, given.strict === true));
    } finally {
      await run.close();
    }
  });

  async function newRun(file: string | undefined, given: TrainFlags): Promise<TrainingRun> {
    const nothingGiven = file === undefined && given.from === undefined && givenTrainingFlags(given).length === 0;
    const chosen =
      nothingGiven && terminal.isInteractive && process.stdin.isTTY && !terminal.json
        ? await askForPreset()
        : undefined;
    const initial = given.from === undefined ? undefined : readInitialNetwork(given.from);
    const flags = chosen === undefined ? given : { ...given, preset: chosen };
    const config = await trainingConfig(file, flags, initial?.spec);
    const name = typeof config.network === 'string' ? config.network : config.network.name;
    const overwrite = given.overwrite === true;
    const folder = openRunFolder(config.output, name, { overwrite, results: [MODEL_FILE] });
    const run = await createTrainingRun({ ...config, output: folder.path }, { initial, folder, ...runOptions });
    try {
      requireModel(run.trainedNetwork(), given.withoutModel === true);
    } catch (error) {
      await run.close();
      throw error;
    }
    rememberTraining(run.config, run.dataset.sha256);
    return run;
  }

  async function resumedRun(checkpoint: string, file: string | undefined, given: TrainFlags): Promise<TrainingRun> {
    const extra = [...givenTrainingFlags(given), ...(given.from === undefined ? [] : ['from'])];
    if (file !== undefined || extra.length > 0) {
      throw new CliError(
        'usage',
        `A resumed run keeps its configuration; leave out ${file ?? `the options for ${extra.join(', ')}`}, or start a new run.`,
      );
    }
    const data = await checkpointDataSpec(checkpoint, given, terminal);
    const dataset = await openNamedDataset(data, terminal);
    const folder = RunFolder.resume(dirname(checkpoint), { results: [MODEL_FILE] });
    return resumeTrainingRun(checkpoint, { dataset, folder, ...runOptions });
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

  async function train(run: TrainingRun, strict: boolean) {
    const { result, seconds } = await runTraining(run, terminal);
    if (result.status === 'interrupted') {
      reportInterruption(terminal, result);
      return EXIT_CODES.interrupted;
    }
    const folder = run.checkpointPath === undefined ? '.' : dirname(run.checkpointPath);
    const trained = run.trainedNetwork();
    const quantized = await quantizeOrExplain(trained);
    const model = quantized?.model;
    const modelFile = model === undefined ? undefined : join(folder, MODEL_FILE);
    if (model !== undefined && modelFile !== undefined) {
      const kept = withKeptSamples(model, run.judgedSamples('test').samples);
      writeFileAtomic(modelFile, encodeModelFor(modelFile, kept));
    }
    const weightBytes = model === undefined ? undefined : summarizeModel(model).total.bytes;
    const validation = result.history.at(-1)?.validation?.accuracy;
    const judged = run.judgedSamples();
    const score = judged.part === 'validation' ? validation! : result.test.accuracy;
    const look = model && lookAtTrained(model, judged, score, trained.labels);
    const assumed = quantized && trainedAssumptions(quantized);
    terminal.printJson({
      status: result.status,
      network: trained.spec.name,
      dataset: run.dataset.name,
      epochs: result.history.length,
      seed: run.config.seed,
      engine: run.engine,
      trainSeconds: seconds,
      ...(validation === undefined ? {} : { validationAccuracy: validation }),
      testAccuracy: result.test.accuracy,
      ...(weightBytes === undefined ? {} : { weightBytes }),
      output: folder,
      checkpoint: run.checkpointPath,
      model: modelFile,
      ...(assumed && { assumed }),
      ...(look && { look }),
    });
    const { bold, green, dim } = terminal.colors;
    terminal.print(
      `${green('✓')} ${bold(trained.spec.name)}: ${bold(percent(result.test.accuracy))} of the test samples of ${visibleText(run.dataset.name)}` +
        `${validation === undefined ? '' : dim(` (validation ${percent(validation)})`)}, ${result.history.length} epochs in ${duration(seconds)}`,
    );
    if (weightBytes !== undefined)
      terminal.print(`  ${bytes(weightBytes)} of weights, written to ${visibleText(modelFile ?? '')}`);
    if (assumed) printAssumed(terminal, assumed.lines);
    if (look) printTrainedLook(terminal, look);
    if (modelFile !== undefined) {
      const sample = Math.min(42, run.dataset.test.count - 1);
      terminal.print(
        `\nNext\n  bitnetmcu export ${shellPath(modelFile)}${' '.repeat(`${sample}`.length + 4)}C source\n  bitnetmcu infer ${shellPath(modelFile)} ${sample}    what it makes of test sample ${sample}`,
      );
    }
    return strict && look !== undefined && look.warnings.length > 0 ? EXIT_CODES.checkFailed : EXIT_CODES.ok;
  }

  /** A network with float layers trains, but has no integer form. */
  async function quantizeOrExplain(trained: TrainedNetwork): Promise<QuantizedNetwork | undefined> {
    try {
      // The user named the data of this run, or has just confirmed them.
      return await quantizeTrained(trained, terminal, { trustData: true });
    } catch (error) {
      terminal.note(`No ${MODEL_FILE} is written: ${(error as Error).message}`);
      terminal.detail((error as Error).stack ?? '');
      return undefined;
    }
  }
}

/** Trains with progress on the terminal; the first Ctrl-C saves and ends the run, the second one quits. */
export async function runTraining(
  run: TrainingRun,
  terminal: Terminal,
): Promise<{ result: RunResult; seconds: number }> {
  const { epochs } = run.config;
  const { kind, simd, threads } = run.engine;
  terminal.note(
    terminal.colors.dim(
      `Training on ${visibleText(run.dataset.name)} with the ${kind} engine (${simd}, ${threads} ${threads === 1 ? 'thread' : 'threads'}), Ctrl-C saves and stops`,
    ),
  );
  const progress = new TrainingProgress(terminal, epochs);
  const started = performance.now();
  const result = await withInterrupt(terminal, 'Stopping and saving … (Ctrl-C again quits at once)', (signal) =>
    run.run({
      signal,
      onProgress: (value) => progress.progress(value),
      onEpoch: (metrics) => progress.epochEnded(metrics),
    }),
  );
  terminal.clearStatus();
  return { result, seconds: (performance.now() - started) / 1000 };
}

/** Says where an interrupted run stands and how to go on: `command` followed by the checkpoint. */
export function reportInterruption(
  terminal: Terminal,
  result: Extract<RunResult, { status: 'interrupted' }>,
  command = 'bitnetmcu train --resume',
): void {
  const { checkpoint, epoch, step } = result;
  const resume = checkpoint === undefined ? undefined : `${command} ${shellPath(checkpoint)}`;
  terminal.printJson({ status: 'interrupted', epochsCompleted: epoch, stepsIntoEpoch: step, checkpoint, resume });
  terminal.note(`Stopped in epoch ${epoch + 1}, step ${step}.`);
  terminal.note(
    resume === undefined ? 'Nothing was saved: the run has no output folder.' : `Saved. Go on with\n  ${resume}`,
  );
}

async function askForPreset(): Promise<string> {
  const chosen = await select({
    message: 'Which network?',
    options: PRESET_NAMES.map((name) => ({ value: name as string, label: name, hint: presets[name].description })),
    initialValue: 'fc-12k',
  });
  if (isCancel(chosen)) throw new CliError('interrupted', 'Nothing was trained.');
  return chosen;
}
