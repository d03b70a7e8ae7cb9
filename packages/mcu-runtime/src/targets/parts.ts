// The registry of parts: the records of parts/, of which the build writes the list (scripts/build-targets.mjs).
import { unknownName } from '@bitnetmcu/quant/internal';
import { PARTS } from '../generated/parts.js';
import { SimulatorError } from '../sim/errors.js';
import type { Part, PartFirmware } from './part.js';

export type PartName = keyof typeof PARTS;
/** Names of parts, or of their boards, in `bitnetmcu firmware --target`. */
export type FirmwareName = Extract<(typeof PARTS)[PartName], { readonly firmware: object }>['firmware']['name'];
/** Parts that firmware is built for. */
export type BoardPartName = {
  [Name in PartName]: (typeof PARTS)[Name] extends { readonly firmware: object } ? Name : never;
}[PartName];

/** The records by name, without what is special to each. */
export const parts: Readonly<Record<PartName, Part>> = PARTS;

/** The smallest first: by RAM, then by flash. */
export const PART_NAMES: readonly PartName[] = (Object.keys(parts) as PartName[]).sort((a, b) => {
  const [first, second] = [parts[a], parts[b]];
  return first.ram.size - second.ram.size || first.flash.size - second.flash.size;
});

/** Of these, those with a board. */
export const BOARD_PART_NAMES = PART_NAMES.filter(
  (name) => parts[name].firmware !== undefined,
) as readonly BoardPartName[];

/** The board of a part. @throws SimulatorError `no-board` where it has none */
export function boardOf({ name, firmware }: Part): PartFirmware {
  if (firmware !== undefined) return firmware;
  throw new SimulatorError(
    'no-board',
    `No board found for ${name}; wanted: one of ${BOARD_PART_NAMES.join(', ')}. Export a library for it (bitnetmcu export --target ${name}), or make a CMake project with its compiler flags.`,
  );
}

export function isPartName(name: string): name is PartName {
  return Object.hasOwn(parts, name);
}

/** The record of a name. @throws SimulatorError `unknown-target` with the nearest name and all known ones */
export function findPart(name: string): Part {
  if (isPartName(name)) return parts[name];
  throw new SimulatorError('unknown-target', unknownName('target', name, PART_NAMES));
}
