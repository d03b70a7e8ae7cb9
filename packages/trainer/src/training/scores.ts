// Scores of the tasks, from the logits of evaluated samples.
import type { NetworkSpec } from '@bitnetmcu/models';
import { type Task, taskOf } from '@bitnetmcu/models/internal';
import { unknownValue } from '../arguments.js';
import type { Samples, TrainableNetwork } from '../engine/engine.js';
import { TrainerError } from '../errors.js';
import { evaluate } from './evaluate.js';
import type { Score } from './metrics.js';
import { withTargets } from './task.js';

/** What a task's evaluation adds to loss and accuracy. `targets` are those of the engine, count·outputs. */
type TaskScore = (spec: NetworkSpec, samples: Samples, logits: Float32Array, targets: Float32Array) => Partial<Score>;

const TASK_SCORES: Readonly<Record<Exclude<Task, 'classification'>, TaskScore>> = {
  regression({ output }, _, logits, targets) {
    if (output?.task !== 'regression') return {};
    const deviations = output.values.map(({ deviation }) => deviation);
    const score = regressionScore(targets, logits, deviations);
    return { accuracy: score.r2, ...score };
  },
  anomaly(_, { count, labels }, logits, targets) {
    const outputs = logits.length / count;
    const scores = Float64Array.from({ length: count }, (_unused, i) => {
      let sum = 0;
      for (let k = i * outputs; k < (i + 1) * outputs; k++) sum += (logits[k]! - targets[k]!) ** 2;
      return sum;
    });
    const area = areaUnderRoc(scores, labels);
    return area === undefined ? {} : { areaUnderRoc: area };
  },
  multiLabel(_, { count }, logits, targets) {
    const given = Array.from(logits, (logit) => logit > 0);
    return { labelAccuracy: multiLabelScore(targets, given, targets.length / count).labelAccuracy };
  },
};

/**
 * Loads samples under a name and evaluates them in the task of the network.
 * @param samples in the network's input shape; targets in the units of the data set
 * @throws TrainerError `diverged` where a score is no finite number
 */
export async function evaluateTask(network: TrainableNetwork, name: string, samples: Samples): Promise<Score> {
  const { spec } = network;
  const task = taskOf(spec);
  const loaded = withTargets(spec, samples);
  network.load(name, loaded);
  if (task === 'classification') return finite(await evaluate(network, name, samples.count), name);
  const logits = new Float32Array(loaded.targets!.length);
  const score = await evaluate(network, name, samples.count, logits);
  return finite({ ...score, ...TASK_SCORES[task](spec, samples, logits, loaded.targets!) }, name);
}

/** No file holds a score that is no number, and a network that gives one is none to go on with. */
function finite(score: Score, name: string): Score {
  const wrong = Object.entries(score).find(([, value]) => !Number.isFinite(value));
  if (wrong === undefined) return score;
  throw new TrainerError(
    'diverged',
    `Evaluated on the ${name} samples, the ${wrong[0]} is ${wrong[1]}: weights became infinite or no numbers. Use a lower learning rate or a warm-up; the last checkpoint is from before.`,
  );
}

/**
 * R² and mean absolute error, the means over the values of a sample.
 * @param wanted of one sample after another, like `given`; @param units by value: its own unit for 1 of these numbers
 */
export function regressionScore(
  wanted: ArrayLike<number>,
  given: ArrayLike<number>,
  units: readonly number[],
): { readonly r2: number; readonly meanAbsoluteError: number } {
  const count = wanted.length / units.length;
  let [r2, meanAbsoluteError] = [0, 0];
  units.forEach((unit, column) => {
    const at = (all: ArrayLike<number>) =>
      Float64Array.from({ length: count }, (_, i) => all[i * units.length + column]!);
    const [target, answer] = [at(wanted), at(given)];
    r2 += coefficientOfDetermination(target, answer) / units.length;
    const error = target.reduce((sum, value, i) => sum + Math.abs(value - answer[i]!), 0);
    meanAbsoluteError += (unit * error) / count / units.length;
  });
  return { r2, meanAbsoluteError };
}

/**
 * Share of samples whose labels are all right, and of labels.
 * @param wanted 1 where a label applies, else 0, one sample after another, like `given`; @param labels of a sample
 */
