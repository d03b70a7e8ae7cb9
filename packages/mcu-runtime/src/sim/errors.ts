// The one error class of the simulators.
import { BitnetmcuError } from '@bitnetmcu/quant';

/** What went wrong, for programs. */
export type SimulatorErrorCode =
  | 'unknown-target'
  | 'invalid-target'
  | 'invalid-elf'
  | 'unknown-symbol'
  | 'does-not-fit'
  | 'bad-address'
  | 'bad-argument'
  | 'no-profile'
  | 'unknown-variant'
  | 'no-board'
  | 'missing-kernels'
  | 'run-failed'
  | 'logits-differ';

/**
 * A refused program, target or request. What the simulated program does wrong is not an error but a {@link Trap} in the result.
 *
 * @example
 * ```ts
 * import { findTarget, SimulatorError } from '@bitnetmcu/mcu-runtime/sim';
 *
 * try {
 *   findTarget('ch32v999');
 * } catch (error) {
 *   if (SimulatorError.isInstance(error)) console.log(error.code); // unknown-target
 * }
 * ```
 */
export class SimulatorError extends BitnetmcuError<SimulatorErrorCode> {
  static override readonly className: string = 'SimulatorError';
}
