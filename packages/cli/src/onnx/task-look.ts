// The look that ends an import where the answers are no classes: regression and several labels, integers beside the float graph.
import type { AssessmentWarning, FloatReference } from '@bitnetmcu/exporter';
import {
  type Preprocessing,
  type QuantizedModel,
  quantizeInput,
  ReferenceInference,
  validateQuantizedModel,
} from '@bitnetmcu/models';
import { decide, elementCount, recordedOnnx } from '@bitnetmcu/models/internal';
import type { Dataset, Samples } from '@bitnetmcu/trainer';
import { count, percent } from '../render/quantities.js';
import { inUnits } from './graph-output.js';
import { bestLabelOrder, type GraphScore, graphScore } from './graph-score.js';
import { graphLogits } from './raw-reading.js';

/** What may be lost without a word: a point of R² or of the labels. */
const LOSS_LIMIT = 0.01;
/** How much better another order of the labels must be to be named. */
const CLEARLY_BETTER = 0.05;

export interface TaskLook {
  readonly reference: string;
  readonly samples: number;
  readonly scores: { readonly float: number; readonly integer: number };
  readonly warnings: readonly AssessmentWarning[];
  /** For people. */
  readonly line: string;
}

/**
 * @param samples in the model's input shape, with their targets
 * @param preprocessing in front of the graph
 * @returns undefined where the data have no targets for these answers
 * @throws ExporterError where the graph cannot be run
 */
export async function lookAtTask(
  reference: FloatReference,
  model: QuantizedModel,
  dataset: Dataset,
  samples: Samples,
  preprocessing: Preprocessing,
  what: string,
): Promise<TaskLook | undefined> {
  const shape = model.input.shape;
  const outputs = elementCount(validateQuantizedModel(model).at(-1)!.outputShape);
  const { standardized, standardizedTargets = false } = recordedOnnx(model.provenance) ?? {};
  const reading = { standardized, preprocessing };
  const logits = await graphLogits({ reference, samples, shape, outputs }, model.input.raw, reading);
  const float = standardizedTargets ? inUnits(dataset, logits) : logits;
  const integer = await integerAnswers(model, samples);
  const [theirs, ours] = [graphScore(dataset, samples, float), graphScore(dataset, samples, integer)];
  if (theirs === undefined || ours === undefined) return undefined;
  return {
    reference: reference.name,
    samples: samples.count,
    scores: { float: theirs.value, integer: ours.value },
    warnings: warningsOf(theirs, ours, dataset, samples, float),
    line: `on ${count(samples.count)} ${what}: ${reference.name} ${theirs.text}, integers ${ours.text}`,
  };
}

/** Values in their units; of labels a number above 0 where one holds. */
async function integerAnswers(model: QuantizedModel, samples: Samples): Promise<number[]> {
  const loaded = await new ReferenceInference().load(model);
  const inputs = quantizeInput(model, samples.bytes);
  const logits = await loaded.infer(inputs, samples.count);
  const features = inputs.length / samples.count;
  const integer: number[] = [];
  for (let i = 0; i < samples.count; i++) {
    const own = logits.subarray(i * loaded.outputs, (i + 1) * loaded.outputs);
    const answer = decide(model, inputs.subarray(i * features, (i + 1) * features), own);
    const { output } = model;
    if (answer.task === 'regression' && output?.task === 'regression') {
      integer.push(...answer.values.map((value, k) => value / 10 ** output.values[k]!.decimals));
    } else if (answer.task === 'multiLabel') integer.push(...answer.labels.map((holds) => (holds ? 1 : -1)));
  }
  loaded.close();
  return integer;
}

function warningsOf(
  float: GraphScore,
  integer: GraphScore,
  dataset: Dataset,
  { targets, count: samples }: Samples,
  answers: ArrayLike<number>,
): AssessmentWarning[] {
  const warnings: AssessmentWarning[] = [];
  const { labels, output } = dataset;
  const order = output?.task === 'multiLabel' ? bestLabelOrder(targets!, answers, answers.length / samples) : undefined;
  if (order !== undefined && order.accuracy - float.value > CLEARLY_BETTER) {
    const names = order.labels.map((label) => labels[label]!);
    warnings.push({
      issue: 'class-numbers',
      message: `The data set has its labels in the order ${labels.join(',')}; with ${names.join(',')} the float graph gets ${percent(order.accuracy)} of them, with what was assumed ${percent(float.value)}: name them in the order of the graph's outputs (--data-labels ${names.join(',')}).`,
    });
  }
  if (output?.task === 'regression' && float.value <= 0) {
    warnings.push({
      issue: 'near-chance',
      message: `The float graph itself predicts no better than the mean (${float.text}): either it gets its samples otherwise than in training (preprocessing, order of columns), its answers are in another unit, or these are other data.`,
    });
  }
  if (float.value - integer.value > LOSS_LIMIT) {
    warnings.push({
      issue: 'loss',
      message: `Integers get ${integer.text}, the float graph ${float.text}: activations need more than 8 bits somewhere, or answers lie beyond the range of the training targets.`,
    });
  }
  return warnings;
}