export function multiLabelScore(
  wanted: ArrayLike<number>,
  given: ArrayLike<boolean>,
  labels: number,
): { readonly exactMatch: number; readonly labelAccuracy: number } {
  let [exact, right] = [0, 0];
  for (let from = 0; from < given.length; from += labels) {
    let hits = 0;
    for (let i = from; i < from + labels; i++) hits += Number(given[i] === wanted[i]! > 0.5);
    right += hits;
    exact += Number(hits === labels);
  }
  return { exactMatch: (exact * labels) / given.length, labelAccuracy: right / given.length };
}

/** 1 − Σ(wanted − given)²/Σ(wanted − mean)²; 0 where all that is wanted is one value. */
export function coefficientOfDetermination(wanted: ArrayLike<number>, given: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < wanted.length; i++) sum += wanted[i]!;
  const mean = sum / wanted.length;
  let [residual, total] = [0, 0];
  for (let i = 0; i < wanted.length; i++) {
    residual += (wanted[i]! - given[i]!) ** 2;
    total += (wanted[i]! - mean) ** 2;
  }
  return total === 0 ? 0 : 1 - residual / total;
}

/**
 * The probability that a sample of label 1 scores higher than one of label 0, ties counted half.
 * @returns undefined where one of the two is missing
 */
export function areaUnderRoc(scores: ArrayLike<number>, labels: ArrayLike<number>): number | undefined {
  const order = Array.from({ length: scores.length }, (_, i) => i).sort((a, b) => scores[a]! - scores[b]!);
  let [negatives, positives, area] = [0, 0, 0];
  for (let from = 0; from < order.length; ) {
    let to = from;
    let [tiedNegatives, tiedPositives] = [0, 0];
    for (; to < order.length && scores[order[to]!] === scores[order[from]!]; to++) {
      if (labels[order[to]!] === 0) tiedNegatives++;
      else tiedPositives++;
    }
    area += tiedPositives * (negatives + tiedNegatives / 2);
    negatives += tiedNegatives;
    positives += tiedPositives;
    from = Math.max(to, from + 1);
  }
  return negatives === 0 || positives === 0 ? undefined : area / (negatives * positives);
}

/** A score as a line for people; `unit` that of a regression's value. */
export function describeScore(task: Task, score: Omit<Score, 'loss'>, unit = ''): string {
  const percent = (share: number) => `${(100 * share).toFixed(2)} %`;
  switch (task) {
    case 'classification':
      return `accuracy ${percent(score.accuracy)}`;
    case 'regression': {
      const error = score.meanAbsoluteError;
      const suffix =
        error === undefined ? '' : `, mean absolute error ${Number(error.toPrecision(4))}${unit && ` ${unit}`}`;
      return `R² ${score.accuracy.toFixed(3)}${suffix}`;
    }
    case 'anomaly':
      return score.areaUnderRoc === undefined
        ? `reconstructs ${percent(score.accuracy)} of the variance`
        : `area under ROC ${score.areaUnderRoc.toFixed(4)}`;
    case 'multiLabel': {
      const labels = score.labelAccuracy === undefined ? '' : `, labels right ${percent(score.labelAccuracy)}`;
      return `all labels right ${percent(score.accuracy)}${labels}`;
    }
    default:
      throw unknownValue('task', task);
  }
}

/** What provenance keeps of a score, by names that say what it is: `testAccuracy`, `testR2`, … */
export function scoreMetrics(
  prefix: 'train' | 'validation' | 'test',
  task: Task,
  score: Score,
): Record<string, number> {
  const names = { classification: 'Accuracy', regression: 'R2', anomaly: 'Reconstruction', multiLabel: 'ExactMatch' };
  const more = {
    MeanAbsoluteError: score.meanAbsoluteError,
    AreaUnderRoc: score.areaUnderRoc,
    LabelAccuracy: score.labelAccuracy,
  };
  return {
    [`${prefix}Loss`]: score.loss,
    [`${prefix}${names[task]}`]: score.accuracy,
    ...Object.fromEntries(
      Object.entries(more).flatMap(([name, value]) =>
        value === undefined ? [] : [[`${prefix}${name}`, value] as const],
      ),
    ),
  };
}
