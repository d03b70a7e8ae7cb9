// Loads one model of the zoo. Its file is part of the package as a module of its own, so it needs neither fetch nor a file system.
import { decodeBnm } from '../files/bnm.js';
import type { QuantizedModel } from '../quantized-model.js';
import { findZooEntry } from './manifest.js';
import { modelFiles } from './model-files.js';

/**
 * A trained model by its name; only this one is loaded.
 * @throws ModelError `unknown-zoo-model` with the nearest name.
 *
 * @example
 * ```ts
 * import { loadZooModel } from '@bitnetmcu/models/zoo';
 *
 * const model = await loadZooModel('fc-12k-ternary');
 * ```
 */
export async function loadZooModel(name: string): Promise<QuantizedModel> {
  const entry = findZooEntry(name);
  const { default: base64 } = await modelFiles[entry.name]!();
  return decodeBnm(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)));
}
