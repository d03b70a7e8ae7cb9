// The training samples of each epoch: always the same, or with fresh augmented copies rendered by a worker thread meanwhile.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { runInSlices } from '../data/slices.js';
import type { Samples } from '../engine/engine.js';
import type { EngineKernels } from '../engine/kernels.js';
import { TrainerError } from '../errors.js';
import { withMemory } from '../memory.js';
import { makeSteppedRenderer, type RenderPlan } from './render.js';
import type { RenderedEpochs } from './rendered-epochs.js';

/** Gives the samples that an epoch trains with. */
export interface EpochSamples {
  /** Samples of one epoch. */
  readonly count: number;
  /**
   * The samples of an epoch; they stay untouched until those of the next one are taken.
   * @throws TrainerError `worker-failed`.
   */
  take(epoch: number): Promise<Samples>;
  close(): Promise<void>;
}

/** The same samples in every epoch. */
export function constantSamples(samples: Samples): EpochSamples {
  return { count: samples.count, take: async () => samples, close: async () => {} };
}

/** What the worker is started with. */
export interface WorkerStart {
  readonly plan: RenderPlan;
  readonly engine: 'auto' | 'native' | 'wasm' | 'reproducible';
  /** One buffer for even and one for odd epochs; the worker writes behind the first `offset` bytes. */
  readonly buffers: readonly [SharedArrayBuffer, SharedArrayBuffer];
  readonly offset: number;
}

/** Sent to the worker: render this epoch. It answers with the same number. */
export type WorkerRequest = number;

/** Copies bytes into memory that threads share. */
export function toShared(bytes: Uint8Array): Uint8Array {
  const allocate = () => new SharedArrayBuffer(bytes.length);
  const remedy = 'use fewer or smaller samples';
  const shared = new Uint8Array(withMemory('Samples that threads share', bytes.length, remedy, allocate));
  shared.set(bytes);
  return shared;
}

interface Pending {
  readonly promise: Promise<void>;
  resolve(): void;
  reject(error: Error): void;
}

const FEWER = 'use fewer copies in the augmentation, or fewer or smaller samples';

/** Where the augmented copies begin in an epoch's bytes, how many bytes these are, and what belongs to each sample. */
function epochLayout(plain: Samples, { spec }: RenderPlan) {
  const labels = new Uint16Array((spec.plain + spec.copies) * plain.count);
  for (let i = 0; i < labels.length; i += plain.count) labels.set(plain.labels, i);
  const outputs = plain.targets ? plain.targets.length / plain.count : 0;
  const targets = plain.targets && new Float32Array(labels.length * outputs);
  for (let i = 0; i < labels.length; i += plain.count) targets?.set(plain.targets!, i * outputs);
  const offset = spec.plain * plain.bytes.length;
  return { offset, size: offset + spec.copies * plain.bytes.length, labels, targets };
}

/**
 * The same samples as `augmentedSamples`, rendered on the calling thread when they are taken: for runs that have a core each.
 * @param kept what a run before rendered already, and the next one may want
 */
export function renderedSamples(
  plain: Samples,
  plan: RenderPlan,
  kernels: EngineKernels,
  kept: RenderedEpochs,
): EpochSamples {
  const { offset, size, labels, targets } = epochLayout(plain, plan);
  const bytes = withMemory('An epoch of augmented samples', size, FEWER, () => new Uint8Array(size));
  if (offset > 0) bytes.set(plain.bytes);
  const steps = makeSteppedRenderer(kernels, plan);
  return {
    count: labels.length,
    async take(epoch) {
      const copies = bytes.subarray(offset);
      const known = kept.find(plan, epoch);
      if (known) copies.set(known);
      else {
        await runInSlices(steps(epoch, copies));
        kept.keep(plan, epoch, copies);
      }
      return { count: labels.length, bytes, labels, targets };
    },
    close: async () => {},
  };
}

/**
 * Renders in a worker thread, one epoch ahead of training, into two buffers that take turns.
 * @param plain the unaugmented samples at the network's size, which are part of every epoch unless `spec.plain` is 0
 * @param epochs epochs of the run: nothing is rendered beyond
 */
export function augmentedSamples(
  plain: Samples,
  plan: RenderPlan,
  epochs: number,
  engine: WorkerStart['engine'],
): EpochSamples {
  const { offset, size, labels, targets } = epochLayout(plain, plan);
  const allocate = () => [new SharedArrayBuffer(size), new SharedArrayBuffer(size)] as const;
  const buffers = withMemory('Two epochs of augmented samples', 2 * size, FEWER, allocate);
  if (offset > 0) for (const buffer of buffers) new Uint8Array(buffer).set(plain.bytes);

  const workerData: WorkerStart = { plan, engine, buffers, offset };
  const worker = new Worker(workerFile(), { workerData });
  worker.unref();
  const pending = new Map<number, Pending>();
  let failure: TrainerError | undefined;
  const fail = (reason: string, cause?: unknown) => {
    failure ??= new TrainerError('worker-failed', `The augmentation worker ${reason}.`, { cause });
    for (const request of pending.values()) request.reject(failure);
  };
  worker.on('message', (epoch: WorkerRequest) => pending.get(epoch)?.resolve());
  worker.on('error', (error) => fail(`failed: ${error.message}`, error));
  worker.on('exit', (code) => fail(`ended with exit code ${code}`));

  const request = (epoch: number): Promise<void> => {
    const known = pending.get(epoch);
    if (known) return known.promise;
    const created = makePending();
    // Nobody may be waiting when the worker fails; take() reports it.
    created.promise.catch(() => {});
    pending.set(epoch, created);
    if (failure) created.reject(failure);
    else worker.postMessage(epoch satisfies WorkerRequest);
    return created.promise;
  };

  return {
    count: labels.length,
    async take(epoch) {
      worker.ref();
      try {
        await request(epoch);
      } finally {
        worker.unref();
      }
      pending.delete(epoch);
      if (epoch + 1 < epochs) request(epoch + 1);
      return { count: labels.length, bytes: new Uint8Array(buffers[epoch % 2]!), labels, targets };
    },
    async close() {
      worker.removeAllListeners();
      await worker.terminate();
    },
  };
}

function makePending(): Pending {
  let resolve!: () => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<void>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}

/** The worker is built as a file of its own beside the package's entry; sources (tests) use the built one. */
function workerFile(): string {
  const candidates = ['./augmentation-worker.js', '../../dist/augmentation-worker.js'];
  const files = candidates.map((candidate) => fileURLToPath(new URL(candidate, import.meta.url)));
  const found = files.find((file) => existsSync(file));
  if (!found) {
    throw new TrainerError('worker-failed', `The augmentation worker is missing: ${files[0]}. Build the package.`);
  }
  return found;
}
