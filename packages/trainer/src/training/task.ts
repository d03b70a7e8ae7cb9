// What the task of a data set decides in training: the loss, what the network's outputs mean, and what the engine compares them with.
import type { NetworkSpec, NetworkSpecInput } from '@bitnetmcu/models';
import { DEFAULT_QUANTILE, type OutputSpec, type Task, taskOf } from '@bitnetmcu/models/internal';
import type { Dataset } from '../data/dataset.js';
import type { Samples } from '../engine/engine.js';
import { type LogitTerm, logitTerms } from '../engine/losses/schemas.js';
import { TrainerError } from '../errors.js';
import type { TrainingConfig } from './config.js';

interface TaskDefinition {
  readonly loss: 'crossEntropy' | 'meanSquaredError' | 'binaryCrossEntropy';
  /** Kinds of terms that make sense. */
  readonly reads: readonly LogitTerm['kind'][];
  /** What the outputs mean, learned from the training part; absent for classes. */
  output(dataset: Dataset, quantile: number): OutputSpec | undefined;
  /** What the logits shall be, count·outputs. */
  targets(spec: NetworkSpec, samples: Samples): Float32Array | undefined;
}

const TASK_DEFINITIONS: Readonly<Record<Task, TaskDefinition>> = {
  classification: {
    loss: 'crossEntropy',
    reads: ['crossEntropy', 'distillation'],
    output: () => undefined,
    targets: () => undefined,
  },
  regression: {
    loss: 'meanSquaredError',
    reads: ['meanSquaredError', 'huber'],
    output: standardization,
    targets: ({ output }, { targets }) =>
      output?.task === 'regression' ? standardized(output.values, targets!) : undefined,
  },
  anomaly: {
    loss: 'meanSquaredError',
    reads: ['meanSquaredError', 'huber'],
    output: (_, quantile) => ({ task: 'anomaly', quantile }),
    targets: preprocessed,
  },
  multiLabel: {
    loss: 'binaryCrossEntropy',
    reads: ['binaryCrossEntropy'],
    output: () => ({ task: 'multiLabel' }),
    targets: (_, { targets }) => targets,
  },
};

/** The loss of a run that names none. */
export function defaultLoss(dataset: Pick<Dataset, 'output'>): TaskDefinition['loss'] {
  return TASK_DEFINITIONS[taskOf(dataset)].loss;
}

/** @throws TrainerError `invalid-config` where the loss compares with what the samples of this task do not have */
export function requireLoss(
  { loss = [] }: Pick<TrainingConfig, 'loss'>,
  dataset: Pick<Dataset, 'name' | 'output'>,
): void {
  const task = taskOf(dataset);
  const wanted = TASK_DEFINITIONS[task].reads;
  const wrong = logitTerms(loss).find(({ kind }) => !wanted.includes(kind));
  if (wrong === undefined) return;
  throw new TrainerError(
    'invalid-config',
    `The loss ${wrong.kind} does not fit ${task}, the task of ${dataset.name}: use ${wanted.join(' or ')}, or set the task (data.task, --data-task).`,
  );
}

/** The network with what its outputs mean; a network of another task is refused by its number of outputs. */
export function withOutput(spec: NetworkSpec, dataset: Dataset, quantile = DEFAULT_QUANTILE): NetworkSpecInput {
  const { output: _, ...rest } = spec;
  const output = TASK_DEFINITIONS[taskOf(dataset)].output(dataset, quantile);
  return { ...rest, ...(output && { output }) };
}

/** Samples with what the logits shall be, for the engine. Samples of classes as they are. */
export function withTargets(spec: NetworkSpec, samples: Samples): Samples {
  const targets = TASK_DEFINITIONS[taskOf(spec)].targets(spec, samples);
  return targets ? { ...samples, targets } : samples;
}

/** Answers are held within the training targets, and this share of their range more at both ends. */
const MARGIN = 0.5;

function standardization({ name, train, output }: Dataset): OutputSpec {
  if (output?.task !== 'regression') throw new TypeError('no regression');
  const { values } = output;
  return {
    task: 'regression',
    values: values.map(({ name: value, unit, decimals }, column) => {
      const targets = Array.from({ length: train.count }, (_, i) => train.targets![i * values.length + column]!);
      const mean = targets.reduce((sum, target) => sum + target, 0) / targets.length;
      const deviation = Math.sqrt(targets.reduce((sum, target) => sum + (target - mean) ** 2, 0) / targets.length);
      if (deviation === 0) {
        throw new TrainerError(
          'invalid-data',
          `${name}: ${value} is ${targets[0]} in all ${train.count} training samples; different values are wanted, there is nothing to learn.`,
        );
      }
      const [low, high] = targets.reduce(
        ([a, b], target) => [Math.min(a, target), Math.max(b, target)],
        [targets[0]!, targets[0]!],
      );
      const margin = MARGIN * (high! - low!);
      return {
        name: value,
        ...(unit !== undefined && { unit }),
        decimals,
        mean,
        deviation,
        low: low! - margin,
        high: high! + margin,
      };
    }),
  };
}

function standardized(values: readonly { mean: number; deviation: number }[], targets: Float32Array): Float32Array {
  return targets.map((target, i) => {
    const { mean, deviation } = values[i % values.length]!;
    return (target - mean) / deviation;
  });
}

/** The network's own input: what an autoencoder shall give. */
function preprocessed({ input }: NetworkSpec, { bytes }: Samples): Float32Array {
  const { divisor, mean, deviation } = input.preprocessing;
  const table = Float32Array.from({ length: 256 }, (_, byte) => (byte / divisor - mean) / deviation);
  return Float32Array.from(bytes, (byte) => table[byte]!);
}

/**
 * Weights of classes as numbers. Balanced: samples/(classes·samples of the class), 1 on average over the samples; 0 for a class without any.
 * @throws TrainerError `invalid-config` where there are no classes
 */
export function classWeightsOf(
  weights: 'balanced' | readonly number[] | undefined,
  dataset: Pick<Dataset, 'train' | 'labels' | 'output'> | undefined,
): number[] | undefined {
  if (weights !== 'balanced') return weights && [...weights];
  if (dataset === undefined || dataset.output !== undefined) {
    throw new TrainerError(
      'invalid-config',
      'Balanced class weights found, but samples have no classes: leave classWeights out.',
    );
  }
  const counts = new Array<number>(dataset.labels.length).fill(0);
  for (const label of dataset.train.labels) counts[label]!++;
  const present = counts.filter((count) => count > 0).length;
  return counts.map((count) => (count === 0 ? 0 : dataset.train.count / (present * count)));
}
