// Which parts `npm test` simulates, and which the long tests.
import { SIMULATION_TARGET_NAMES, type SimulationTargetName } from '../../src/targets/index.js';

/** One of each kind of core with kernels of its own: AVR, RISC-V without and with a multiplier, Cortex-M0+, M3 and M4. */
export const TESTED_PARTS: readonly SimulationTargetName[] = [
  'atmega328p',
  'ch32v003',
  'ch32v002',
  'rp2040',
  'stm32f103',
  'stm32f405',
];

export const OTHER_PARTS: readonly SimulationTargetName[] = SIMULATION_TARGET_NAMES.filter(
  (name) => !TESTED_PARTS.includes(name),
);
