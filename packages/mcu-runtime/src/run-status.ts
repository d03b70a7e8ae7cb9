// What bnm_run returns (bnm_status of c/include/bnm.h), as typed errors: no caller reads logits of an image that did not run.
import { RuntimeError, type RuntimeErrorCode } from './errors.js';

const REFUSALS: Readonly<Record<number, { readonly code: RuntimeErrorCode; readonly what: string }>> = {
  1: { code: 'unknown-op', what: 'an operation that it does not know' },
  2: { code: 'unknown-kernel', what: 'a kernel that it does not know for the weights of a layer' },
  3: { code: 'kernel-not-built-in', what: 'an operation or a kernel that it was built without' },
};

/**
 * @param status what bnm_run returned
 * @param runtime which build of the C runtime ran, for the message
 * @throws RuntimeError `unknown-op`, `unknown-kernel` or `kernel-not-built-in` unless the status is 0
 */
export function requireRun(status: number, runtime: string): void {
  if (status === 0) return;
  const { code, what } = REFUSALS[status] ?? { code: 'harness-failed', what: `what it calls status ${status}` };
  throw new RuntimeError(
    code,
    `${runtime} met ${what} in the model's image (status ${status} of bnm_run). Lay the model out for this runtime, in a layout that it reads, or build the runtime again from the same sources.`,
  );
}
