// Floating point on parts that have no unit for it: only where it was asked for.
import type { QuantizedModel } from '@bitnetmcu/models';
import { ExporterError } from '../../errors.js';

/**
 * No part of the table has a floating-point unit: a product in software makes 800 to 3 100 cycles of each value there (measured).
 * @throws ExporterError `soft-float`
 */
export function refuseSoftFloat(
  { name, input }: Pick<QuantizedModel, 'name' | 'input'>,
  target: string | undefined,
  softFloat: boolean,
): void {
  if (input.raw?.type !== 'f32' || target === undefined || softFloat) return;
  throw new ExporterError(
    'soft-float',
    `${name} takes raw values of type f32, and ${target} has no unit for floating point; integers are wanted. Train with the raw type i16 or i32, or ask for floating point in software (--soft-float, in programs softFloat: true): 1 to 3 kB more flash, and 1000 to 3000 cycles a value.`,
  );
}
