// @bitnetmcu/mcu-runtime/targets: any model on simulated microcontrollers, with prebuilt kernels. Browser-safe.
export type { ChoiceOptions, KernelChoice } from './choose-variant.js';
export type { Device, DeviceMemory, DeviceRun } from './device.js';
export type { FactsSource, FirmwareFacts } from './firmware-facts.js';
export type { KernelImage } from './kernel-image.js';
export type { KernelVariant } from './kernel-variants.js';
export type { SimulatedLayer } from './layer-cycles.js';
export type { PartVariant } from './part.js';
export type { FirmwareName, PartName } from './parts.js';
export type { ProfileSummary } from './profile-sum.js';
export { type FirmwareRun, type FirmwareRunOptions, runFirmware } from './run-firmware.js';
export { type SimulationOptions, simulateModel } from './simulate-model.js';
export type { Costs, DoesNotFit, MemoryUse, Simulated, Simulation } from './simulation.js';
export {
  findSimulationTarget,
  SIMULATION_TARGET_NAMES,
  SIMULATION_TARGETS,
  type SimulationTarget,
  type SimulationTargetName,
} from './simulation-targets.js';
export { SimulatorBackend } from './simulator-backend.js';
