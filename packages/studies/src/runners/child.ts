// The child process of a pool: trains one run after another and keeps what they have in common. It ends with the process that started it.
import { BitnetmcuError } from '@bitnetmcu/quant';
import { checkpointFolder } from '../run/checkpoint-store.js';
import { RunExecutor } from '../run/run-executor.js';
import type { FromChild, ToChild } from './messages.js';
import { tellsMemory } from './resident-memory.js';

const PROGRESS_MILLISECONDS = 200;
const MEMORY_MILLISECONDS = 500;
/** What stopping may take before a child whose pool is gone ends anyway. */
const GRACE_MILLISECONDS = 5000;

/** Of the memory that the process may take, in bytes: what is kept of augmented samples, 30 epochs of MNIST at 16×16 at most. */
const KEPT_SHARE = 1 / 8;
const MOST_KEPT = 2 ** 29;

const memoryLimit = Number(process.argv[2]);
const executor = new RunExecutor(1, Math.min(MOST_KEPT, KEPT_SHARE * memoryLimit));
let stopping: AbortController | undefined;

function send(message: FromChild): void {
  if (process.connected) process.send!(message);
}

async function run(message: Extract<ToChild, { type: 'run' }>): Promise<void> {
  const controller = new AbortController();
  stopping = controller;
  let reported = 0;
  try {
    const executed = await executor.execute(message.run, {
      signal: controller.signal,
      ...(message.unfinished !== undefined && { checkpoints: checkpointFolder(message.unfinished) }),
      onProgress(progress) {
        const now = performance.now();
        if (now - reported < PROGRESS_MILLISECONDS) return;
        reported = now;
        send({ type: 'progress', progress });
      },
      onEpoch: (epochs) => send({ type: 'epoch', epochs }),
    });
    stopping = undefined;
    send({ type: 'finished', ...executed });
  } catch (error) {
    stopping = undefined;
    send(controller.signal.aborted ? { type: 'stopped' } : { type: 'failed', ...reasonOf(error) });
  }
  if (!process.connected) process.exit();
}

function reasonOf(error: unknown): Pick<Extract<FromChild, { type: 'failed' }>, 'reason' | 'message' | 'code'> {
  const isRefusal = BitnetmcuError.isInstance(error);
  if (isRefusal && error.code === 'out-of-memory') return { reason: 'out-of-memory', message: error.message };
  if (error instanceof RangeError && /allocation|memory/i.test(error.message)) {
    return { reason: 'out-of-memory', message: error.message };
  }
  const text = error instanceof Error ? error.message : String(error);
  // What is no refusal is a bug, and its place is wanted.
  if (isRefusal) return { reason: 'error', message: text, code: error.code };
  return { reason: 'error', message: (error as Error).stack ?? text };
}

process.on('message', (message: ToChild) => {
  if (message.type === 'run') void run(message);
  else stopping?.abort();
});
process.on('disconnect', () => {
  if (stopping === undefined) process.exit();
  stopping.abort();
  setTimeout(() => process.exit(), GRACE_MILLISECONDS);
});
// Ctrl-C and a closed terminal reach all processes: the pool says what is to be done.
for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => {});
if (!tellsMemory) {
  setInterval(() => send({ type: 'memory', bytes: process.memoryUsage.rss() }), MEMORY_MILLISECONDS).unref();
}
send({ type: 'ready' });
