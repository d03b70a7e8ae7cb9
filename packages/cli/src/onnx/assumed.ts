// What an import assumes where the graph does not say it: preprocessing, order of values, calibration samples, how a class is made. All of
// it is printed and stored, for a wrong one costs accuracy and breaks nothing.
import { type GraphEnds, graphPreprocessing, rawReadingOf } from '@bitnetmcu/exporter/internal';
import { type Preprocessing, type QuantizedModel, type Shape, validateQuantizedModel } from '@bitnetmcu/models';
import { elementCount, type ModelOutput, recordedOnnx } from '@bitnetmcu/models/internal';
import { type Dataset, fitInput } from '@bitnetmcu/trainer';
import type { DataSpec } from '@bitnetmcu/trainer/internal';
import type { QuantizedNetwork } from '../inputs/calibration.js';
import { count } from '../render/quantities.js';
import { unknownValue } from '../unknown-value.js';
import { type ChosenPreprocessing, preprocessingText } from './preprocessing-choice.js';
import { readingText } from './raw-reading.js';

/** How the values of a sample stand: `1×28×28 (channels, rows, columns)`, and from what they were resized. */
function layoutText(input: Shape, data: Shape | undefined): string {
  const own = input.length === 3 ? `${input.join('×')} (channels, rows, columns)` : `${input[0]} values`;
  if (data === undefined) return own;
  const fit = fitInput(data, input);
  if (fit.kind === 'resize') return `${own}, resized from ${data.join('×')}`;
  return data.join() === input.join() ? own : `${own} of samples ${data.join('×')}, in their order`;
}

/** How a class is made of a network's outputs. */
function classText(outputs: number, activation: GraphEnds['activation']): string {
  if (outputs === 1) return 'class 1 where the one output is above 0 (a probability above ½), else class 0';
  const all = `the class is the largest of ${outputs} outputs`;
  return activation === 'sigmoid' ? `${all} (they are sigmoids: of several labels only the most likely one)` : all;
}

/** What is made of a model's outputs: the key says whether that is a class. */
function answerOf(
  { output }: Pick<QuantizedModel, 'output'>,
  outputs: number,
  activation: GraphEnds['activation'],
): { readonly text: string; readonly json: { readonly class: string } | { readonly answer: string } } {
  if (output === undefined) {
    const text = classText(outputs, activation);
    return { text, json: { class: text } };
  }
  const text = taskText(output);
  return { text, json: { answer: text } };
}

function taskText(output: ModelOutput): string {
  switch (output.task) {
    case 'regression':
      return output.values
        .map(({ name, unit, decimals }) => {
          const of = decimals === 0 ? 'whole numbers' : `${decimals} decimals`;
          return `${name} ${unit ? `in ${unit}, ` : ''}to ${of}`;
        })
        .join('; ');
    case 'anomaly':
      return `an anomaly where the squared error of reconstruction is above ${output.threshold} (the ${output.quantile} quantile of normal samples)`;
    case 'multiLabel':
      return 'a label holds where its output is above 0 (a probability above ½)';
    default:
      throw unknownValue('task', output);
  }
}

/** A data set for people: its kind and where it is. */
function dataName(data: DataSpec): string {
  const place = 'trainImages' in data ? data.trainImages : 'train' in data ? data.train : data.path;
  return place === undefined ? data.kind : `${data.kind} ${place}`;
}

export interface Assumed {
  readonly inputShape: Shape;
  readonly preprocessing: Preprocessing;
  readonly preprocessingReason: string;
  readonly graphNormalizes: GraphEnds['normalization'];
  readonly calibration: { readonly dataset: string; readonly samples: number; readonly of: number } | undefined;
  /** How a class is made; of other tasks `answer` says what is. */
  readonly class?: string;
  readonly answer?: string;
  /** The same for people, in two lines. */
  readonly lines: readonly [string, string];
}

