// What looking at a file of a test gives.

import { inspectData } from '../inspect/inspect-data.js';
import type { Overrides } from '../inspect/inspection.js';

/** 30 rows of two numbers and a class of 10 rows each, in the order 0 1 2 0 1 2 … */
export const rows = (line: (i: number, kind: string) => string) =>
  Array.from({ length: 30 }, (_, i) => line(i, ['oak', 'elm', 'fir'][i % 3]!)).join('\n');

/** The spec, its keys, what is said of them, and how each can be changed. */
export async function inspected(path: string, overrides: Overrides = {}) {
  const { spec, assumptions } = await inspectData(path, overrides);
  const { kind, train, ...keys } = spec as { kind: string; train: string };
  return {
    spec,
    keys,
    said: assumptions.map(({ what, because }) => `${what} (${because})`).join('\n'),
    changes: assumptions.map(({ change }) => change),
  };
}
