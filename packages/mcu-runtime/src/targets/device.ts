// The one interface behind which the simulated parts stand: memories to fill, and calls of functions with their cycles.
import type { Profile } from '../sim/profile.js';

/** One finished call. */
export interface DeviceRun {
  /** The low 16 bits of what the function gave back. */
  readonly value: number;
  readonly cycles: number;
  readonly instructions: number;
  /** Deepest extent of the stack in bytes. */
  readonly stackBytes: number;
  readonly profile: Profile;
}

/** A simulated part with a kernel image in it, and with memories large enough for one model. */
export interface Device {
  /** Addresses are the kernel image's. */
  writeFlash(address: number, bytes: Uint8Array): void;
  writeRam(address: number, bytes: Uint8Array): void;
  readRam(address: number, length: number): Uint8Array;
  /**
   * Calls a function with addresses and numbers of up to 16 bits.
   * @throws SimulatorError `run-failed` where it does not come back: a fault, or more than 20 thousand million instructions.
   */
  call(name: string, args: readonly number[]): DeviceRun;
}

/** How much memory a device must have for one model. */
export interface DeviceMemory {
  /** From the start of the image's flash. */
  readonly flashBytes: number;
  /** From the start of its RAM, with room for the stack. */
  readonly ramBytes: number;
}
