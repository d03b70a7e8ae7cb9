// From a request to its record: trains, makes integers, judges them, measures parts. One run at a time, in this process.
import { hostname } from 'node:os';
import { type QuantizedModel, summarizeModel, summarizeSpec } from '@bitnetmcu/models';
import {
  createTrainingRun,
  type Dataset,
  type Engine,
  type EngineKernels,
  type Progress,
  parseTrainingConfig,
  type RunHandlers,
  type RunResult,
  resumeTrainingRun,
  type Score,
  type TrainingConfig,
  type TrainingRun,
} from '@bitnetmcu/trainer';
import { decodeCheckpoint, encodeCheckpoint } from '@bitnetmcu/trainer/internal';
import { StudyError } from '../errors.js';
import type { KeyedRequest } from '../runners/runner.js';
import { packRight } from '../statistics/right-bits.js';
import { positiveShare } from './activity.js';
import type { CheckpointStore } from './checkpoint-store.js';
import { hiddenCodes } from './hidden-codes.js';
import { judgeIntegers, type QuantizedSamples } from './integer-score.js';
import { modelBytes } from './model-bytes.js';
import { numbersSha256 } from './numbers-hash.js';
import { quantizeWithData } from './quantize-with-data.js';
import { engineMeaning, packageVersions, runKey } from './run-key.js';
import type { FinishedRun } from './run-record.js';
import type { RunRequest } from './run-request.js';
import { RunResources } from './run-resources.js';
import { targetFigures } from './target-figures.js';

export interface ExecuteOptions {
  /** Stops the training; what was done is in the checkpoints, and the promise is rejected with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  onProgress?: ((progress: Progress) => void) | undefined;
  /** Told of every epoch that is completed, and kept where that can be done. */
  onEpoch?: ((epochs: number) => void) | undefined;
  /** Where the run is kept after every epoch, and goes on from. */
  readonly checkpoints?: CheckpointStore | undefined;
}

export interface ExecutedRun {
  readonly record: FinishedRun;
  /** Of its `.bnm`; absent of a network that is judged as it is trained. */
  readonly model?: Uint8Array | undefined;
}

/** What a run is made with. */
interface Means {
  readonly dataset: Dataset;
  readonly engine: Engine;
  readonly kernels: EngineKernels;
  readonly key: string;
}

type Judged = Pick<
  FinishedRun,
  'validation' | 'heldOut' | 'test' | 'activity' | 'right' | 'weightBytes' | 'hiddenCodes' | 'targets'
>;

export class RunExecutor {
  readonly #resources: RunResources;

  /** @param threads of the engine; @param keptBytes of augmented samples that the next run may want */
  constructor(threads = 1, keptBytes = 0) {
    this.#resources = new RunResources(threads, keptBytes);
  }

