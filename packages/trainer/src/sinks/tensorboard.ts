// Metrics as TensorBoard event files: `tensorboard --logdir <folder>`.
import { mkdirSync, readdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { appendToFile, removeFile, writeFileAtomic } from '@bitnetmcu/models/internal/node';
import type { EpochMetrics, MetricsSink } from '../training/metrics.js';
import { EVENT_FILES } from '../training/run-folder.js';
import { type Event, encodeEventRecord } from './event-encoding.js';

/**
 * Epochs are counted from 1 on the axis, so that the test score of n epochs is at n.
 *
 * @example
 * ```ts
 * import { createTrainingRun, tensorboardSink } from '@bitnetmcu/trainer';
 *
 * const run = await createTrainingRun({ network: 'fc-1k' }, { sinks: [tensorboardSink('events')] });
 * ```
 */
export function tensorboardSink(folder: string): MetricsSink {
  let path = '';
  let lastStep = 0;
  const append = (event: Event) => appendToFile(path, encodeEventRecord(event));
  const now = () => Date.now() / 1000;
  return {
    open(history) {
      mkdirSync(folder, { recursive: true });
      if (history.length === 0) removeEventFiles(folder);
      const second = String(Math.floor(now())).padStart(10, '0');
      path = join(folder, `${EVENT_FILES}${second}.${hostname()}.${process.pid}.0`);
      writeFileAtomic(path, encodeEventRecord({ kind: 'fileVersion', wallTime: now() }));
      lastStep = history.length;
      if (history.length > 0) append({ kind: 'start', wallTime: now(), step: lastStep + 1 });
    },
    write(metrics) {
      lastStep = metrics.epoch + 1;
      append({ kind: 'scalars', wallTime: now(), step: lastStep, values: scalarsOf(metrics) });
    },
    close(test) {
      if (!test) return;
      const values = { 'loss/test': test.loss, 'accuracy/test': test.accuracy };
      append({ kind: 'scalars', wallTime: now(), step: lastStep, values });
    },
  };
}

/** A new run in the folder of an old one replaces it. */
function removeEventFiles(folder: string): void {
  for (const name of readdirSync(folder)) if (name.startsWith(EVENT_FILES)) removeFile(join(folder, name));
}

function scalarsOf({ train, validation, layers, learningRate, imagesPerSecond }: EpochMetrics): Record<string, number> {
  const values: Record<string, number> = {
    'loss/train': train.loss,
    'accuracy/train': train.accuracy,
    ...(validation && { 'loss/validation': validation.loss, 'accuracy/validation': validation.accuracy }),
    learningRate,
    imagesPerSecond,
  };
  for (const { layer, positiveShare, clip, codeEntropy } of layers) {
    values[`positiveShare/${layer}`] = positiveShare;
    values[`clip/${layer}`] = clip;
    values[`codeEntropy/${layer}`] = codeEntropy;
  }
  return values;
}
