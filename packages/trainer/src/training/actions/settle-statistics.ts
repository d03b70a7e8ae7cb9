// Running statistics of weights that no step made: passes over the epoch's samples at a learning rate of 0.
import type { TrainableNetwork } from '../../engine/engine.js';
import { ChunkSize, inChunks } from '../chunks.js';
import { copies } from '../restore.js';
import { stepCount } from '../train-epoch.js';

/** Running statistics go a tenth of the way to a batch's in a step: after so many, 10⁻⁷ of what they were is left. */
const FEWEST_STEPS = 150;

const RUNNING_STATISTICS = /\.norm\.(mean|variance)$/;

/**
 * Measures the running means and variances of batch norms anew (Izmailov et al. 2018, section 3.2). Nothing else changes: the optimizer's state is
 * put back. A network without batch norms is left alone.
 * @param samples resident under `name`, `count` of them
 */
export async function settleStatistics(
  network: TrainableNetwork,
  { name, count }: { readonly name: string; readonly count: number },
): Promise<void> {
  if (!Object.keys(network.parameters).some((key) => RUNNING_STATISTICS.test(key))) return;
  const parameters = copies(network.parameters);
  const state = copies(network.state);
  const { batchSize } = network;
  const passes = Math.ceil(FEWEST_STEPS / stepCount(count, batchSize));
  // Whole batches but for the last one, over the border of two passes.
  const order = Uint32Array.from({ length: passes * count }, (_, i) => i % count);
  const steps = stepCount(order.length, batchSize);
  await inChunks(0, steps, new ChunkSize(steps), (from, to) => {
    network.train(name, {
      order,
      from: from * batchSize,
      to: Math.min(order.length, to * batchSize),
      learningRates: new Float32Array(to - from),
    });
    return true;
  });
  for (const [key, values] of Object.entries(parameters)) {
    if (!RUNNING_STATISTICS.test(key)) network.parameters[key]!.set(values);
  }
  for (const [key, values] of Object.entries(state)) network.state[key]!.set(values);
}
