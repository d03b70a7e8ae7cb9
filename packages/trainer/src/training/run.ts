// A training run: an object that any number of processes can each hold one of. It trains, reports, saves and can be stopped at any step.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { TrainedNetwork } from '@bitnetmcu/models';
import { taskOf } from '@bitnetmcu/models/internal';
import { probeFolder } from '@bitnetmcu/models/internal/node';
import { writeTrainedNetworkFile } from '@bitnetmcu/models/node';
import { requireOptions } from '../arguments.js';
import { provenanceForFile } from '../data/data-paths.js';
import type { Dataset } from '../data/dataset.js';
import type { EngineInfo, Samples } from '../engine/engine.js';
import { permutation, Random } from '../random.js';
import { type EpochContext, stepInterruptions } from './actions/epoch-action.js';
import { type Checkpoint, encodeCheckpoint, writeCheckpoint } from './checkpoint.js';
import type { TrainingConfig } from './config.js';
import { type EpochMetrics, type Score, scoreOf } from './metrics.js';
import { evaluatedSamples } from './prepare.js';
import { remainingSeconds } from './progress.js';
import { copies } from './restore.js';
import { CHECKPOINT_FILE, NETWORK_FILE, RunFolder } from './run-folder.js';
import type { AnyHandlers, RunHandlers, RunParts, RunResult, UntestedResult } from './run-parts.js';
import { learningRates } from './schedule.js';
import { evaluateTask, scoreMetrics } from './scores.js';
import { type EpochPosition, startOfEpoch, stepCount, trainEpoch } from './train-epoch.js';

/** Keeps the shuffling's stream apart from every other use of the same seed. */
const SHUFFLE_STREAM = 0x5f1e;

export class TrainingRun {
  readonly config: TrainingConfig;
  readonly engine: EngineInfo;
  readonly dataset: Pick<Dataset, 'name' | 'sha256' | 'missing' | 'tables' | 'labels' | 'test'>;
  readonly #parts: RunParts;
  readonly #history: EpochMetrics[];
  #position: EpochPosition;
  #test: Score | undefined;
  /** Whether the output folder holds this run already. */
  #begun: boolean;

  /** @param from the checkpoint whose parameters and state the network already has */
  constructor(parts: RunParts, from?: Checkpoint) {
    this.#parts = parts;
    this.config = parts.config;
    this.engine = parts.engine;
    this.dataset = parts.dataset;
    this.#history = [...(from?.history ?? [])];
    this.#position = from ? { step: from.step, totals: { ...from.totals } } : startOfEpoch();
    this.#test = from?.test;
    this.#begun = from !== undefined;
  }

  /** Metrics of the completed epochs. */
  get history(): readonly EpochMetrics[] {
    return this.#history;
  }

  /** Where checkpoints go; undefined without an output folder. */
  get checkpointPath(): string | undefined {
    return this.config.output === undefined ? undefined : join(this.config.output, CHECKPOINT_FILE);
  }

