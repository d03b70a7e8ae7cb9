// No parser: one case for everything that can go wrong, for the test of the watchdog.
import { Mismatch } from '../outcome.mjs';

const CASES = [
  () => {},
  () => {
    throw Object.assign(new Error('the input is wrong: expected another'), { code: 'wrong-input' });
  },
  () => {
    throw new TypeError('undefined is not a function');
  },
  () => {
    throw Object.assign(new Error('a system error is no refusal'), { code: 'ENOENT' });
  },
  () => {
    setImmediate(() => Promise.reject(new Error('nobody waits for this')));
  },
  () => process.abort(),
  () => {
    for (;;);
  },
  async () => {
    const held = [];
    for (;;) {
      held.push(new Uint8Array(5e7).fill(1));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  },
  () => {
    throw new Mismatch('logit 3: 1 and 2');
  },
  () => {},
];

export async function prepare() {}

export function make(random) {
  return { which: Buffer.from([random.nextBelow(256)]) };
}

export async function run(_files, _state, _folder, index) {
  await CASES[index]();
}
