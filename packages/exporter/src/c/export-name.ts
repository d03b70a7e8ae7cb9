// The name of an exported model: prefix of its functions, name of its files, target of its builds.
import type { QuantizedModel } from '@bitnetmcu/models';
import { ExporterError } from '../errors.js';
import { cIdentifier } from './c-text.js';
import { reservedWord } from './reserved-words.js';

const MAX_LENGTH = 63;

/**
 * What was asked for, else the model's name as an identifier. What is taken by C, its libraries or the projects around the model
 * (`main`, `stdint`, `bnm`, `board`, …) gets an `m_` in front.
 * @throws ExporterError `name` where what was asked for is no C identifier
 */
export function exportName(model: Pick<QuantizedModel, 'name'>, asked: string | undefined): string {
  if (asked === undefined) return cIdentifier(model.name);
  if (!/^[a-z_][a-z0-9_]*$/i.test(asked) || asked.length > MAX_LENGTH) {
    throw new ExporterError(
      'name',
      `The name ${JSON.stringify(asked)} is no usable C identifier; start with a letter, go on with letters, digits and _, ${MAX_LENGTH} at most`,
    );
  }
  if (!reservedWord(asked)) return asked;
  return asked.startsWith('_') ? `m${asked}` : `m_${asked}`;
}
