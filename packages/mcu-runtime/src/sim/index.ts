// @bitnetmcu/mcu-runtime/sim: microcontrollers in WebAssembly, with cycle counts. Browser-safe.
export type { FlashRegion, MemoryRegion, RiscvCore, RiscvTiming } from '../targets/part.js';
export type { SimulatorCore } from './core.js';
export { createMachine, type MachineOptions } from './create-machine.js';
export { type ElfMachine, readElf } from './elf.js';
export { SimulatorError, type SimulatorErrorCode } from './errors.js';
export type { Machine, RunOptions } from './machine.js';
export type { Peripherals } from './peripherals.js';
export type { CallNode, FunctionProfile, InstructionKind, InstructionMix, Profile, TimelineCall } from './profile.js';
export { type Program, type ProgramSymbol, programFromBytes, type Segment } from './program.js';
export type { Run, Stop, Trap, TrapCause } from './run.js';
export { type SimulateOptions, simulate } from './simulate.js';
export { findTarget, TARGETS, type Target, type TargetName } from './targets.js';
