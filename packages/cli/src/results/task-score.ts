// How right the integers are where the answer is no class: regression, anomaly, several labels.
import type { QuantizedModel } from '@bitnetmcu/models';
import { decide } from '@bitnetmcu/models/internal';
import type { Samples } from '@bitnetmcu/trainer';
import { areaUnderRoc, coefficientOfDetermination } from '@bitnetmcu/trainer/internal';
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
      let [r2, error] = [0, 0];
      values.forEach(({ decimals }, column) => {
        const wanted = Float64Array.from({ length: count }, (_, i) => targets![i * values.length + column]!);
        const given = Float64Array.from(decisions, (one) => {
          return one.task === 'regression' ? one.values[column]! / 10 ** decimals : Number.NaN;
        });
        r2 += coefficientOfDetermination(wanted, given) / values.length;
        error += wanted.reduce((sum, value, i) => sum + Math.abs(value - given[i]!), 0) / count / values.length;
      });
      const unit = values.length === 1 && values[0]!.unit ? ` ${values[0]!.unit}` : '';
      return {
        scores: { r2, meanAbsoluteError: error },
        main: r2,
        line: `R² ${r2.toFixed(3)}, mean absolute error ${Number(error.toPrecision(4))}${unit}`,
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
        ...(area === undefined ? [] : [`area under ROC ${area.toFixed(4)}`]),
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
      let [exact, right] = [0, 0];
      for (const [i, one] of decisions.entries()) {
        const hits =
          one.task === 'multiLabel' ? one.labels.filter((on, k) => on === targets![i * outputs + k]! > 0.5).length : 0;
        right += hits / outputs;
        if (hits === outputs) exact++;
      }
      const scores = { exactMatch: exact / count, labelAccuracy: right / count };
      return {
        scores,
        main: scores.exactMatch,
        line: `all labels right ${percent(scores.exactMatch)}, labels right ${percent(scores.labelAccuracy)}`,
      };
    }
    default:
      throw unknownValue('output', output);
  }
}
