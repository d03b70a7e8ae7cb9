// The sizes that the C runtime can count.
import { RuntimeError } from '../errors.js';

/** Counts in the C runtime are uint16_t. */
export const MAX_COUNT = 65_535;

/** @throws RuntimeError `model-too-large` */
export function checkCount(node: string, what: string, count: number): void {
  if (count <= MAX_COUNT) return;
  throw new RuntimeError(
    'model-too-large',
    `Node "${node}" has ${count} ${what}; the C runtime counts up to ${MAX_COUNT}. Make the layer smaller.`,
  );
}
