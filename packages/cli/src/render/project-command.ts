// What to type to make something of a model for a part.
import { firmwareKindOf } from '@bitnetmcu/exporter/internal/node';
import { findPart } from '@bitnetmcu/mcu-runtime/internal/targets';
import type { SimulationTargetName } from '@bitnetmcu/mcu-runtime/targets';

/**
 * Firmware where there is a board, else a library.
 * @param path of the model, as the shell takes it
 */
export function projectCommand(target: SimulationTargetName, path: string): string {
  return findPart(target).firmware === undefined
    ? `bitnetmcu export ${path} --target ${target}`
    : `bitnetmcu firmware ${path} --target ${firmwareKindOf(target)}`;
}
