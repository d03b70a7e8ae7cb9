// The worker thread that renders augmented images while the main thread trains. Started by epoch-samples.ts only.
import { parentPort, workerData } from 'node:worker_threads';
import { loadKernels } from '../engine/load-kernels.js';
import type { WorkerRequest, WorkerStart } from './epoch-samples.js';
import { makeRenderer } from './render.js';

async function serve({ plan, engine, buffers, offset }: WorkerStart): Promise<void> {
  const render = makeRenderer(await loadKernels({ kind: engine }), plan);
  parentPort!.on('message', (epoch: WorkerRequest) => {
    render(epoch, new Uint8Array(buffers[epoch % 2]!, offset));
    parentPort!.postMessage(epoch);
  });
}

// A rejection ends the thread with an error, which the main thread hears of.
void serve(workerData as WorkerStart);
