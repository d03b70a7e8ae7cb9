// Metrics as JSON lines: one EpochMetrics object a line, then the test score of a finished run.
import { appendToFile, writeFileAtomic } from '@bitnetmcu/models/internal/node';
import type { MetricsSink } from '../training/metrics.js';

/**
 * Begins with the epochs that a resumed run already has, whatever the file held; then adds a line an epoch.
 *
 * @example
 * ```ts
 * import { createTrainingRun, jsonlSink } from '@bitnetmcu/trainer';
 *
 * const run = await createTrainingRun({ network: 'fc-1k' }, { sinks: [jsonlSink('metrics.jsonl')] });
 * ```
 */
export function jsonlSink(path: string): MetricsSink {
  return {
    open: (history) => writeFileAtomic(path, history.map((metrics) => `${JSON.stringify(metrics)}\n`).join('')),
    write: (metrics) => appendToFile(path, `${JSON.stringify(metrics)}\n`),
    close: (test) => {
      if (test) appendToFile(path, `${JSON.stringify({ test })}\n`);
    },
  };
}
