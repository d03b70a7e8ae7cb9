// What an independent look warns of, with the likeliest cause of those that can be measured.
import type { Preprocessing, QuantizedModel } from '@bitnetmcu/models';
import type { Alternative, Assessment, AssessOptions } from './assess.js';

/** What a warning of an independent look is about. */
export type AssessmentIssue = 'loss' | 'never-predicted' | 'near-chance' | 'preprocessing' | 'layout' | 'class-numbers';

export interface AssessmentWarning {
  readonly issue: AssessmentIssue;
  /** One or two sentences. */
  readonly message: string;
}

/** Samples of a class that a network is expected to find one of. */
export const ENOUGH_OF_A_CLASS = 5;
/** What is lost without a word: a percentage point. */
const LOSS_LIMIT = 0.01;
/** How much better another assumption must be to be named: more than chance on so few samples. */
const CLEARLY_BETTER = 0.05;
/** An int8 range so small that its rounding can explain a loss. */
const FEW_LEVELS = 16;
/** Share of clipped inputs that can explain a loss. */
const CLIPPED_LIMIT = 0.01;

/** What was measured. */
export interface Facts {
  readonly model: QuantizedModel;
  readonly options: AssessOptions;
  readonly name: (number: number) => string;
  readonly agreement: number;
  readonly accuracy: Assessment['accuracy'] | undefined;
  readonly loss: number;
  readonly neverPredicted: readonly number[];
  /** Classes that the float graph gives. */
  readonly floatClasses: ReadonlySet<number>;
  readonly clipped: number;
  /** Largest int8 value of an input. */
  readonly largest: number;
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** Whether the mean share found of each class is what guessing finds, within two standard deviations. */
export function chanceWarning(
  predicted: readonly number[],
  labels: ArrayLike<number>,
  accuracy: number,
): AssessmentWarning[] {
  const [of, right] = [new Map<number, number>(), new Map<number, number>()];
  predicted.forEach((number, i) => {
    const label = labels[i]!;
    of.set(label, (of.get(label) ?? 0) + 1);
    if (number === label) right.set(label, (right.get(label) ?? 0) + 1);
  });
  const classes = [...of].filter(([, samples]) => samples >= ENOUGH_OF_A_CLASS);
  const k = classes.length;
  if (k < 2) return [];
  const balanced = classes.reduce((sum, [label, samples]) => sum + (right.get(label) ?? 0) / samples, 0) / k;
  const variance = classes.reduce((sum, [, samples]) => sum + ((1 / k) * (1 - 1 / k)) / samples, 0) / k ** 2;
  if (balanced > 1 / k + 2 * Math.sqrt(variance)) return [];
  return [
    {
      issue: 'near-chance',
      message: `The float graph itself finds its classes no better than guessing (${percent(accuracy)} right, ${percent(balanced)} of a class on average): either it gets its samples otherwise than in training (preprocessing, order of values, class numbers), or these are other data.`,
    },
  ];
}

export function betterAssumption(
  found: readonly Alternative[],
  assumed: number,
  { divisor, mean, deviation }: Preprocessing,
): AssessmentWarning[] {
  const best = found.reduce<Alternative | undefined>(
    (better, one) => (better === undefined || one.accuracy > better.accuracy ? one : better),
    undefined,
  );
  if (best === undefined || best.accuracy - assumed <= CLEARLY_BETTER) return [];
  const scores = `the float graph gets ${percent(best.accuracy)}, with what was assumed`;
  const message = {
    preprocessing: `With the preprocessing ${best.assumption} ${scores} (${divisor},${mean},${deviation}) ${percent(assumed)}: name the one that the training used.`,
    layout: `With ${best.assumption} ${scores} ${percent(assumed)}: the values of a sample seem to stand in another order than the graph reads them.`,
    'class-numbers': `With ${best.assumption} ${scores} ${percent(assumed)}: the data set numbers its classes otherwise than the training did.`,
  }[best.issue];
  return [{ issue: best.issue, message }];
}

/** @param doubted whether an assumption was found to be wrong: no other cause is looked for then */
export function lossWarnings(facts: Facts, doubted: boolean): AssessmentWarning[] {
  const { accuracy, agreement, loss, neverPredicted, floatClasses, name } = facts;
  const cause = doubted ? 'see the warning before' : likelyCause(facts);
  const warnings: AssessmentWarning[] = [];
  if (loss > LOSS_LIMIT) {
    const what = accuracy
      ? `Integers put ${percent(accuracy.integer)} of the samples in their class, the float graph ${percent(accuracy.float)}`
      : `Integers put ${percent(1 - agreement)} of the samples in another class than the float graph`;
    warnings.push({ issue: 'loss', message: `${what}: ${cause}.` });
  }
  if (neverPredicted.length > 0) {
    const names = neverPredicted.slice(0, 8).map(name).join(', ') + (neverPredicted.length > 8 ? ', …' : '');
    warnings.push({
      issue: 'never-predicted',
      message: `${neverPredicted.length === 1 ? 'The class' : 'The classes'} ${names} ${neverPredicted.length === 1 ? 'is' : 'are'} never predicted: ${neverPredicted.some((number) => floatClasses.has(number)) ? cause : `the float graph does not find ${neverPredicted.length === 1 ? 'it' : 'them'} either`}.`,
    });
  }
  return warnings;
}

/** What explains a loss best, of what can be measured. */
function likelyCause({ model, options, clipped, largest }: Facts): string {
  const { calibrationLabels, labels } = options;
  if (calibrationLabels && labels) {
    const [seen, there] = [new Set(Array.from(calibrationLabels)), new Set(Array.from(labels))];
    if (seen.size < there.size) {
      return `the scales were calibrated on samples of ${seen.size} of ${there.size} classes; calibrate on samples of all`;
    }
  }
  if (clipped > CLIPPED_LIMIT) {
    return `${percent(clipped)} of the input values lie beyond int8 at the input scale; calibrate on samples like these, or give a smaller input scale`;
  }
  if (largest < FEW_LEVELS) {
    return `inputs reach only ±${Math.round(largest)} of ±127 at the input scale; calibrate on samples like these, or give a larger input scale`;
  }
  const coarse = coarsestFormat(model);
  if (coarse !== undefined) {
    return `weights of the format ${coarse} lose this much after training; give layers more bits, or fine-tune`;
  }
  return 'activations need more than 8 bits somewhere, or the scales fit other samples; calibrate on more samples, or fine-tune';
}

function coarsestFormat({ nodes }: QuantizedModel): string | undefined {
  const formats = nodes.flatMap((node) => (node.op === 'linear' || node.op === 'conv2d' ? [node.weights.format] : []));
  return formats.find((format) => format !== '8bit');
}
