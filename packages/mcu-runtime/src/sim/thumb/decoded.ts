// One decoded Thumb instruction: what it does, and what of it counts for its time.
import type { InstructionKind } from '../profile.js';
import type { ThumbState } from './state.js';

/** What an instruction takes, by its kind; `n` registers for those that move several. */
export type Cost = 'one' | 'multiply' | 'multiply-long' | 'divide' | 'load' | 'store' | 'store-indexed' | 'multiple';

export interface Decoded {
  /** 1: 16 bits, 2: 32 bits. */
  readonly halves: 1 | 2;
  readonly run: (s: ThumbState) => void;
  readonly kind: InstructionKind;
  readonly cost: Cost;
  /** Of `multiple`: registers. */
  readonly registers?: number;
  /** Of a load: the register that it fills. */
  readonly target?: number;
  /** Of a load or store: the register with the address. */
  readonly base?: number;
  /** Of an IT instruction: conditions of the instructions in its block. */
  readonly block?: readonly number[];
}

export type Run = (s: ThumbState) => void;

export const alu = (halves: 1 | 2, run: Run): Decoded => ({ halves, run, kind: 'alu', cost: 'one' });
export const jump = (halves: 1 | 2, run: Run): Decoded => ({ halves, run, kind: 'jump', cost: 'one' });
export const branch = (halves: 1 | 2, run: Run): Decoded => ({ halves, run, kind: 'branch', cost: 'one' });
export const system = (halves: 1 | 2, run: Run): Decoded => ({ halves, run, kind: 'system', cost: 'one' });
export const multiply = (halves: 1 | 2, run: Run, cost: Cost = 'multiply'): Decoded => ({
  ...{ halves, run, cost },
  kind: 'multiply',
});
export const load = (halves: 1 | 2, target: number, base: number, run: Run): Decoded => ({
  ...{ halves, run, target, base },
  ...{ kind: 'load', cost: 'load' },
});
export const store = (halves: 1 | 2, base: number, run: Run, isIndexed = false): Decoded => ({
  ...{ halves, run, base },
  ...{ kind: 'store', cost: isIndexed ? 'store-indexed' : 'store' },
});
export const multiple = (halves: 1 | 2, kind: 'load' | 'store', registers: number, run: Run): Decoded => ({
  ...{ halves, run, kind, registers },
  cost: 'multiple',
});

/** Registers of a list, lowest first. */
export function registersOf(list: number): readonly number[] {
  return Array.from({ length: 16 }, (_, i) => i).filter((i) => ((list >> i) & 1) === 1);
}
