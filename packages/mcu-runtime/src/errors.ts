// The error class of this package; the simulators have their own.
import { BitnetmcuError } from '@bitnetmcu/quant';

/** What went wrong, for programs. */
export type RuntimeErrorCode =
  | 'invalid-input'
  | 'model-too-large'
  | 'out-of-memory'
  | 'unknown-layout'
  | 'unknown-kernel'
  | 'unknown-op'
  | 'kernel-not-built-in'
  | 'closed'
  | 'stale-runtime'
  | 'compiler-missing'
  | 'compiler-failed'
  | 'harness-failed';

/**
 * A refused model or input, or a tool that is missing or failed: the message says what was found, what is wanted and what to do.
 *
 * @example
 * ```ts
 * import { layoutModel, RuntimeError } from '@bitnetmcu/mcu-runtime';
 *
 * try {
 *   layoutModel(model, 'plain');
 * } catch (error) {
 *   if (RuntimeError.isInstance(error)) console.log(error.code, error.message); // for example model-too-large
 * }
 * ```
 */
export class RuntimeError extends BitnetmcuError<RuntimeErrorCode> {
  static override readonly className: string = 'RuntimeError';
}
