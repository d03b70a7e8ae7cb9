// Checks that clipping policies share.
import { QuantError } from '../errors.js';
import { unknownName } from '../nearest-name.js';

/** @throws QuantError `invalid-option` unless `value` is positive and finite. */
export function requirePositive(option: string, value: number): void {
  if (!(typeof value === 'number' && value > 0 && Number.isFinite(value))) {
    throw new QuantError('invalid-option', `Clipping option "${option}" is ${String(value)}; give a positive number.`);
  }
}

/** @throws QuantError `invalid-option` unless `value` is an integer ≥ least. */
export function requireEpoch(option: string, value: number, least: number): void {
  if (!(Number.isSafeInteger(value) && value >= least)) {
    throw new QuantError(
      'invalid-option',
      `Clipping option "${option}" is ${String(value)}; give an integer ≥ ${least}.`,
    );
  }
}

/** @throws QuantError `invalid-option` where `given` has a key besides `known`; names the nearest one. */
export function requireKnownKeys(what: string, given: object, known: readonly string[]): void {
  const unknown = Object.keys(given).find((key) => !known.includes(key));
  if (unknown !== undefined) throw new QuantError('invalid-option', unknownName(what, unknown, known));
}
