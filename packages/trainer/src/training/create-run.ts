// Makes training runs: new ones from a configuration, continued ones from a checkpoint.

import { dirname } from 'node:path';
import type { NetworkSpec, TrainedNetwork } from '@bitnetmcu/models';
import { isMasked } from '@bitnetmcu/models/internal';
import { requireOptions } from '../arguments.js';
import { classNotices, requireBothParts, requireLearnable } from '../data/class-counts.js';
import { loadDataset } from '../data/data-spec.js';
import type { Dataset } from '../data/dataset.js';
import { createEngine } from '../engine/create-engine.js';
import type { Engine, EngineInfo, TrainableNetwork } from '../engine/engine.js';
import type { EngineKernels } from '../engine/kernels.js';
import { loadKernels } from '../engine/load-kernels.js';
import { TrainerError } from '../errors.js';
import { jsonlSink } from '../sinks/jsonl.js';
import { tensorboardSink } from '../sinks/tensorboard.js';
import { type EpochAction, requireActions } from './actions/epoch-action.js';
import { changesSpec, makeActions } from './actions/index.js';
import { updateClipping } from './actions/update-clipping.js';
import { type Checkpoint, readCheckpoint } from './checkpoint.js';
import { requirePosition } from './checkpoint-counters.js';
import {
  compileOptions,
  lossOf,
  parseTrainingConfig,
  type TrainingConfig,
  type TrainingConfigInput,
} from './config.js';
import { readInitialNetwork, startFrom } from './initial-network.js';
import type { MetricsSink } from './metrics.js';
import { prepareRun } from './prepare.js';
import { RecompilableNetwork } from './recompilable-network.js';
import { actionState, hasMasks, restoreNetwork } from './restore.js';
import { TrainingRun } from './run.js';
import { METRICS_FILE, type RunFolder, type RunFolderOptions } from './run-folder.js';
import type { SharedSamples } from './shared-samples.js';
import { requireLoss } from './task.js';
import { copyFrozenLayers, readFeatureTeacher, teacherActions } from './teachers.js';
import { settleValidation, validationCount } from './validation-split.js';

export interface RunOptions {
  /** Data that are already loaded; must be what the configuration names. */
  readonly dataset?: Dataset | undefined;
  /** Default: the one that the configuration names. */
  readonly engine?: Engine | undefined;
  readonly kernels?: EngineKernels | undefined;
  /** Besides the files in the output folder. */
  readonly sinks?: readonly MetricsSink[] | undefined;
  /** After those of the configuration and the clipping update and distillation that every run has. A resumed run needs those whose state the checkpoint has. */
  readonly actions?: readonly EpochAction[] | undefined;
  /** Told in one sentence when something slow begins or something is not as it was. */
  readonly onNotice?: ((notice: string) => void) | undefined;
  /**
   * The output folder, where it is locked already: the run takes it over and closes it with itself, also where it cannot be made.
   * Default: that of the configuration, locked while the run runs.
   */
  readonly folder?: RunFolder | undefined;
  /** Names of further files that the caller puts into the output folder when the run is finished; those of an older run are removed. */
  readonly results?: RunFolderOptions['results'];
  /**
   * For a process that has one run after another of the same data, and a core for itself: what it prepared for one run is there for the next, and
   * nothing is done on other threads. Results are the same.
   */
  readonly shared?: SharedSamples | undefined;
}

const RUN_OPTIONS = {
  dataset: true,
  engine: true,
  kernels: true,
  sinks: true,
  actions: true,
  onNotice: true,
  folder: true,
  results: true,
  shared: true,
} as const;

export interface CreateRunOptions extends RunOptions {
  /**
   * The network whose weights training starts from (fine-tuning): itself, or the path of its `.bnt` file or checkpoint. Its spec is the run's unless
   * the configuration names a network with the same layers, whose weight formats may be others. Checkpoints need it no more.
   */
  readonly initial?: TrainedNetwork | string | undefined;
  /** Name of the network in place of its preset's, which stays in the configuration. Default: the preset's, or that of the spec. */
  readonly name?: string | undefined;
  /** Whether a run that the output folder holds is removed when this one starts. Default: it is refused, with `run-exists`. */
  readonly overwrite?: boolean | undefined;
}

