// From a configuration and a data set to what the loop needs: the network, its resident samples and the samples of each epoch.
import { inferShapes, type NetworkSpec, parseNetworkSpec } from '@bitnetmcu/models';
import { elementCount, outputCount, RAW_PREPROCESSING, taskOf } from '@bitnetmcu/models/internal';
import { changedSamples } from '../augmentation/changed-samples.js';
import {
  augmentedSamples,
  constantSamples,
  type EpochSamples,
  renderedSamples,
  toShared,
} from '../augmentation/epoch-samples.js';
import type { RenderedEpochs } from '../augmentation/rendered-epochs.js';
import { type AugmentationSpec, augmentationSchema } from '../augmentation/spec.js';
import { type ValueAugmentation, valueAugmentationSchema } from '../augmentation/value-spec.js';
import { type Dataset, selectSamples } from '../data/dataset.js';
import { drawSamples } from '../data/draw-samples.js';
import { fitInput, fitSamples, type InputFit } from '../data/fit.js';
import type { Samples } from '../engine/engine.js';
import type { EngineKernels, ImageStack } from '../engine/kernels.js';
import { TrainerError } from '../errors.js';
import type { TrainingConfig } from './config.js';
import { presetForData } from './preset-for-data.js';
import { SAMPLE_NOUNS, sampleKind } from './sample-kind.js';
import type { SharedSamples } from './shared-samples.js';
import { withOutput, withTargets } from './task.js';
import { validationNumbers } from './validation-split.js';

/** Samples evaluated for the layer statistics when there is no validation split. */
const STATISTICS_SAMPLES = 5000;

export interface PreparedRun {
  readonly spec: NetworkSpec;
  readonly epochSamples: EpochSamples;
  /** Held-out samples in the network's input shape; none if `validation` is 0. */
  readonly validation?: Samples;
  /** Training samples without augmentation, in the network's input shape. */
  readonly plain: Samples;
  /** Test samples in the network's input shape; resized when first asked for. */
  test(): Samples;
}

/**
 * Splits, resizes and starts augmentation.
 * @param name of the network, where it is not to be that of its preset or spec
 * @param shared where this process has one run after another: samples that fit are kept for the next one, and nothing is done on other threads
 * @throws TrainerError `invalid-config` where network, data and augmentation do not fit each other, and what `fitInput`,
 * `splitSamples` and `parseNetworkSpec` throw.
 */
export function prepareRun(
  config: TrainingConfig,
  dataset: Dataset,
  kernels: EngineKernels,
  name?: string,
  shared?: SharedSamples,
): PreparedRun {
  const numbers = shared?.split(dataset.train, config) ?? validationNumbers(dataset.train, config);
  const spec = networkOf(config, trainedWith(dataset, numbers.rest), name);
  const fit = fitInput(dataset.shape, spec.input.shape);
  const fitted = (of: 'rest' | 'heldOut') =>
    shared
      ? shared.select(of, shared.fitted(dataset.train, fit, kernels), numbers[of])
      : fitSamples(selectSamples(dataset.train, numbers[of]), fit, kernels);
  const plain = fitted('rest');
  const parts = { dataset, rest: numbers.rest, plain, fit, kernels, rendered: shared?.rendered };
  return {
    spec,
    plain,
    epochSamples: targeted(spec, epochSamplesOf(config, parts)),
    ...(numbers.heldOut.length > 0 && { validation: fitted('heldOut') }),
    test: () => (shared ? shared.fitted(dataset.test, fit, kernels) : fitSamples(dataset.test, fit, kernels)),
  };
}

/** The data set with what is trained with alone where the network takes anything from it: the values of a regression. */
function trainedWith(dataset: Dataset, rest: Uint32Array): Dataset {
  return dataset.output === undefined ? dataset : { ...dataset, train: selectSamples(dataset.train, rest) };
}

/** Every epoch's samples with what the logits shall be. */
function targeted(spec: NetworkSpec, inner: EpochSamples): EpochSamples {
  if (taskOf(spec) === 'classification') return inner;
  return { ...inner, take: async (epoch) => withTargets(spec, await inner.take(epoch)) };
}

function networkOf({ network, quantile, data }: TrainingConfig, dataset: Dataset, name?: string): NetworkSpec {
  const given =
    typeof network === 'string' ? presetForData(network, { ...dataset, spec: data }) : parseNetworkSpec(network);
  requireOutputs(given, dataset);
  const named = name === undefined ? given : { ...given, name };
  return parseNetworkSpec(withOutput(withRawInput(named, dataset), dataset, quantile));
}

