// tfjs-node 4.22 calls util.isNullOrUndefined, deprecated since Node 4 and removed in Node 23.
import { createRequire } from 'node:module';

/** Puts the removed function back where it is missing; call before tfjs-node is imported. */
export function shimNodeUtil(): void {
  // The CommonJS exports object is what tfjs-node reads; an ESM namespace cannot be extended.
  const util = createRequire(import.meta.url)('node:util') as Record<string, unknown>;
  util.isNullOrUndefined ??= (value: unknown): boolean => value === null || value === undefined;
}