/**
 * Makes a new run; nothing is trained and no file written before `run()`.
 * @throws TrainerError `invalid-config`, `invalid-argument` (options and actions), `data-not-found`, `invalid-data`, `engine-unavailable`, `unsupported-layer`, and `initial-mismatch`,
 * `invalid-checkpoint` for `initial`; ModelError for a network that is none.
 *
 * @example
 * ```ts
 * import { createTrainingRun } from '@bitnetmcu/trainer';
 *
 * const run = await createTrainingRun({ network: 'fc-12k', epochs: 10, output: 'runs/first' });
 * const result = await run.run({ onEpoch: ({ epoch, validation }) => console.log(epoch, validation?.accuracy) });
 * const network = run.trainedNetwork();
 * await run.close();
 * ```
 */
export async function createTrainingRun(
  config: TrainingConfigInput,
  options: CreateRunOptions = {},
): Promise<TrainingRun> {
  return takingOver(options, () => {
    requireOptions('createTrainingRun', options, { ...RUN_OPTIONS, initial: true, name: true, overwrite: true });
    if (options.initial === undefined) return makeRun(parseTrainingConfig(config), options);
    const initial = typeof options.initial === 'string' ? readInitialNetwork(options.initial) : options.initial;
    const parsed = parseTrainingConfig({ ...config, network: config.network ?? initial.spec });
    return makeRun(parsed, options, { initialize: (network) => startFrom(network, initial), masks: isMasked(initial) });
  });
}

/**
 * Makes a run that goes on where a checkpoint ends: same arithmetic (`EngineInfo`) and data, same final weights to the bit as without the interruption.
 * @param checkpoint a checkpoint or the path of its file; the output folder is then the one it lies in
 * @throws TrainerError `invalid-checkpoint`, `checkpoint-mismatch` for other data; else as `createTrainingRun`.
 *
 * @example
 * ```ts
 * import { resumeTrainingRun } from '@bitnetmcu/trainer';
 *
 * const run = await resumeTrainingRun('runs/first/checkpoint.bnc');
 * await run.run();
 * await run.close();
 * ```
 */
export async function resumeTrainingRun(
  checkpoint: string | Checkpoint,
  options: RunOptions = {},
): Promise<TrainingRun> {
  return takingOver(options, () => {
    requireOptions('resumeTrainingRun', options, RUN_OPTIONS);
    const isPath = typeof checkpoint === 'string';
    const from = isPath ? readCheckpoint(checkpoint) : checkpoint;
    const config = isPath ? { ...from.config, output: dirname(checkpoint) } : from.config;
    return makeRun(config, options, {
      from,
      initialize: (network) => restoreNetwork(network, from),
      masks: hasMasks(from),
    });
  });
}

/** What a run begins with, where that is not random weights. */
interface Beginning {
  readonly from?: Checkpoint;
  readonly initialize?: (network: TrainableNetwork) => void;
  /** Whether it brings masks. */
  readonly masks?: boolean;
}

/** A folder that was given is the run's from here on: closed where the run cannot be made. */
async function takingOver(options: RunOptions, make: () => Promise<TrainingRun>): Promise<TrainingRun> {
  try {
    return await make();
  } catch (error) {
    options?.folder?.close();
    throw error;
  }
}

