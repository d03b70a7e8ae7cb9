// What an option may be: a name that is none of its choices is refused, never taken for another one.
import { unknownName } from '@bitnetmcu/quant/internal';
import { ExporterError } from './errors.js';

/**
 * Refuses a value that is none of a closed list.
 * @param what what is chosen, in the singular: `form of an ONNX graph`
 * @param value undefined where nothing was chosen
 * @throws ExporterError `invalid-option`, naming the nearest one
 */
export function requireChoice(what: string, value: unknown, known: readonly string[]): void {
  if (value === undefined || known.includes(value as string)) return;
  throw new ExporterError('invalid-option', unknownName(what, String(value), known));
}

/** @throws ExporterError `invalid-option` */
export function requireBoolean(option: string, value: unknown): void {
  if (value === undefined || typeof value === 'boolean') return;
  throw new ExporterError('invalid-option', `${option} is ${JSON.stringify(value)}; true or false is wanted`);
}
