// An integer tensor while its network is built, with what the calibration samples give.

export interface IntegerTensor {
  readonly node: string;
  readonly type: 'int8' | 'int32';
  /** What the integer 1 stands for. */
  readonly scale: number;
  /** No magnitude is larger, whatever the sample. */
  readonly bound: number;
  /** Integers of the calibration samples; empty without samples. */
  readonly values: Float64Array;
  /** ReLU not yet applied, with its limit in real numbers. */
  readonly pendingRelu: number | undefined;
  /** Known largest real value, from a ReLU's limit. */
  readonly limit: number;
}

/** A tensor of which no ReLU is known. */
export function integerTensor(known: Omit<IntegerTensor, 'pendingRelu' | 'limit'>): IntegerTensor {
  return { ...known, pendingRelu: undefined, limit: Number.POSITIVE_INFINITY };
}
