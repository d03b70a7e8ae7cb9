// The one error class of this package: every refusal is a QuantError with a code that programs can switch on.
import { BitnetmcuError } from './bitnetmcu-error.js';

/** What went wrong, for programs. */
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

/**
 * A refused argument: a format or clipping method that does not exist, a weight that is no number, a length that does not fit.
 *
 * @example
 * ```ts
 * import { getFormat, QuantError } from '@bitnetmcu/quant';
 *
 * try {
 *   getFormat('3bit');
 * } catch (error) {
 *   if (QuantError.isInstance(error)) console.log(error.code); // unknown-format
 * }
 * ```
 */
export class QuantError extends BitnetmcuError<QuantErrorCode> {
  static override readonly className: string = 'QuantError';
}

/** The refusal of a number that is no code of a format with `levelCount` levels. */
export function invalidCode(format: string, code: number, index: number, levelCount: number): QuantError {
  return new QuantError(
    'invalid-code',
    `Code ${code} at index ${index} is not a ${format} code; these are 0 … ${levelCount - 1}. Make codes with quantizeWeights.`,
  );
}
