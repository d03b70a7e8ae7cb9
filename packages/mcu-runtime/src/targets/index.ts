// @bitnetmcu/mcu-runtime/targets: any model on simulated microcontrollers, with prebuilt kernels. Browser-safe.
export type { SimulatedLayer } from './layer-cycles.js';
export type { ProfileSummary } from './profile-sum.js';
export {
  FIRMWARE_TARGETS,
  type FirmwareRun,
  type FirmwareRunOptions,
  type FirmwareTarget,
  runFirmware,
} from './run-firmware.js';
export { type SimulationOptions, simulateModel } from './simulate-model.js';
export type { Costs, DoesNotFit, MemoryUse, Simulated, Simulation } from './simulation.js';
export {
  findSimulationTarget,
  type KernelVariant,
  SIMULATION_TARGET_NAMES,
  SIMULATION_TARGETS,
  type SimulationTarget,
  type SimulationTargetName,
} from './simulation-targets.js';
export { SimulatorBackend } from './simulator-backend.js';
