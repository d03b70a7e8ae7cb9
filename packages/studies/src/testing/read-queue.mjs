// What is in a queue, in a process whose environment names the authorities that it trusts: node read-queue.mjs <redis>
import { readQueue } from '../../dist/internal/index.js';

console.log(JSON.stringify(await readQueue(process.argv[2])));
