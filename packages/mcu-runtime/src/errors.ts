// The one error class of this package.

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

/** A refused model or input, or a tool that is missing or failed: the message says what was found, what is wanted and what to do. */
export class RuntimeError extends Error {
  override readonly name = 'RuntimeError';
  readonly code: RuntimeErrorCode;

  constructor(code: RuntimeErrorCode, message: string, options: { cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
  }
}