/** @throws TrainerError `invalid-config` where the network has not as many outputs as the task of the data wants */
function requireOutputs(spec: NetworkSpec, { name, labels, output }: Dataset): void {
  const outputs = outputCount(inferShapes(spec));
  if (output?.task === 'anomaly') {
    const inputs = elementCount(spec.input.shape);
    if (outputs === inputs) return;
    throw new TrainerError(
      'invalid-config',
      `The network ${spec.name} has ${inputs} inputs and ${outputs} outputs; a network for anomalies reconstructs its input, and has as many outputs. Give the last layer ${inputs}.`,
    );
  }
  if (outputs === 1 && output === undefined) {
    throw new TrainerError(
      'invalid-config',
      `The network ${spec.name} has one output, and cross entropy over a single class learns nothing. Give the last layer ${labels.length} outputs, one a class of ${name}.`,
    );
  }
  if (outputs !== labels.length) {
    const what = output === undefined ? 'classes' : output.task === 'regression' ? 'values' : 'labels';
    throw new TrainerError(
      'invalid-config',
      `The network ${spec.name} has ${outputs} outputs, the data set ${name} ${labels.length} ${what}. Give the last layer as many outputs.`,
    );
  }
}

/** The network keeps what its samples were made from. @throws ModelError `invalid-input` where they are not those of its input */
function withRawInput(spec: NetworkSpec, { raw, frontEnd }: Dataset): NetworkSpec {
  if (raw === undefined) return spec;
  const input = { shape: spec.input.shape, preprocessing: RAW_PREPROCESSING, raw, ...(frontEnd && { frontEnd }) };
  return parseNetworkSpec({ ...spec, input });
}

interface Parts {
  readonly dataset: Dataset;
  /** Training samples: their numbers in the data set, and themselves in the network's input shape. */
  readonly rest: Uint32Array;
  readonly plain: Samples;
  readonly fit: InputFit;
  readonly kernels: EngineKernels;
  /** Where runs share what they prepare. */
  readonly rendered: RenderedEpochs | undefined;
}

function epochSamplesOf(config: TrainingConfig, parts: Parts): EpochSamples {
  const { dataset, rest, plain, fit, kernels, rendered } = parts;
  const { seed, epochs, engine } = config;
  const spec = augmentationOf(config, dataset);
  if (spec === undefined) return constantSamples(plain);
  if ('kind' in spec) return changedSamples(plain, spec, dataset.shape, seed);
  const plan = { spec, seed, count: rest.length, ...targetSize(fit, dataset) };
  if (rendered) {
    const source = imagesOf(dataset.train.bytes, dataset);
    return renderedSamples(plain, { ...plan, source, numbers: rest }, kernels, rendered);
  }
  const source = imagesOf(toShared(selectSamples(dataset.train, rest).bytes), dataset);
  return augmentedSamples(plain, { ...plan, source }, epochs, engine);
}

/** @throws TrainerError `invalid-config` where samples are not of the kind that an augmentation is for */
function augmentationOf(
  { augmentation }: TrainingConfig,
  dataset: Dataset,
): AugmentationSpec | ValueAugmentation | undefined {
  if (augmentation === 'none') return undefined;
  const kind = sampleKind(dataset);
  if (augmentation === undefined) return kind === 'image' ? augmentationSchema.parse({}) : undefined;
  const given = typeof augmentation === 'string' ? valueAugmentationSchema.parse({ kind: augmentation }) : augmentation;
  const suited = 'kind' in given ? given.kind : 'image';
  if (suited === kind) return given;
  const remedy = kind === 'image' ? 'Leave its kind out' : `Set augmentation to ${kind} or none`;
  throw new TrainerError(
    'invalid-config',
    `Samples of ${dataset.name} are ${dataset.shape.join('×')} values, ${SAMPLE_NOUNS[kind]}, and the augmentation is for ${SAMPLE_NOUNS[suited]}. ${remedy}.`,
  );
}

function imagesOf(bytes: Uint8Array, { shape }: Dataset): ImageStack {
  const [channels, height, width] = shape as readonly [number, number, number];
  return { bytes, channels, height, width };
}

function targetSize(fit: InputFit, { shape }: Dataset): { height: number; width: number } {
  const [height, width] = fit.kind === 'resize' ? fit.to : [shape[1]!, shape[2]!];
  return { height, width };
}

/** The validation split, or without one as many plain training samples as the layer statistics need. */
export function evaluatedSamples({ validation, plain }: PreparedRun): Samples {
  if (validation) return validation;
  return plain.count <= STATISTICS_SAMPLES ? plain : selectSamples(plain, drawSamples(plain, STATISTICS_SAMPLES));
}
