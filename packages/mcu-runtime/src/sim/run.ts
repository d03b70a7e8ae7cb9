// What a run of a simulated program ends with, and what it measured.
import type { Profile } from './profile.js';

/** What the simulated program did wrong. */
export type TrapCause =
  | 'illegal-instruction'
  | 'load-misaligned'
  | 'store-misaligned'
  | 'load-fault'
  | 'store-fault'
  | 'fetch-fault';

export interface Trap {
  readonly cause: TrapCause;
  readonly pc: number;
  /** The address that could not be reached, or the code of the illegal instruction. */
  readonly value: number;
  /** Symbol that holds the pc, where known. */
  readonly function: string | undefined;
}

/** Why a run ended. */
export type Stop =
  /** The called function came back; `value` is a0. */
  | { readonly kind: 'returned'; readonly value: number }
  /** ebreak (code in a0) or an exit through ecall. */
  | { readonly kind: 'exit'; readonly code: number }
  /** The instruction budget was used up. */
  | { readonly kind: 'limit' }
  /** wfi: the program sleeps for ever. */
  | { readonly kind: 'wait' }
  | { readonly kind: 'trap'; readonly trap: Trap };

export interface Run {
  readonly stop: Stop;
  readonly cycles: number;
  readonly instructions: number;
  /** Deepest extent of the stack below its start, in bytes. */
  readonly stackBytes: number;
  /** Bytes of RAM that the program's segments occupy from its start: code in RAM, data, zeroed data. */
  readonly staticRamBytes: number;
  /** Whether the stack grew into them: whatever the run computed is then not to be trusted. */
  readonly stackOverflow: boolean;
  /** The first error of a run from reset that the program's own exception handler dealt with. */
  readonly handledTrap?: Trap;
  /** Bytes written through ecall or the UART. */
  readonly output: Uint8Array;
  /** Present where the machine was created with `profile`. */
  readonly profile?: Profile;
}
