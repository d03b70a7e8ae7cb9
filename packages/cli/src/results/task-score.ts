// How right the integers are where the answer is no class: regression, anomaly, several labels.
import type { QuantizedModel } from '@bitnetmcu/models';
import { decide } from '@bitnetmcu/models/internal';
import type { Samples } from '@bitnetmcu/trainer';
import { areaUnderRoc, describeScore, multiLabelScore, regressionScore } from '@bitnetmcu/trainer/internal';
import { percent } from '../render/quantities.js';
import { unknownValue } from '../unknown-value.js';
import type { Predictions } from './predict.js';

/** Scores by name, for JSON, and the same as a line. */
export interface TaskScores {
  readonly scores: Readonly<Record<string, number>>;
  /** The one that models are compared by; undefined where the samples do not tell it. */
  readonly main: number | undefined;
  readonly line: string;
}

/**
 * Scores of a model that answers no class; undefined for one that does.
 * @param samples with the targets of the data set, in its units; @param inputs int8, one sample after another
 */
export function taskScores(
  model: QuantizedModel,
  { count, targets, labels }: Samples,
  inputs: Int8Array,
  { outputs, logits }: Pick<Predictions, 'outputs' | 'logits'>,
): TaskScores | undefined {
  const { output } = model;
  if (output === undefined || (output.task !== 'anomaly' && targets === undefined)) return undefined;
  const features = inputs.length / count;
  const decisions = Array.from({ length: count }, (_, i) =>
    decide(model, inputs.subarray(i * features, (i + 1) * features), logits.subarray(i * outputs, (i + 1) * outputs)),
  );
  switch (output.task) {
    case 'regression': {
      const { values } = output;
      const given = decisions.flatMap((one) => (one.task === 'regression' ? one.values : []));
      const inUnits = given.map((value, i) => value / 10 ** values[i % values.length]!.decimals);
      const scores = regressionScore(
        targets!,
        inUnits,
        values.map(() => 1),
      );
      const unit = values.length === 1 ? values[0]!.unit : '';
      return {
        scores: { ...scores },
        main: scores.r2,
        line: describeScore('regression', { accuracy: scores.r2, ...scores }, unit),
      };
    }
    case 'anomaly': {
      const scored = Float64Array.from(decisions, (one) => (one.task === 'anomaly' ? one.score : Number.NaN));
      const area = areaUnderRoc(scored, labels);
      const alarms = decisions.map((one) => one.task === 'anomaly' && one.isAnomaly);
      const share = (label: (value: number) => boolean) => {
        const of = alarms.filter((_, i) => label(labels[i]!));
        return of.length === 0 ? undefined : of.filter(Boolean).length / of.length;
      };
      const [falseAlarms, found] = [share((label) => label === 0), share((label) => label !== 0)];
      const parts = [
        ...(area === undefined ? [] : [describeScore('anomaly', { accuracy: area, areaUnderRoc: area })]),
        ...(found === undefined ? [] : [`${percent(found)} of the abnormal samples found`]),
        ...(falseAlarms === undefined ? [] : [`${percent(falseAlarms)} of the normal ones a false alarm`]),
      ];
      return {
        scores: {
          ...(area === undefined ? {} : { areaUnderRoc: area }),
          ...(found === undefined ? {} : { found }),
          ...(falseAlarms === undefined ? {} : { falseAlarms }),
        },
        main: area,
        line: parts.join(', '),
      };
    }
    case 'multiLabel': {
      const given = decisions.flatMap((one) => (one.task === 'multiLabel' ? one.labels : []));
      const { exactMatch, labelAccuracy } = multiLabelScore(targets!, given, outputs);
      return {
        scores: { exactMatch, labelAccuracy },
        main: exactMatch,
        line: describeScore('multiLabel', { accuracy: exactMatch, labelAccuracy }),
      };
    }
    default:
      throw unknownValue('output', output);
  }
}
