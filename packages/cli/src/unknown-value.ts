// What a closed switch throws for a value that none of its cases is.
import { unknownMember } from '@bitnetmcu/quant/internal';
import { CliError } from './errors.js';

/**
 * CliError `invalid-value` for the default of a switch that has a case for everything that its type allows.
 * @param what what the switch tells apart, in the singular
 * @param found what a caller without types, or a file, has there
 */
export function unknownValue(what: string, found: never): CliError {
  return new CliError('invalid-value', unknownMember(what, found));
}
