// @bitnetmcu/mcu-runtime/sim: microcontrollers in WebAssembly, with cycle counts. Browser-safe.

export type { FlashRegion, MemoryRegion, RiscvCore, RiscvTiming } from '../targets/part.js';
export { createMachine, type MachineOptions } from './create-machine.js';
export { type ElfMachine, readElf } from './elf.js';
export { SimulatorError, type SimulatorErrorCode } from './errors.js';
export { Machine, type RunOptions } from './machine.js';
export { createCh32Peripherals, type Peripherals } from './peripherals.js';
export {
  type CallNode,
  type FunctionProfile,
  INSTRUCTION_KINDS,
  type InstructionKind,
  type InstructionMix,
  type Profile,
  type TimelineCall,
} from './profile.js';
export { findSymbol, type Program, type ProgramSymbol, programFromBytes, type Segment } from './program.js';
export type { Run, Stop, Trap, TrapCause } from './run.js';
export { type SimulateOptions, simulate } from './simulate.js';
export { findTarget, TARGETS, type Target, type TargetName } from './targets.js';
