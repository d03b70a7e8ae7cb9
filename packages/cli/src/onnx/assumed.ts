// What an import assumes where the graph does not say it: preprocessing, order of values, calibration samples, how a class is made. All of
// it is printed and stored, for a wrong one costs accuracy and breaks nothing.
import { type GraphEnds, graphPreprocessing, type PreprocessingScore } from '@bitnetmcu/exporter';
import {
  elementCount,
  type Preprocessing,
  preprocessingSchema,
  type QuantizedModel,
  type Shape,
  validateQuantizedModel,
} from '@bitnetmcu/models';
import { type DataSpec, type Dataset, fitInput } from '@bitnetmcu/trainer';
import { z } from 'zod';
import { CliError } from '../errors.js';
import type { QuantizedNetwork } from '../inputs/calibration.js';
import { count, percent } from '../render/quantities.js';
import { parsePreprocessing } from './graph-samples.js';

export interface ChosenPreprocessing {
  readonly value: Preprocessing;
  /** Why this one. */
  readonly reason: string;
  /** Where the graph normalizes its input and something stands in front of it too. */
  readonly doubt: string | undefined;
}

/**
 * What stands in front of a graph: as given; else nothing where the graph normalizes its input itself, MNIST's constants for MNIST, and
 * for all other data their own units.
 * @param given `--preprocessing`
 * @throws CliError `usage`
 */
export function choosePreprocessing(
  given: string | undefined,
  data: DataSpec | undefined,
  { normalization }: Pick<GraphEnds, 'normalization'>,
): ChosenPreprocessing {
  const own =
    normalization &&
    `the graph ${normalization.kind === 'batchNorm' ? 'begins with a batch norm' : 'normalizes its input itself'} (${normalization.nodes.join(', ')}: ${affineText(normalization)})`;
  const chosen =
    given !== undefined
      ? { value: parsePreprocessing(given), reason: 'as given' }
      : own === undefined && data?.kind === 'mnist'
        ? { value: preprocessingSchema.parse({}), reason: "MNIST's" }
        : {
            value: ownUnits(data),
            reason:
              (own ?? (data !== undefined && 'range' in data && data.range))
                ? "the data's own range"
                : 'the values themselves; name another with --preprocessing',
          };
  const { divisor, mean, deviation } = chosen.value;
  const isNothing = divisor === 1 && mean === 0 && deviation === 1;
  const doubt =
    own === undefined || isNothing || given === undefined
      ? undefined
      : `Both normalize: ${own}, and --preprocessing ${given} stands in front of it. One of them is enough where the training did one.`;
  return { ...chosen, doubt };
}

/** Bytes as the numbers that they stand for in the data: those of `range`, else themselves. @throws CliError `usage` */
function ownUnits(data: DataSpec | undefined): Preprocessing {
  const range = data !== undefined && 'range' in data ? data.range : undefined;
  if (range === undefined) return { divisor: 1, mean: 0, deviation: 1 };
  const [low, high] = range;
  if (high < low) {
    throw new CliError(
      'usage',
      `The range ${low},${high} of the data falls; --preprocessing divisor,mean,deviation is wanted to say what the graph gets.`,
    );
  }
  return { divisor: 255 / (high - low), mean: -low, deviation: 1 };
}

/** A better score than chance gives on so few samples. */
const CLEAR_GAIN = 0.01;

/**
 * The choice, corrected by evidence: where no one named a preprocessing and the float graph scores better on labelled training samples
 * under another plausible one, that is taken, and said.
 * @param scores of the choice, first, and of the others
 */
export function correctPreprocessing(
  chosen: ChosenPreprocessing,
  scores: readonly PreprocessingScore[],
  samples: number,
): ChosenPreprocessing {
  const [assumed, ...others] = scores;
  if (assumed === undefined) return chosen;
  const best = others.reduce((better, one) => {
    // The samples' own mean and deviation are never quite the training's: known constants are likelier.
    const margin = one.kind === 'standardized' ? CLEAR_GAIN : 0;
    return one.accuracy > better.accuracy + margin ? one : better;
  }, assumed);
  if (best.accuracy - assumed.accuracy <= CLEAR_GAIN) return chosen;
  const reason = `found: the float graph gets ${percent(best.accuracy)} of ${count(samples)} training samples with it, ${percent(assumed.accuracy)} with ${preprocessingText(chosen.value)}; name the training's own with --preprocessing`;
  return { ...chosen, value: best.preprocessing, reason };
}

const digits = (value: number): string => Number(value.toPrecision(4)).toString();

function affineText({ scale, offset }: { readonly scale: number; readonly offset: number }): string {
  return `x · ${digits(scale)} ${offset < 0 ? '−' : '+'} ${digits(Math.abs(offset))}`;
}

/** `(x / 255 − 0.1307) / 0.3081`, without what changes nothing. */
export function preprocessingText({ divisor, mean, deviation }: Preprocessing): string {
  const divided = divisor === 1 ? 'x' : `x / ${digits(divisor)}`;
  const shifted = mean === 0 ? divided : `${divided} ${mean < 0 ? '+' : '−'} ${digits(Math.abs(mean))}`;
  if (deviation === 1) return shifted;
  return `${shifted === 'x' ? 'x' : `(${shifted})`} / ${digits(deviation)}`;
}

