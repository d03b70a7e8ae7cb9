// Fine-tuning of an imported graph: the trainer's run from the graph's weights, and its network as integers.
import { dirname } from 'node:path';
import {
  type FineTunedOptions,
  importTrainedNetwork,
  type OnnxGraph,
  quantizeFineTuned,
  type TrainedNetworkOptions,
} from '@bitnetmcu/exporter';
import type { QuantizedModel } from '@bitnetmcu/models';
import {
  createTrainingRun,
  type DataSpec,
  type Dataset,
  RunFolder,
  type RunResult,
  resumeTrainingRun,
  type TrainingRun,
} from '@bitnetmcu/trainer';
import { reportInterruption, runTraining } from '../commands/train.js';
import { fineTuningConfig } from '../config/fine-tuning-config.js';
import { openRunFolder } from '../inputs/output-folder.js';
import { lookAtTrained, type TrainedLook } from '../inputs/trained-look.js';
import type { Terminal } from '../terminal.js';

export interface FineTuning {
  readonly graph: OnnxGraph;
  /** How the graph becomes a network to train, and that one integers. */
  readonly imported: TrainedNetworkOptions &
    FineTunedOptions & { readonly name: string; readonly inputShape?: readonly number[] };
  readonly training: { readonly data: DataSpec; readonly dataset: Dataset };
  /** Goes on where this checkpoint was saved. */
  readonly resume: string | undefined;
  /** The folder of a new run; default: a fresh one below runs/. */
  readonly folder: string | undefined;
  /** How to go on after an interruption, without the checkpoint. */
  readonly command: string;
}

export interface FineTuned {
  readonly model: QuantizedModel;
  readonly result: Extract<RunResult, { status: 'finished' }>;
  readonly seconds: number;
  readonly checkpoint: string | undefined;
  readonly look: TrainedLook;
}

/**
 * Trains and quantizes; on Ctrl-C the run is saved, the way to go on is told, and nothing is returned.
 * @param given the flags of the training configuration
 * @throws OnnxUnsupportedError for graphs that the trainer has not; ExporterError where the result would have no integer form, before training.
 */
export async function fineTune(
  options: FineTuning,
  given: Readonly<Record<string, unknown>>,
  terminal: Terminal,
): Promise<FineTuned | undefined> {
  const run = await openRun(options, given, terminal);
  try {
    const { result, seconds } = await runTraining(run, terminal);
    if (result.status === 'interrupted') {
      reportInterruption(terminal, result, options.command);
      return undefined;
    }
    terminal.status('Quantizing …');
    const trained = run.trainedNetwork();
    const model = quantizeFineTuned(trained, options.imported);
    // Calibration draws from all training samples, held-out ones too: only the test part is new to the integers.
    const look = lookAtTrained(model, run.judgedSamples('test'), result.test.accuracy, trained.labels);
    return { model, result, seconds, checkpoint: run.checkpointPath, look };
  } finally {
    terminal.clearStatus();
    await run.close();
  }
}

async function openRun(
  { graph, imported, training, resume, folder }: FineTuning,
  given: Readonly<Record<string, unknown>>,
  terminal: Terminal,
): Promise<TrainingRun> {
  const { data, dataset } = training;
  const onNotice = (notice: string): void => terminal.note(notice);
  if (resume !== undefined) {
    return resumeTrainingRun(resume, { dataset, onNotice, folder: RunFolder.resume(dirname(resume)) });
  }
  const initial = importTrainedNetwork(graph, imported);
  // What has no integer form is refused now, not after the last epoch.
  quantizeFineTuned(initial, imported);
  const runFolder = openRunFolder(folder, imported.name, {});
  const config = fineTuningConfig(given, data, runFolder.path);
  return createTrainingRun(config, { initial, dataset, onNotice, folder: runFolder });
}
