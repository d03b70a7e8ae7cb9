// The registry of parts: the records of parts/, of which the build writes the list (scripts/build-targets.mjs).
import { unknownName } from '@bitnetmcu/quant/internal';
import { PARTS } from '../generated/parts.js';
import { SimulatorError } from '../sim/errors.js';
import type { Part } from './part.js';

export type PartName = keyof typeof PARTS;
/** Names of parts, or of their boards, in `bitnetmcu firmware --target`. */
export type FirmwareName = (typeof PARTS)[PartName]['firmware']['name'];

/** The records by name, without what is special to each. */
export const parts: Readonly<Record<PartName, Part>> = PARTS;

/** The smallest first: by RAM, then by flash. */
export const PART_NAMES: readonly PartName[] = (Object.keys(parts) as PartName[]).sort((a, b) => {
  const [first, second] = [parts[a], parts[b]];
  return first.ram.size - second.ram.size || first.flash.size - second.flash.size;
});

export function isPartName(name: string): name is PartName {
  return Object.hasOwn(parts, name);
}

/** The record of a name. @throws SimulatorError `unknown-target` with the nearest name and all known ones */
export function findPart(name: string): Part {
  if (isPartName(name)) return parts[name];
  throw new SimulatorError('unknown-target', unknownName('target', name, PART_NAMES));
}
