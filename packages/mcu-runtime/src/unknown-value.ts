// What a closed switch throws for a value that none of its cases is.
import { unknownMember } from '@bitnetmcu/quant/internal';
import { RuntimeError } from './errors.js';

/**
 * RuntimeError `invalid-input` for the default of a switch that has a case for everything that its type allows.
 * @param what what the switch tells apart, in the singular
 * @param found what a caller without types, or a file, has there
 */
export function unknownValue(what: string, found: never): RuntimeError {
  return new RuntimeError('invalid-input', unknownMember(what, found));
}
