// The list of trained models, as zoo/publish.mjs wrote it.
import { unknownName } from '@bitnetmcu/quant/internal';
import manifest from '../../zoo/manifest.json';
import { ModelError } from '../errors.js';
import type { ZooEntry } from './zoo-entry.js';

/**
 * Every model of the zoo, by data set, then by size. Nothing of their weights is loaded.
 *
 * @example
 * ```ts
 * import { zoo } from '@bitnetmcu/models/zoo';
 *
 * for (const { name, dataset } of zoo) console.log(name, dataset);
 * ```
 */
export const zoo: readonly ZooEntry[] = manifest as unknown as readonly ZooEntry[];

/**
 * The entry of a name.
 * @throws ModelError `unknown-zoo-model` with the nearest name.
 *
 * @example
 * ```ts
 * import { findZooEntry } from '@bitnetmcu/models/zoo';
 *
 * const { dataset, weightBytes, targets } = findZooEntry('fc-12k-ternary');
 * ```
 */
export function findZooEntry(name: string): ZooEntry {
  const found = zoo.find((entry) => entry.name === name);
  if (found !== undefined) return found;
  const names = zoo.map((entry) => entry.name);
  throw new ModelError('unknown-zoo-model', unknownName('model of the zoo', name, names));
}
