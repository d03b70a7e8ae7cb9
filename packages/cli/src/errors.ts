// The error class of the command itself, and what every other error means to it: an exit code, and whether it is a bug.
import type { ExporterErrorCode } from '@bitnetmcu/exporter';
import type { RuntimeErrorCode } from '@bitnetmcu/mcu-runtime';
import type { SimulatorErrorCode } from '@bitnetmcu/mcu-runtime/sim';
import type { ModelErrorCode } from '@bitnetmcu/models';
import { visibleText } from '@bitnetmcu/models/internal';
import { BitnetmcuError, type QuantErrorCode } from '@bitnetmcu/quant';
import type { StudyErrorCode } from '@bitnetmcu/studies';
import type { TrainerErrorCode } from '@bitnetmcu/trainer';
import { EXIT_CODES, type ExitCode } from './exit-codes.js';

export type CliErrorCode =
  | 'usage'
  | 'invalid-config'
  | 'invalid-value'
  | 'bad-file'
  | 'missing-part'
  | 'interrupted'
  | 'port'
  | 'no-answer'
  | 'not-understood'
  | 'wrong-model'
  | 'wrong-program'
  | 'untrusted-data'
  | 'check-failed';

const CLI_EXIT_CODES: Readonly<Record<CliErrorCode, ExitCode>> = {
  usage: EXIT_CODES.usage,
  'invalid-config': EXIT_CODES.usage,
  'invalid-value': EXIT_CODES.usage,
  'bad-file': EXIT_CODES.badInput,
  'missing-part': EXIT_CODES.missingPart,
  interrupted: EXIT_CODES.interrupted,
  port: EXIT_CODES.missingPart,
  'no-answer': EXIT_CODES.missingPart,
  'not-understood': EXIT_CODES.badInput,
  'wrong-model': EXIT_CODES.badInput,
  'wrong-program': EXIT_CODES.badInput,
  'check-failed': EXIT_CODES.checkFailed,
  'untrusted-data': EXIT_CODES.usage,
};

/** A mistake of the user or a missing part; the message says what was found, what is wanted and what to do. */
export class CliError extends BitnetmcuError<CliErrorCode> {
  static override readonly className: string = 'CliError';
}

type PackageErrorCode =
  | QuantErrorCode
  | ModelErrorCode
  | TrainerErrorCode
  | RuntimeErrorCode
  | SimulatorErrorCode
  | ExporterErrorCode
  | StudyErrorCode;

/** Error codes of the other packages whose meaning is not "bad input" (exit code 3). */
const PACKAGE_EXIT_CODES: Readonly<Partial<Record<PackageErrorCode, ExitCode>>> = {
  'invalid-config': EXIT_CODES.usage,
  'invalid-study': EXIT_CODES.usage,
  'queue-failed': EXIT_CODES.missingPart,
  'machines-differ': EXIT_CODES.checkFailed,
  'nothing-found': EXIT_CODES.checkFailed,
  'invalid-spec': EXIT_CODES.usage,
  'unknown-preset': EXIT_CODES.usage,
  'unknown-zoo-model': EXIT_CODES.usage,
  'unknown-format': EXIT_CODES.usage,
  'unknown-clipping-method': EXIT_CODES.usage,
  'invalid-option': EXIT_CODES.usage,
  'invalid-argument': EXIT_CODES.usage,
  'unsupported-layer': EXIT_CODES.usage,
  'duplicate-name': EXIT_CODES.usage,
  name: EXIT_CODES.usage,
  'unknown-input': EXIT_CODES.usage,
  'shape-mismatch': EXIT_CODES.usage,
  'checkpoint-mismatch': EXIT_CODES.usage,
  'run-exists': EXIT_CODES.usage,
  'file-exists': EXIT_CODES.usage,
  'folder-in-use': EXIT_CODES.usage,
  'data-not-found': EXIT_CODES.missingPart,
  'engine-unavailable': EXIT_CODES.missingPart,
  'compiler-missing': EXIT_CODES.missingPart,
  'no-compiler': EXIT_CODES.missingPart,
  'unknown-target': EXIT_CODES.usage,
  'unknown-variant': EXIT_CODES.usage,
  'missing-kernels': EXIT_CODES.missingPart,
  'no-kernels': EXIT_CODES.usage,
  'run-failed': EXIT_CODES.bug,
  'logits-differ': EXIT_CODES.bug,
  'unknown-kernels': EXIT_CODES.usage,
  'no-receiver': EXIT_CODES.usage,
  'does-not-fit': EXIT_CODES.checkFailed,
  'self-test': EXIT_CODES.bug,
  diverged: EXIT_CODES.checkFailed,
  'accumulator-overflow': EXIT_CODES.checkFailed,
  'float-layer': EXIT_CODES.checkFailed,
  'unfoldable-norm': EXIT_CODES.checkFailed,
  'unsupported-graph': EXIT_CODES.checkFailed,
  'unsupported-node': EXIT_CODES.checkFailed,
  build: EXIT_CODES.checkFailed,
  aborted: EXIT_CODES.interrupted,
  closed: EXIT_CODES.bug,
  'worker-failed': EXIT_CODES.bug,
  compile: EXIT_CODES.bug,
  'compiler-failed': EXIT_CODES.bug,
  harness: EXIT_CODES.bug,
  'harness-failed': EXIT_CODES.bug,
};

/** System errors that a user can cause and mend. */
const SYSTEM_MESSAGES: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder; check the path',
  EACCES: 'permission denied; check the rights of the file and its folder',
  EPERM: 'the operation is not permitted; check the rights of the file and its folder',
  EISDIR: 'this is a folder, a file is wanted',
  ENOTDIR: 'a part of the path is a file, not a folder',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
};

export interface ErrorReport {
  readonly code: string;
  readonly message: string;
  readonly exitCode: ExitCode;
  /** Bugs are shown with their stack trace, mistakes without. */
  readonly isBug: boolean;
}

/** Sorts any thrown value into the mistakes that a user can mend and the bugs that we must. */
export function describeError(error: unknown): ErrorReport {
  if (CliError.isInstance(error)) {
    return { code: error.code, message: error.message, exitCode: CLI_EXIT_CODES[error.code], isBug: false };
  }
  if (BitnetmcuError.isInstance(error)) {
    const { code, message } = error;
    const exitCode = PACKAGE_EXIT_CODES[code as PackageErrorCode] ?? EXIT_CODES.badInput;
    return { code, message, exitCode, isBug: exitCode === EXIT_CODES.bug };
  }
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') {
    const explanation = SYSTEM_MESSAGES[error.code];
    if (explanation !== undefined) {
      const path = 'path' in error && typeof error.path === 'string' ? error.path : 'a file';
      return {
        code: 'bad-file',
        message: `${visibleText(path)}: ${explanation}.`,
        exitCode: EXIT_CODES.badInput,
        isBug: false,
      };
    }
  }
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'bug', message, exitCode: EXIT_CODES.bug, isBug: true };
}
