// The one error class of the simulators.

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
  | 'missing-kernels'
  | 'run-failed'
  | 'logits-differ';

/** A refused program, target or request. What the simulated program does wrong is not an error but a {@link Trap} in the result. */
export class SimulatorError extends Error {
  override readonly name = 'SimulatorError';
  readonly code: SimulatorErrorCode;

  constructor(code: SimulatorErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