/** How the values of a sample stand: `1×28×28 (channels, rows, columns)`, and from what they were resized. */
export function layoutText(input: Shape, data: Shape | undefined): string {
  const own = input.length === 3 ? `${input.join('×')} (channels, rows, columns)` : `${input[0]} values`;
  if (data === undefined) return own;
  const fit = fitInput(data, input);
  if (fit.kind === 'resize') return `${own}, resized from ${data.join('×')}`;
  return data.join() === input.join() ? own : `${own} of samples ${data.join('×')}, in their order`;
}

/** How a class is made of a network's outputs. */
export function classText(outputs: number, activation: GraphEnds['activation']): string {
  if (outputs === 1) return 'class 1 where the one output is above 0 (a probability above ½), else class 0';
  const all = `the class is the largest of ${outputs} outputs`;
  return activation === 'sigmoid' ? `${all} (they are sigmoids: of several labels only the most likely one)` : all;
}

/** A data set for people: its kind and where it is. */
export function dataName(data: DataSpec): string {
  const place = 'trainImages' in data ? data.trainImages : 'train' in data ? data.train : data.path;
  return place === undefined ? data.kind : `${data.kind} ${place}`;
}

export interface Assumed {
  readonly inputShape: Shape;
  readonly preprocessing: Preprocessing;
  readonly preprocessingReason: string;
  readonly graphNormalizes: GraphEnds['normalization'];
  readonly calibration: { readonly dataset: string; readonly samples: number; readonly of: number } | undefined;
  readonly class: string;
  /** The same for people, in two lines. */
  readonly lines: readonly [string, string];
}

/** What a comparison with a graph rests on: what the import noted, or `given` instead. */
export function comparisonAssumptions(
  model: QuantizedModel,
  given: Preprocessing | undefined,
  data: Shape,
  activation: GraphEnds['activation'],
): Pick<Assumed, 'inputShape' | 'preprocessing' | 'preprocessingReason' | 'calibration' | 'class' | 'lines'> {
  const preprocessing = given ?? graphPreprocessing(model);
  const reason = given === undefined ? 'as the import noted' : 'as given';
  const noted = calibrationSchema.safeParse(model.provenance.config);
  const calibration = noted.success ? noted.data.onnx.calibration : undefined;
  const outputs = elementCount(validateQuantizedModel(model).at(-1)!.outputShape);
  const decision = classText(outputs, activation);
  const scales = calibration
    ? `calibrated on ${count(calibration.samples)} of ${count(calibration.of)} training samples of ${calibration.dataset}`
    : 'the model does not say what it was calibrated on';
  const before = activation === undefined ? '' : `; logits are compared before the graph's ${activation}`;
  return {
    inputShape: model.input.shape,
    preprocessing,
    preprocessingReason: reason,
    calibration,
    class: decision,
    lines: [
      `input ${layoutText(model.input.shape, data)}; preprocessing ${preprocessingText(preprocessing)} (${reason})`,
      `${scales}; ${decision}${before}`,
    ],
  };
}

/** As `import` notes it. */
const calibrationSchema = z.object({
  onnx: z.object({ calibration: z.object({ dataset: z.string(), samples: z.number(), of: z.number() }) }),
});

/** What the integer network of a trained one assumes: nothing that its training did not say. */
export function trainedAssumptions({
  model,
  calibration,
}: QuantizedNetwork): Omit<Assumed, 'preprocessingReason' | 'graphNormalizes'> {
  const { shape, preprocessing, quantization } = model.input;
  const outputs = elementCount(validateQuantizedModel(model).at(-1)!.outputShape);
  const decision = classText(outputs, undefined);
  const scales =
    calibration === undefined
      ? `not calibrated: ${quantization.kind === 'dynamic' ? 'scales follow each sample' : 'scales are in the network'}`
      : `calibrated on ${count(calibration.samples)} of ${count(calibration.of)} training samples of ${calibration.dataset}, drawn from every class`;
  return {
    inputShape: shape,
    preprocessing,
    calibration,
    class: decision,
    lines: [
      `input ${layoutText(shape, undefined)}; preprocessing ${preprocessingText(preprocessing)} (the training's)`,
      `${scales}; ${decision}`,
    ],
  };
}

/** @param calibrated how many samples set the scales; undefined: none were needed */
export function describeAssumed(
  input: Shape,
  chosen: ChosenPreprocessing,
  ends: GraphEnds,
  data: { readonly data: DataSpec; readonly dataset: Dataset } | undefined,
  calibrated: number | undefined,
): Assumed {
  const dataset = data?.dataset;
  const decision = classText(ends.outputs, ends.activation);
  const calibration =
    dataset === undefined || calibrated === undefined
      ? undefined
      : { dataset: dataset.name, samples: calibrated, of: dataset.train.count };
  const scales =
    calibration === undefined
      ? 'not calibrated: scales are in the graph, or follow each sample'
      : `calibrated on ${count(calibration.samples)} of ${count(calibration.of)} training samples of ${dataName(data!.data)}, drawn from every class`;
  return {
    inputShape: input,
    preprocessing: chosen.value,
    preprocessingReason: chosen.reason,
    graphNormalizes: ends.normalization,
    calibration,
    class: decision,
    lines: [
      `input ${layoutText(input, dataset?.shape)}; preprocessing ${preprocessingText(chosen.value)} (${chosen.reason})`,
      `${scales}; ${decision}`,
    ],
  };
}
