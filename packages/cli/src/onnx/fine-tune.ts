// Fine-tuning of an imported graph: the trainer's run from the graph's weights, and its network as integers.
import { dirname } from 'node:path';
import {
  type OnnxGraph,
  type QuantizeNetworkOptions,
  quantize,
  type ToTrainedNetworkOptions,
  toTrainedNetwork,
} from '@bitnetmcu/exporter';
import type { QuantizedModel, TrainedNetwork } from '@bitnetmcu/models';
import {
  createTrainingRun,
  type Dataset,
  type RunResult,
  resumeTrainingRun,
  type TrainingRun,
} from '@bitnetmcu/trainer';
import { type DataSpec, RunFolder } from '@bitnetmcu/trainer/internal';
import { reportInterruption, runTraining } from '../commands/run-training.js';
import { fineTuningConfig } from '../config/fine-tuning-config.js';
import { openRunFolder } from '../inputs/output-folder.js';
import { lookAtTrained, type TrainedLook } from '../inputs/trained-look.js';
import type { Terminal } from '../terminal.js';

export interface FineTuning {
  readonly graph: OnnxGraph;
  /** How the graph becomes a network to train, and that one integers. */
  readonly imported: ToTrainedNetworkOptions &
    Pick<QuantizeNetworkOptions, 'calibration' | 'inputScale'> & { readonly name: string };
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
 * @throws UnsupportedGraphError for graphs that the trainer has not; ExporterError where the result would have no integer form, before training.
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
    const model = quantized(trained, options.imported);
    // Calibration draws from all training samples, held-out ones too: only the test part is new to the integers.
    const look = lookAtTrained(model, run.judgedSamples('test'), result.test.accuracy, trained.labels);
    return { model, result, seconds, checkpoint: run.checkpointPath, look };
  } finally {
    terminal.clearStatus();
    await run.close();
  }
}

/** Integers the way the graph went, with the codes of training. */
function quantized(
  trained: TrainedNetwork,
  { name, preprocessing, calibration, inputScale }: FineTuning['imported'],
): QuantizedModel {
  return quantize(trained, {
    name,
    imported: preprocessing === undefined ? {} : { preprocessing },
    ...(calibration === undefined ? {} : { calibration }),
    ...(inputScale === undefined ? {} : { inputScale }),
  }).model;
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
  const initial = toTrainedNetwork(graph, imported);
  // What has no integer form is refused now, not after the last epoch.
  quantized(initial, imported);
  const runFolder = openRunFolder(folder, imported.name, {});
  const config = fineTuningConfig(given, data, runFolder.path);
  return createTrainingRun(config, { initial, dataset, onNotice, folder: runFolder });
}
