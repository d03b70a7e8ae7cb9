// One program, one run: the simulator in a single call.
import { createMachine, type MachineOptions } from './create-machine.js';
import type { RunOptions } from './machine.js';
import type { Program } from './program.js';
import type { Run } from './run.js';
import type { Target } from './targets.js';

export interface SimulateOptions extends MachineOptions, RunOptions {
  readonly target: Target;
  /** The function to call as after start-up; without it the program runs from its entry as after reset. */
  readonly call?: { readonly function: string; readonly args?: readonly number[] };
}

/**
 * Loads a program into a new machine and runs it once. For many runs make one machine with createMachine.
 * @throws SimulatorError `does-not-fit`, `unknown-symbol`, `bad-argument`, `invalid-target`; what the program does wrong is in the result
 *
 * @example
 * ```ts
 * import { findTarget, readElf, simulate } from '@bitnetmcu/mcu-runtime/sim';
 *
 * const { cycles, stop } = await simulate(readElf(bytes), { target: findTarget('ch32v003'), call: { function: 'main' } });
 * ```
 */
export async function simulate(program: Program, { target, call, ...options }: SimulateOptions): Promise<Run> {
  const machine = await createMachine(target, options);
  machine.load(program, call === undefined ? 'flashed' : 'started');
  return call === undefined ? machine.runFromReset(options) : machine.call(call.function, call.args, options);
}
