// A worker in a process of its own, so that it can be killed: node run-worker.mjs <redis> <folder of unfinished runs> <lock in seconds>. Says each epoch.
import { startWorker } from '../../dist/index.js';

const [redis, unfinished, lockSeconds] = process.argv.slice(2);
const worker = await startWorker({
  redis,
  unfinished,
  jobs: 1,
  lockSeconds: Number(lockSeconds),
  onStart: (key) => console.log(`start ${key}`),
  onEpoch: (key, epochs) => console.log(`epoch ${key} ${epochs}`),
  onEnd: ({ key }) => console.log(`end ${key}`),
});
process.once('SIGTERM', () => worker.stop());
console.log('ready');
