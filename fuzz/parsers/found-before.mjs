// What a search keeps beside its records (prices.jsonl, test-scores.jsonl): whatever stands in the files they are read or refused; what is read is
// found again, and can be added to.
import { deepStrictEqual } from 'node:assert';
import { FoundBefore } from '@bitnetmcu/studies/internal';
import { chance, mutateText, NUMBERS } from '../mutators/bytes.mjs';
import { mutateJson } from '../mutators/json.mjs';

export const onDisk = true;

const KEYS = ['a', 'b', 'c'].map((letter) => letter.repeat(64));
const PRICE = {
  fits: true,
  kernels: 'fast',
  weightBytes: 10,
  flashBytes: 20,
  ramBytes: 5,
  cycles: 7,
  milliseconds: 0.1,
};
const VOCABULARY = ['fits', 'kernels', 'accuracy', '__proto__', 'key', ...KEYS];
const PIECES = ['\n', '\n\n', '{', '}', '"', '[', ',', '\u0000', '\ufeff', '\\', 'null', '{}\n', ...NUMBERS];

export async function prepare() {}

function lines(random, values) {
  const written = values.map((value, i) =>
    JSON.stringify(
      chance(random, 0.3) ? mutateJson({ key: KEYS[i], value }, random, VOCABULARY, 2) : { key: KEYS[i], value },
    ),
  );
  const text = written.map((line) => `${line}\n`).join('');
  return Buffer.from(chance(random, 0.3) ? mutateText(text, random, PIECES) : text);
}

export function make(random) {
  return {
    'records/prices.jsonl': lines(random, [PRICE, null, { ...PRICE, fits: false }]),
    'records/test-scores.jsonl': lines(random, [{ accuracy: 0.5 }, { accuracy: 1 }]),
  };
}

const BUDGET = { target: 'ch32v003' };
const MODEL = 'd'.repeat(64);

export async function run() {
  const first = new FoundBefore('records');
  try {
    deepStrictEqual(await first.price({ model: MODEL }, BUDGET, async () => PRICE), PRICE);
    deepStrictEqual(await first.testScore(MODEL, 'data', async () => 0.25), 0.25);
  } finally {
    first.close();
  }
  const again = new FoundBefore('records');
  try {
    const never = () => Promise.reject(new Error('what was kept is asked for again'));
    deepStrictEqual(await again.price({ model: MODEL }, BUDGET, never), PRICE);
    deepStrictEqual(await again.testScore(MODEL, 'data', never), 0.25);
  } finally {
    again.close();
  }
}
