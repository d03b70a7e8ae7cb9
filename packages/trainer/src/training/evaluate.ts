// Evaluates resident samples in chunks.
import type { StepTotals, TrainableNetwork } from '../engine/engine.js';
import { ChunkSize, inChunks } from './chunks.js';
import { addTotals, type Score, scoreOf } from './metrics.js';

/** Samples evaluated between two looks at the clock, as multiples of the batch size. */
const MOST_BATCHES = 4096;

/**
 * Loss and accuracy over the samples [0, count) loaded under `name`; the event loop runs in between.
 * @param logits count·outputs floats, filled where given
 */
export async function evaluate(
  network: TrainableNetwork,
  name: string,
  count: number,
  logits?: Float32Array,
): Promise<Score> {
  const totals: StepTotals = { loss: 0, correct: 0, samples: 0 };
  const outputs = logits ? logits.length / count : 0;
  const { batchSize } = network;
  await inChunks(0, Math.ceil(count / batchSize), new ChunkSize(MOST_BATCHES), (from, to) => {
    const begin = from * batchSize;
    const end = Math.min(count, to * batchSize);
    addTotals(totals, network.evaluate(name, begin, end, logits?.subarray(begin * outputs, end * outputs)));
    return true;
  });
  return scoreOf(totals);
}
