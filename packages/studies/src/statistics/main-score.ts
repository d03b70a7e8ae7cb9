// The one number that runs of a task are compared by, with its name.
import type { ModelTask } from '../run/integer-score.js';
import type { IntegerScore } from '../run/run-record.js';

export interface MainScore {
  readonly measure: 'accuracy' | 'R²' | 'area under ROC' | 'explained variance';
  /** At most 1. */
  readonly value: number;
}

/** Of anomalies how well scores tell abnormal samples; where there are none of these, the share of the variance that is reconstructed. */
export function mainScore({ accuracy, r2, areaUnderRoc }: IntegerScore, task?: ModelTask): MainScore {
  if (areaUnderRoc !== undefined) return { measure: 'area under ROC', value: areaUnderRoc };
  if (task === 'anomaly') return { measure: 'explained variance', value: accuracy };
  return { measure: r2 === undefined ? 'accuracy' : 'R²', value: accuracy };
}
