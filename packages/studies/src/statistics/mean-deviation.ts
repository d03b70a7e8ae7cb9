// Mean and sample deviation of a few values.

export interface MeanAndDeviation {
  readonly count: number;
  readonly mean: number;
  /** Of the sample (divided by count − 1); 0 of one value. */
  readonly deviation: number;
}

/** @param values at least one */
export function meanAndDeviation(values: readonly number[]): MeanAndDeviation {
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { count, mean, deviation: count < 2 ? 0 : Math.sqrt(squares / (count - 1)) };
}
