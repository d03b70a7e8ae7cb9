// The one error class of this package: every refusal is a QuantError with a code that programs can switch on.

export type QuantErrorCode =
  | 'unknown-format'
  | 'invalid-format'
  | 'unknown-clipping-method'
  | 'non-finite-weight'
  | 'invalid-scale'
  | 'invalid-clip'
  | 'invalid-shape'
  | 'invalid-length'
  | 'invalid-code'
  | 'invalid-option';

/** A refused argument. `message` names the place, the value found, the value wanted and the remedy. */
export class QuantError extends Error {
  override readonly name = 'QuantError';
  readonly code: QuantErrorCode;

  constructor(code: QuantErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** The refusal of a number that is no code of a format with `levelCount` levels. */
export function invalidCode(format: string, code: number, index: number, levelCount: number): QuantError {
  return new QuantError(
    'invalid-code',
    `Code ${code} at index ${index} is not a ${format} code; these are 0 … ${levelCount - 1}. Make codes with quantizeWeights.`,
  );
}
