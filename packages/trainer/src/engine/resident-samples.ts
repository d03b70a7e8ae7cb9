// Samples that were loaded into an engine, by name, and the checks of arguments that every engine makes.
import { z } from 'zod';
import { parseArgument } from '../arguments.js';
import { TrainerError } from '../errors.js';
import { withMemory } from '../memory.js';
import type { Samples, TrainingSteps } from './engine.js';
import { type LossTerm, logitTerms, lossReads } from './losses/schemas.js';

const FEWER_SAMPLES = 'use fewer or smaller samples';

/** `targets` are those that came with the samples, or teacher logits. */
export type Resident = Samples;

export class ResidentSamples {
  readonly #resident = new Map<string, Resident>();

  constructor(
    private readonly features: number,
    private readonly outputs: number,
    /** Numbers of a sample that the loss compares with. */
    private readonly targetWidth = outputs,
  ) {}

  /** Copies, so that the caller may fill its buffers anew; the memory of as many samples is used again. @throws TrainerError `invalid-argument` */
  load(name: string, { count, bytes, labels, targets }: Samples): void {
    const { features, outputs } = this;
    if (bytes.length !== count * features || labels.length !== count) {
      throw new TrainerError(
        'invalid-argument',
        `Samples '${name}': ${bytes.length} bytes and ${labels.length} labels found for ${count} samples, ${count * features} and ${count} wanted.`,
      );
    }
    const wrong = labels.findIndex((label) => label >= outputs);
    if (wrong >= 0) {
      throw new TrainerError(
        'invalid-argument',
        `Samples '${name}': label ${labels[wrong]} of sample ${wrong} found, 0 … ${outputs - 1} wanted: the network has ${outputs} outputs.`,
      );
    }
    const old = this.#resident.get(name);
    const copied = () => ({ bytes: new Uint8Array(bytes.length), labels: new Uint16Array(labels.length) });
    const kept =
      old?.count === count ? old : withMemory(`A copy of the samples '${name}'`, bytes.length, FEWER_SAMPLES, copied);
    kept.bytes.set(bytes);
    kept.labels.set(labels);
    this.#resident.set(name, { count, bytes: kept.bytes, labels: kept.labels });
    if (targets) this.loadTargets(name, targets);
  }

  /** @throws TrainerError `invalid-argument` */
  loadTargets(name: string, logits: Float32Array): void {
    const resident = this.get(name);
    if (logits.length !== resident.count * this.targetWidth) {
      throw new TrainerError(
        'invalid-argument',
        `Targets '${name}': ${logits.length} numbers found, ${resident.count * this.targetWidth} wanted (${resident.count} samples of ${this.targetWidth}).`,
      );
    }
    const copied = () => logits.slice();
    const targets = withMemory(`A copy of the targets '${name}'`, logits.byteLength, FEWER_SAMPLES, copied);
    this.#resident.set(name, { ...resident, targets });
  }

  /** @throws TrainerError `invalid-argument` where nothing was loaded under the name. */
  get(name: string): Resident {
    const resident = this.#resident.get(name);
    if (resident !== undefined) return resident;
    const known = [...this.#resident.keys()].join(', ') || 'none';
    throw new TrainerError(
      'invalid-argument',
      `No samples are loaded under '${name}' (loaded: ${known}): call load first.`,
    );
  }

  clear(): void {
    this.#resident.clear();
  }
}

export interface ResolvedSteps {
  readonly order: Uint32Array;
  readonly from: number;
  readonly to: number;
  readonly learningRates: Float32Array;
  readonly damping: number;
  /** Number of steps. */
  readonly count: number;
}

const stepsSchema = z.strictObject({
  order: z.instanceof(Uint32Array),
  learningRates: z.instanceof(Float32Array),
  from: z.number().optional(),
  to: z.number().optional(),
  damping: z.number().min(0).optional(),
});

/**
 * The steps of a call with their defaults.
 * @throws TrainerError `invalid-argument` for options that there are not, a range that is none, other than one learning rate a step,
 * a learning rate or a damping that is no number ≥ 0
 */
export function resolveSteps(steps: TrainingSteps, batchSize: number): ResolvedSteps {
  const { order, learningRates, ...given } = parseArgument(
    stepsSchema,
    steps,
    'No steps can be trained with these options',
  );
  const { from = 0, to = order.length, damping = 0 } = given;
  requireRange(from, to, order.length);
  const count = Math.ceil((to - from) / batchSize);
  if (learningRates.length !== count) {
    throw new TrainerError(
      'invalid-argument',
      `${learningRates.length} learning rates found for ${count} steps of ${batchSize} samples, positions [${from}, ${to}): give one a step of this call.`,
    );
  }
  const wrong = learningRates.findIndex((rate) => !(rate >= 0 && rate < Number.POSITIVE_INFINITY));
  if (wrong >= 0) {
    throw new TrainerError(
      'invalid-argument',
      `A learning rate of ${learningRates[wrong]} found at step ${wrong}, a finite number of at least 0 wanted.`,
    );
  }
  return { order, from, to, learningRates, damping, count };
}

/** @throws TrainerError `invalid-argument` where the loss reads a teacher's logits or targets, and the samples have none. */
export function requireTargets(
  name: string,
  { targets }: Resident,
  loss: readonly LossTerm[],
  evaluates = false,
): void {
  if (targets !== undefined) return;
  const reads = lossReads(loss);
  if (reads.has('targets')) {
    throw new TrainerError(
      'invalid-argument',
      `The loss '${logitTerms(loss)[0]!.kind}' compares with targets, but the samples '${name}' have none: load samples with targets.`,
    );
  }
  if (evaluates || !(reads.has('teacher') || reads.has('features'))) return;
  const wanted = reads.has('teacher') ? ['distillation', 'logits'] : ['features', 'features'];
  throw new TrainerError(
    'invalid-argument',
    `The loss has a ${wanted[0]} term, but '${name}' has no teacher ${wanted[1]}: call loadTargets.`,
  );
}

/** @throws TrainerError `invalid-argument` unless [from, to) is a range of at least one within [0, length). */
export function requireRange(from: number, to: number, length: number): void {
  if (Number.isInteger(from) && Number.isInteger(to) && from >= 0 && from < to && to <= length) return;
  throw new TrainerError(
    'invalid-argument',
    `Positions [${from}, ${to}) found, a range of at least one within [0, ${length}) wanted.`,
  );
}

/** @throws TrainerError `invalid-argument` unless the epoch is a whole number from 0 on. */
export function requireEpoch(epoch: number): void {
  if (Number.isSafeInteger(epoch) && epoch >= 0) return;
  throw new TrainerError('invalid-argument', `Epoch ${epoch} found, a whole number of at least 0 wanted.`);
}

/** @throws TrainerError `invalid-argument` where an array for logits is given and too short. */
export function requireRoom(logits: Float32Array | undefined, wanted: number): void {
  if (logits === undefined || logits.length >= wanted) return;
  throw new TrainerError(
    'invalid-argument',
    `Room for ${logits.length} logits found, ${wanted} wanted: samples times outputs. Give a longer array, or none.`,
  );
}

/** @throws TrainerError `invalid-argument` where a position of the order names a sample that there is not. */
export function requireOrder(order: Uint32Array, from: number, to: number, count: number): void {
  for (let i = from; i < to; i++) {
    if (order[i]! < count) continue;
    throw new TrainerError(
      'invalid-argument',
      `Sample number ${order[i]} found at position ${i} of the order, only ${count} samples are loaded.`,
    );
  }
}
