// @bitnetmcu/mcu-runtime/targets: any model on simulated microcontrollers, with prebuilt kernels. Browser-safe.
export { callInferences } from './call-program.js';
export { type ChoiceOptions, chooseVariant, type KernelChoice } from './choose-variant.js';
export {
  type FactsSource,
  type FirmwareFacts,
  modelKey,
  probeInput,
  probeInputs,
  RECORDED_COMPILERS,
  recordedFacts,
} from './firmware-facts.js';
export { type KernelVariant, kernelVariants } from './kernel-variants.js';
export type { SimulatedLayer } from './layer-cycles.js';
export type {
  AvrCore,
  Core,
  Part,
  PartCompiler,
  PartFirmware,
  PartKernels,
  PartVariant,
  RiscvCore,
  RiscvTiming,
  Rp2040Core,
} from './part.js';
export { type FirmwareName, findPart, PART_NAMES, type PartName, parts } from './parts.js';
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
