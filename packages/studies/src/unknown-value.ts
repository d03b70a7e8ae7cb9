// For the default of a switch that has a case for everything that its type allows.
import { unknownMember } from '@bitnetmcu/quant/internal';
import { StudyError } from './errors.js';

/** @param what what the switch tells apart, in the singular */
export function unknownValue(what: string, found: never): StudyError {
  return new StudyError('invalid-argument', unknownMember(what, found));
}
