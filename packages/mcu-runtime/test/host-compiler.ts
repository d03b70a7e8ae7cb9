// What tests need of a C compiler: they skip where there is none, except in CI, where one must be there.
import { hostCompiler } from '../src/node.js';

const compiler = hostCompiler();

/** Why tests that compile on the host cannot run here, or undefined. */
export const missingHostCompiler = compiler.kind === 'missing' ? compiler.message : undefined;

/** Whether to skip tests for which something is missing: never in CI, so that it fails there. */
export function skipWhere(missing: string | undefined): boolean {
  if (missing !== undefined && process.env.CI !== 'true') console.warn(`skipped: ${missing}`);
  return missing !== undefined && process.env.CI !== 'true';
}

export const SANITIZERS = ['-g', '-fsanitize=address,undefined', '-fno-sanitize-recover=all'];
