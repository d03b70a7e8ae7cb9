// A project that was written: built where its compiler is, which a test must not need.
import { expect } from 'vitest';
import { EXIT_CODES } from '../exit-codes.js';

/** Of a command with --json that writes a project. One that is not built for want of a cross compiler has an exit code of its own, a library has not. */
export function expectWritten(made: {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}): void {
  const { built } = JSON.parse(made.stdout) as { readonly built?: unknown };
  const wanted = built === null ? [EXIT_CODES.ok, EXIT_CODES.missingPart] : [EXIT_CODES.ok];
  expect(wanted, made.stderr).toContain(made.exitCode);
}