async function makeRun(
  given: TrainingConfig,
  options: CreateRunOptions,
  { from, initialize, masks }: Beginning = {},
): Promise<TrainingRun> {
  requireActions(options.actions ?? []);
  const { onNotice } = options;
  const dataset = options.dataset ?? (await loadDataset(given.data, onNotice ? { onNotice } : {}));
  // What the run is repeated from, and what others split the data by, has the number itself.
  const asked = validationCount(given.validation, dataset.train.count);
  const config = {
    ...given,
    // A run that goes on holds out what it did.
    validation: from
      ? asked
      : settleValidation(dataset.train, { ...given, validation: asked }, given.validation !== undefined, onNotice),
    loss: lossOf(given, dataset),
  };
  requireLoss(config, dataset);
  if (from && from.dataset.sha256 !== dataset.sha256) {
    throw new TrainerError(
      'checkpoint-mismatch',
      `The checkpoint was trained on ${from.dataset.name} with the SHA-256 ${from.dataset.sha256}; the data found are ${dataset.name} with ${dataset.sha256}. Resume with the same data.`,
    );
  }
  if ('splitBy' in given.data) requireLearnable(dataset, initialize !== undefined);
  else requireBothParts(dataset);
  for (const notice of classNotices(dataset)) onNotice?.(notice);
  const engine = options.engine ?? (await loadEngine(config, onNotice));
  const kernels = options.kernels ?? (await loadKernels({ kind: config.engine }));
  if (from && !givesSameBits(from.engine, engine.info)) {
    onNotice?.(
      `The checkpoint was trained with ${describeEngine(from.engine)}, now it is ${describeEngine(engine.info)}: results will differ in the last bits.`,
    );
  }
  const name = from?.network.spec.name ?? options.name;
  const prepared = prepareRun(config, dataset, kernels, name, options.shared);
  try {
    if (from) requirePosition(from, prepared.epochSamples.count);
    const features = readFeatureTeacher(config);
    const compileWith = compileOptions(config, dataset, features?.width);
    const compile = (spec: NetworkSpec, seed = config.seed) =>
      engine.compile(spec, { ...compileWith, seed, masks: masks || compileWith.masks });
    const spec = from && changesSpec(config.actions) ? from.network.spec : prepared.spec;
    const network = new RecompilableNetwork(compile, spec);
    initialize?.(network);
    if (!from) copyFrozenLayers(network, config);
    const actions = [
      ...makeActions(config.actions ?? [], {
        ...{ epochs: config.epochs, seed: config.seed, network, frozen: compileWith.frozen },
        compile: (seed) => compile(network.spec, seed),
      }),
      updateClipping(),
      ...teacherActions(config, engine, dataset.labels.length, features),
      ...(options.actions ?? []),
    ];
    const state = actionState(actions, network, from);
    const sinks = [...fileSinks(config), ...(options.sinks ?? [])];
    const { folder, results, overwrite } = options;
    const folderOptions = { results, overwrite };
    return new TrainingRun(
      {
        config,
        dataset,
        prepared,
        network,
        engine: engine.info,
        actions,
        actionState: state,
        sinks,
        folder,
        folderOptions,
      },
      from,
    );
  } catch (error) {
    await prepared.epochSamples.close();
    throw error;
  }
}

async function loadEngine({ engine: kind }: TrainingConfig, onNotice: RunOptions['onNotice']): Promise<Engine> {
  const engine = await createEngine({ kind });
  if (engine.fallbackReason) {
    onNotice?.(`Training runs on WebAssembly, about three times slower than the addon: ${engine.fallbackReason}`);
  }
  return engine;
}

function fileSinks({ output }: TrainingConfig): MetricsSink[] {
  return output === undefined ? [] : [jsonlSink(`${output}/${METRICS_FILE}`), tensorboardSink(output)];
}

/** Checkpoints of older versions do not say which arithmetic; sums had an order of their own. */
function givesSameBits(before: EngineInfo, now: EngineInfo): boolean {
  if (before.arithmetic || now.arithmetic) return before.arithmetic === now.arithmetic;
  return JSON.stringify(before) === JSON.stringify(now);
}

function describeEngine({ kind, simd, threads, arithmetic }: EngineInfo): string {
  const sums = arithmetic ? `, ${arithmetic} multiply-add` : '';
  return `${kind} (${simd}, ${threads} ${threads === 1 ? 'thread' : 'threads'}${sums})`;
}
