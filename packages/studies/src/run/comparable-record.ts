// A record without what differs between two runs of the same request: who ran it, when and how fast.

import { engineMeaning } from './run-key.js';
import type { RunRecord } from './run-record.js';

/** What two records of the same key have in common to the bit, wherever and whenever they were made; compare by `isDeepStrictEqual`. */
export function comparable(record: RunRecord): object {
  if (record.status === 'failed') {
    const { message: _message, attempts: _attempts, worker: _worker, ended: _ended, ...same } = record;
    return same;
  }
  const { worker: _worker, ended: _ended, seconds: _seconds, engine, versions, epochs, ...same } = record;
  const { node: _node, ...packages } = versions;
  return {
    ...same,
    epochs: epochs.map(({ seconds: _s, imagesPerSecond: _i, ...metrics }) => metrics),
    engine: engineMeaning(engine),
    versions: packages,
  };
}