  /** @throws as `runKey` and `loadDataset` */
  async keyOf(request: RunRequest): Promise<string> {
    return (await this.#meansOf(request)).key;
  }

  /** The engine that a configuration is trained with here; `auto` is the fastest one that loads. @throws TrainerError `engine-unavailable` */
  async engineKind({ engine }: TrainingConfig): Promise<TrainingConfig['engine']> {
    if (engine !== 'auto') return engine;
    const { kind } = (await this.#resources.engine(engine)).info;
    return kind === 'native' ? kind : 'wasm';
  }

  /**
   * @throws StudyError `machines-differ` where the run has another key here; whatever training and export throw, and the signal's reason where it
   * stopped the run
   */
  async execute({ key, request }: KeyedRequest, options: ExecuteOptions = {}): Promise<ExecutedRun> {
    const started = performance.now();
    const { output: _output, ...given } = request.config;
    const config = parseTrainingConfig(given);
    const means = await this.#meansOf({ ...request, config });
    if (means.key !== key) throw otherKey(means);
    const run = await this.#begin(config, means, options);
    try {
      const { history, test: floatTest } = await trained(run, { key: means.key, test: request.test }, options);
      const dataset = { name: means.dataset.name, sha256: means.dataset.sha256 };
      const { judged, made } = request.float
        ? { judged: asTrained(run), made: undefined }
        : await this.#integers(run, request, means, { dataset, signal: options.signal });
      const record: FinishedRun = {
        status: 'finished',
        key: means.key,
        request,
        dataset,
        epochs: history,
        ...judged,
        ...(floatTest && { floatTest }),
        ...(made && { model: made.sha256 }),
        seconds: (performance.now() - started) / 1000,
        engine: run.engine,
        versions: { ...packageVersions(), node: process.versions.node },
        worker: `${hostname()} ${process.pid}`,
        ended: new Date().toISOString(),
      };
      return { record, model: made?.bytes };
    } finally {
      await run.close();
    }
  }

  async #meansOf(request: RunRequest): Promise<Means> {
    const { data, engine: kind } = request.config;
    const dataset = await this.#resources.dataset(data);
    const engine = await this.#resources.engine(kind);
    const key = runKey(request, { dataset, engine: engine.info });
    return { dataset, engine, kernels: await this.#resources.kernels(kind), key };
  }

  /** A run from its beginning, or from where it was kept by the same engine. */
  async #begin(config: TrainingConfig, means: Means, { checkpoints }: ExecuteOptions): Promise<TrainingRun> {
    const { dataset, engine, kernels, key } = means;
    const options = { dataset, engine, kernels, shared: this.#resources.shared };
    for (const kept of checkpoints?.read(key) ?? []) {
      try {
        const checkpoint = decodeCheckpoint(kept);
        if (engineMeaning(checkpoint.engine) !== engineMeaning(engine.info)) continue;
        return await resumeTrainingRun({ ...checkpoint, engine: engine.info }, options);
      } catch {
        // Its writer was killed, or is of another version: the one before, or from the beginning.
      }
    }
    checkpoints?.remove(key);
    return createTrainingRun(config, options);
  }

  /** The integer network, what it is worth, and its file. */
  async #integers(
    run: TrainingRun,
    request: RunRequest,
    means: Means,
    { dataset, signal }: { dataset: FinishedRun['dataset']; signal: AbortSignal | undefined },
  ) {
    const { model } = quantizeWithData(run.trainedNetwork(), means.dataset);
    signal?.throwIfAborted();
    const judged = await this.#judge(model, run, request, means, signal);
    return { judged, made: modelBytes(model, run.config, { dataset, ...judged }) };
  }

  async #judge(
    model: QuantizedModel,
    run: TrainingRun,
    { targets, test }: RunRequest,
    { dataset, kernels }: Means,
    signal?: AbortSignal,
  ): Promise<Judged> {
    const { heldOut } = this.#resources.shared.split(dataset.train, run.config);
    const float = run.history.at(-1)?.validation;
    const samplesOf = (part: 'train' | 'test', numbers?: Uint32Array) =>
      this.#resources.quantized(model, dataset, { part, kernels, ...(numbers && { numbers }) });
    const judge = (samples: QuantizedSamples) => judgeIntegers(model, samples, this.#resources.backend);
    const validated = float && (await judge(samplesOf('train', heldOut)));
    const testPart = test ? samplesOf('test') : undefined;
    const tested = testPart && (await judge(testPart));
    const activity = testPart && (await positiveShare(model, testPart.inputs, testPart.count));
    const codes = hiddenCodes(model);
    const right = test ? tested?.right : validated?.right;
    return {
      ...(float && validated && { validation: { float, integer: validated.score }, heldOut: numbersSha256(heldOut) }),
      ...(tested && { test: tested.score }),
      ...(activity !== undefined && { activity }),
      ...(right && { right: packRight(right) }),
      weightBytes: summarizeModel(model).total.bytes,
      ...(codes && { hiddenCodes: codes }),
      targets: await targetFigures(model, targets, signal),
    };
  }
}

/** What is known of a network without its integer form: epochs and the test part tell the rest. */
function asTrained(run: TrainingRun): Judged {
  return { weightBytes: summarizeSpec(run.trainedNetwork().spec).total.bytes, targets: [] };
}

function otherKey({ dataset, engine }: Means): StudyError {
  return new StudyError(
    'machines-differ',
    `The run is another one on ${hostname()}: the data ${dataset.name} have the SHA-256 ${dataset.sha256}, the engine is ${engineMeaning(engine.info)}, and the packages are ${JSON.stringify(packageVersions())}. Give all machines the same data, engine and version.`,
  );
}

interface Ended extends Pick<RunResult, 'status' | 'history'> {
  readonly test?: Score | undefined;
}

/** Trains to the end; the run is kept, where that can be done, after every epoch but the last, and where it is stopped. */
async function trained(
  run: TrainingRun,
  { key, test }: { readonly key: string; readonly test: boolean },
  { signal, onProgress, onEpoch, checkpoints }: ExecuteOptions,
) {
  const keep = () => {
    if (!checkpoints) return;
    const bytes = encodeCheckpoint(run.checkpoint());
    try {
      checkpoints.write(key, bytes);
    } catch {
      // A full disk, a folder of somebody else's: the run is well, and goes on from an earlier epoch if it has to.
    }
  };
  const handlers: RunHandlers = {
    signal,
    onProgress,
    onEpoch: ({ epoch }) => {
      if (epoch + 1 < run.config.epochs) keep();
      onEpoch?.(epoch + 1);
    },
  };
  const result: Ended = test ? await run.run(handlers) : await run.run({ ...handlers, test: false });
  if (result.status === 'finished') return result;
  keep();
  signal!.throwIfAborted();
  throw new Error('the run was interrupted without a signal');
}
