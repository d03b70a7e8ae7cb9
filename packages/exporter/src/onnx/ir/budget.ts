// What one evaluation may cost, so that a hostile graph ends in an error and not in an exhausted machine.
import { ExporterError } from '../../errors.js';
import { elementsOf, formatDimensions } from './tensor.js';

export interface EvaluationLimits {
  /** Elements of one tensor. */
  readonly maxTensorElements: number;
  /** Elements of all tensors made during one evaluation. */
  readonly maxTotalElements: number;
  /** Multiplications, comparisons or copies of one evaluation. */
  readonly maxOperations: number;
}

/** Enough for a hundred images through networks a thousand times larger than a microcontroller holds. */
export const DEFAULT_LIMITS: EvaluationLimits = {
  maxTensorElements: 2 ** 24,
  maxTotalElements: 2 ** 26,
  maxOperations: 2 ** 33,
};

/** Counts down an evaluation's limits. Operators ask before they allocate or loop. */
export class Budget {
  private elements = 0;
  private operations = 0;

  constructor(private readonly limits: EvaluationLimits) {}

  /**
   * Elements of a tensor about to be made.
   * @throws ExporterError `onnx-limit`; `onnx` for a negative or fractional dimension.
   */
  allocate(shape: readonly number[]): number {
    if (shape.some((dimension) => !Number.isInteger(dimension) || dimension < 0) || shape.length > 16) {
      throw new ExporterError(
        'onnx',
        `A tensor would have the shape ${formatDimensions(shape.slice(0, 16))}, whole dimensions ≥ 0 wanted; the file is damaged or its input shape does not fit`,
      );
    }
    const elements = elementsOf(shape);
    this.elements += elements;
    if (elements > this.limits.maxTensorElements || this.elements > this.limits.maxTotalElements) {
      throw new ExporterError(
        'onnx-limit',
        `A tensor of shape ${formatDimensions(shape)} exceeds the limit of ${this.limits.maxTensorElements} elements (${this.limits.maxTotalElements} in all); evaluate fewer samples at once or raise the limits`,
      );
    }
    this.work(elements);
    return elements;
  }

  /** Spends operations about to be done. @throws ExporterError `onnx-limit`. */
  work(operations: number): void {
    this.operations += operations;
    if (!(this.operations <= this.limits.maxOperations)) {
      throw new ExporterError(
        'onnx-limit',
        `The graph needs more than ${this.limits.maxOperations} operations; evaluate fewer samples at once or raise the limits`,
      );
    }
  }
}

/** No limit: of functions of values that are there already, whose number calibration chooses. */
export const UNLIMITED: EvaluationLimits = {
  maxTensorElements: Number.MAX_SAFE_INTEGER,
  maxTotalElements: Number.MAX_SAFE_INTEGER,
  maxOperations: Number.MAX_SAFE_INTEGER,
};