/** What a comparison with a graph rests on: what the import noted, or `given` instead. */
export function comparisonAssumptions(
  model: QuantizedModel,
  given: Preprocessing | undefined,
  data: Shape,
  activation: GraphEnds['activation'],
): Pick<
  Assumed,
  'inputShape' | 'preprocessing' | 'preprocessingReason' | 'calibration' | 'class' | 'answer' | 'lines'
> {
  const preprocessing = given ?? graphPreprocessing(model);
  const reason = given === undefined ? 'as the import noted' : 'as given';
  const calibration = recordedOnnx(model.provenance)?.calibration;
  const outputs = elementCount(validateQuantizedModel(model).at(-1)!.outputShape);
  const answer = answerOf(model, outputs, activation);
  const scales = calibration
    ? `calibrated on ${count(calibration.samples)} of ${count(calibration.of)} training samples of ${calibration.dataset}`
    : 'the model does not say what it was calibrated on';
  const reading = rawReadingOf(model);
  const text = reading
    ? readingText({
        standardized: reading.standardized,
        preprocessing,
        standardizedTargets: recordedOnnx(model.provenance)?.standardizedTargets === true,
      })
    : preprocessingText(preprocessing);
  const before = activation === undefined ? '' : `; logits are compared before the graph's ${activation}`;
  return {
    inputShape: model.input.shape,
    preprocessing,
    preprocessingReason: reason,
    calibration,
    ...answer.json,
    lines: [
      `input ${layoutText(model.input.shape, data)}; preprocessing ${text} (${reason})`,
      `${scales}; ${answer.text}${before}`,
    ],
  };
}

/** What the integer network of a trained one assumes: nothing that its training did not say. */
export function trainedAssumptions({
  model,
  calibration,
}: QuantizedNetwork): Omit<Assumed, 'preprocessingReason' | 'graphNormalizes'> {
  const { shape, preprocessing, quantization } = model.input;
  const outputs = elementCount(validateQuantizedModel(model).at(-1)!.outputShape);
  const answer = answerOf(model, outputs, undefined);
  const scales =
    calibration === undefined
      ? `not calibrated: ${quantization.kind === 'dynamic' ? 'scales follow each sample' : 'scales are in the network'}`
      : `calibrated on ${count(calibration.samples)} of ${count(calibration.of)} training samples of ${calibration.dataset}${model.output ? '' : ', drawn from every class'}`;
  return {
    inputShape: shape,
    preprocessing,
    calibration,
    ...answer.json,
    lines: [
      `input ${layoutText(shape, undefined)}; preprocessing ${preprocessingText(preprocessing)} (the training's)`,
      `${scales}; ${answer.text}`,
    ],
  };
}

/** @param calibrated how many samples set the scales; undefined: none were needed */
export function describeAssumed(
  input: Shape,
  chosen: ChosenPreprocessing,
  ends: GraphEnds,
  output: ModelOutput | undefined,
  data: { readonly data: DataSpec; readonly dataset: Dataset } | undefined,
  calibrated: number | undefined,
): Assumed {
  const dataset = data?.dataset;
  const answer = answerOf({ output }, ends.outputs, ends.activation);
  const calibration =
    dataset === undefined || calibrated === undefined
      ? undefined
      : { dataset: dataset.name, samples: calibrated, of: dataset.train.count };
  const scales =
    calibration === undefined
      ? 'not calibrated: scales are in the graph, or follow each sample'
      : `calibrated on ${count(calibration.samples)} of ${count(calibration.of)} training samples of ${dataName(data!.data)}${output ? '' : ', drawn from every class'}`;
  return {
    inputShape: input,
    preprocessing: chosen.value,
    preprocessingReason: chosen.reason,
    graphNormalizes: ends.normalization,
    calibration,
    ...answer.json,
    lines: [
      `input ${layoutText(input, dataset?.shape)}; preprocessing ${chosen.text ?? preprocessingText(chosen.value)} (${chosen.reason})`,
      `${scales}; ${answer.text}`,
    ],
  };
}