  /**
   * Trains to the end, or until the signal is aborted; can be called again after an interruption. With `test: false` the test part is left alone.
   * @throws TrainerError `diverged`, `worker-failed`, `run-exists`, `invalid-argument`; ModelError `folder-in-use`, and `file-error` if the output folder
   * cannot be written, which shows before the first epoch.
   */
  async run(handlers: RunHandlers & { readonly test: false }): Promise<UntestedResult>;
  async run(handlers?: RunHandlers): Promise<RunResult>;
  async run(handlers: AnyHandlers = {}): Promise<RunResult | UntestedResult> {
    requireOptions('run', handlers, { signal: true, onEpoch: true, onProgress: true, test: true });
    const folder = this.#openFolder();
    try {
      return await this.#runInFolder(handlers);
    } finally {
      if (folder !== this.#parts.folder) folder?.close();
    }
  }

  async #runInFolder(handlers: AnyHandlers): Promise<RunResult | UntestedResult> {
    const { sinks } = this.#parts;
    for (const sink of sinks) await sink.open?.(this.#history);
    try {
      const finished = await this.#train(handlers);
      if (!finished) {
        this.#save();
        const [checkpoint, { step }, history] = [this.checkpointPath, this.#position, this.#history];
        return { status: 'interrupted', epoch: history.length, step, ...(checkpoint && { checkpoint }), history };
      }
      await this.#finish(handlers.test ?? true);
      return { status: 'finished', ...(this.#test && { test: this.#test }), history: this.#history };
    } finally {
      for (const sink of sinks) await sink.close?.(this.#test);
    }
  }

  /** The network as it is now, for export. Parameters are copies. */
  trainedNetwork(): TrainedNetwork {
    const { network } = this.#parts;
    const last = this.#history.at(-1);
    const task = taskOf(network.spec);
    const metrics = {
      epochs: this.#history.length,
      ...(last && scoreMetrics('train', task, last.train)),
      ...(last?.validation && scoreMetrics('validation', task, last.validation)),
      ...(this.#test && scoreMetrics('test', task, this.#test)),
    };
    return {
      spec: network.spec,
      parameters: copies(network.parameters),
      labels: this.dataset.labels,
      provenance: {
        tool: '@bitnetmcu/trainer',
        created: new Date().toISOString(),
        seed: this.config.seed,
        engine: { ...this.engine },
        dataset: this.dataset.name,
        datasetSha256: this.dataset.sha256,
        data: this.config.data,
        ...(this.dataset.missing && { means: this.dataset.missing.means }),
        ...(this.dataset.tables && { tables: this.dataset.tables }),
        metrics,
        config: this.config,
      },
    };
  }

  /**
   * The samples of the scores that a finished run is judged by, in the network's input shape: the held-out ones, whose score is the last
   * epoch's, or without them, and where it is asked for, the test part.
   */
  judgedSamples(part?: 'test'): { readonly part: 'validation' | 'test'; readonly samples: Samples } {
    const { validation, test } = this.#parts.prepared;
    return validation && part === undefined
      ? { part: 'validation', samples: validation }
      : { part: 'test', samples: test() };
  }

  /** The run as it is now, between two steps. Arrays are copies. */
  checkpoint(): Checkpoint {
    const { network, actionState } = this.#parts;
    return {
      config: this.config,
      network: this.trainedNetwork(),
      state: copies(network.state),
      ...(Object.keys(actionState).length > 0 && { actions: copies(actionState) }),
      epoch: this.#history.length,
      step: this.#position.step,
      totals: { ...this.#position.totals },
      history: [...this.#history],
      ...(this.#test && { test: this.#test }),
      dataset: { name: this.dataset.name, sha256: this.dataset.sha256 },
      engine: this.engine,
    };
  }

  /** Ends the augmentation worker and frees the engine's memory. */
  async close(): Promise<void> {
    const { prepared, actions, network } = this.#parts;
    await prepared.epochSamples.close();
    for (const action of actions) await action.close?.();
    network.dispose();
    this.#parts.folder?.close();
  }

  /** Locks the output folder; that of a new run gets its first checkpoint, and is found to have room for the second one. */
  #openFolder(): RunFolder | undefined {
    const { output } = this.config;
    if (output === undefined) return undefined;
    const { folder: given, folderOptions } = this.#parts;
    const open = () =>
      this.#begun ? RunFolder.resume(output, folderOptions) : RunFolder.create(output, folderOptions);
    const folder = given ?? open();
    try {
      if (!this.#test) folder.removeResults();
      if (!this.#begun) {
        folder.clear();
        this.#save();
        probeFolder(output, encodeCheckpoint(this.checkpoint()).length);
        this.#begun = true;
      }
      return folder;
    } catch (error) {
      if (folder !== given) folder.close();
      throw error;
    }
  }

  /** @returns false if stopped by the signal */
  async #train(handlers: RunHandlers): Promise<boolean> {
    const { epochs } = this.config;
    const evaluated = evaluatedSamples(this.#parts.prepared);
    const reporter = this.#progressReporter(handlers);
    while (this.#history.length < epochs) {
      if (handlers.signal?.aborted) return false;
      const metrics = await this.#trainEpoch(handlers, evaluated, reporter);
      if (!metrics) return false;
      this.#history.push(metrics);
      this.#position = startOfEpoch();
      for (const sink of this.#parts.sinks) await sink.write(metrics);
      if (this.#history.length % this.config.checkpointEvery === 0) this.#save();
      handlers.onEpoch?.(metrics);
    }
    return true;
  }

  /** Trains the epoch after the completed ones, from its current step on. @returns undefined if stopped by the signal */
  async #trainEpoch(
    { signal }: RunHandlers,
    evaluated: Samples,
    onChunk: (position: EpochPosition) => void,
  ): Promise<EpochMetrics | undefined> {
    const { network, actions, prepared } = this.#parts;
    const { epochs, learningRate, schedule, optimizer, seed } = this.config;
    const epoch = this.#history.length;
    const context: EpochContext = { network, epoch, epochs };
    const epochStarted = performance.now();
    const samples = await prepared.epochSamples.take(epoch);
    network.load('train', samples);
    for (const action of actions) await action.samplesLoaded?.(context, 'train', samples);
    if (this.#position.step === 0) for (const action of actions) await action.epochStarted?.(context);

    const order = permutation(samples.count, Random.of(seed, SHUFFLE_STREAM, epoch));
    const interruptions = stepInterruptions(actions, context);
    const plan = {
      ...{ network, name: 'train', order, epoch, epochs, learningRate, schedule },
      damping: optimizer.damping,
      interruptions,
    };
    const alreadyTrained = this.#position.totals.samples;
    const trainingStarted = performance.now();
    // Never between the actions that start an epoch and its first step: a resumed run would start it twice.
    const stop = () => this.#position.step > 0 && (signal?.aborted ?? false);
    await trainEpoch(plan, this.#position, stop, onChunk);
    if (this.#position.step < this.#steps) return undefined;
    for (const action of actions) await action.epochTrained?.(context);

    const trainingSeconds = (performance.now() - trainingStarted) / 1000;
    const score = await evaluateTask(network, 'validation', evaluated);
    const [lastRate] = learningRates(schedule, learningRate, epoch, epochs, this.#steps, this.#steps - 1, this.#steps);
    const metrics: EpochMetrics = {
      epoch,
      learningRate: lastRate!,
      train: scoreOf(this.#position.totals),
      ...(prepared.validation && { validation: score }),
      layers: network.statistics(),
      ...(this.engine.arithmetic && { arithmetic: this.engine.arithmetic }),
      imagesPerSecond: (samples.count - alreadyTrained) / trainingSeconds,
      seconds: (performance.now() - epochStarted) / 1000,
    };
    for (const action of actions) await action.epochEnded?.(context, metrics);
    return metrics;
  }

  /** Optimizer steps of one epoch. */
  get #steps(): number {
    return stepCount(this.#parts.prepared.epochSamples.count, this.config.batchSize);
  }

  #progressReporter({ onProgress }: RunHandlers): (position: EpochPosition) => void {
    const { epochs } = this.config;
    const steps = this.#steps;
    const doneShare = () => (this.#history.length + this.#position.step / steps) / epochs;
    const doneAtStart = doneShare();
    const started = performance.now();
    return ({ step, totals }) => {
      const elapsedSeconds = (performance.now() - started) / 1000;
      const done = doneShare();
      onProgress?.({
        epoch: this.#history.length,
        epochs,
        step,
        steps,
        ...scoreOf(totals),
        done,
        elapsedSeconds,
        remainingSeconds: remainingSeconds(doneAtStart, done, elapsedSeconds),
      });
    };
  }

  async #finish(isTested: boolean): Promise<void> {
    if (!this.#test) {
      const { network, prepared } = this.#parts;
      if (isTested) this.#test = await evaluateTask(network, 'test', prepared.test());
      this.#save();
    }
    const { output } = this.config;
    // A process may have been killed between the two files.
    if (output !== undefined && !existsSync(join(output, NETWORK_FILE))) {
      const [path, network] = [join(output, NETWORK_FILE), this.trainedNetwork()];
      writeTrainedNetworkFile(path, { ...network, provenance: provenanceForFile(network.provenance, path) });
    }
  }

  #save(): void {
    if (this.checkpointPath !== undefined) writeCheckpoint(this.checkpointPath, this.checkpoint());
  }
}
