// Checks that clipping policies share.
import { QuantError } from '../errors.js';

/** @throws QuantError `invalid-option` unless `value` is positive and finite. */
export function requirePositive(option: string, value: number): void {
  if (!(value > 0 && Number.isFinite(value))) {
    throw new QuantError('invalid-option', `Clipping option "${option}" is ${value}; give a positive number.`);
  }
}

/** @throws QuantError `invalid-option` unless `value` is an integer ≥ least. */
export function requireEpoch(option: string, value: number, least: number): void {
  if (!(Number.isSafeInteger(value) && value >= least)) {
    throw new QuantError('invalid-option', `Clipping option "${option}" is ${value}; give an integer ≥ ${least}.`);
  }
}
