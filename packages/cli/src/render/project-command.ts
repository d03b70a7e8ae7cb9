// What to type to make something of a model for a part.
import { FIRMWARE_KIND_NAMES, firmwareKindOf } from '@bitnetmcu/exporter/internal/node';
import { BOARD_PART_NAMES, findPart } from '@bitnetmcu/mcu-runtime/internal/targets';
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

/** The target of `firmware` by its own name, or by that of the part as `sim` and `train` call it: rp2040 is a pico. Other names stay, to be refused. */
export function firmwareTarget(name: string): string {
  const isOwn = (FIRMWARE_KIND_NAMES as readonly string[]).includes(name);
  const part = BOARD_PART_NAMES.find((one) => one === name);
  return isOwn || part === undefined ? name : firmwareKindOf(part);
}
