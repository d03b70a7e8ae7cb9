// Folders of records of a study: whatever stands in their files they are read or refused; what is read can be added to, and is read again.
import { deepStrictEqual } from 'node:assert';
import { openRecords, readRecords } from '@bitnetmcu/studies';
import { readStudyLogs } from '@bitnetmcu/studies/internal';
import { chance, mutateText, NUMBERS } from '../mutators/bytes.mjs';
import { mutateJson } from '../mutators/json.mjs';

export const onDisk = true;

const KEYS = ['a', 'b', 'c'].map((letter) => letter.repeat(64));
const REQUEST = { config: { network: 'fc-1k', epochs: 1, seed: 1 }, targets: ['ch32v003'], test: false };
const SCORE = { loss: 0.5, accuracy: 0.9 };
const ENDED = { request: REQUEST, worker: 'here 1', ended: '2026-01-01T00:00:00.000Z' };
const FINISHED = {
  ...ENDED,
  status: 'finished',
  key: KEYS[0],
  dataset: { name: 'mnist', sha256: KEYS[1] },
  epochs: [
    { epoch: 0, learningRate: 0.1, train: SCORE, validation: SCORE, layers: [], imagesPerSecond: 1, seconds: 1 },
  ],
  validation: { float: SCORE, integer: { accuracy: 0.9 } },
  right: '8:/w==',
  weightBytes: 10,
  targets: [{ target: 'ch32v003', fits: true, flashBytes: 1, ramBytes: 1, cycles: 1, milliseconds: 1 }],
  model: KEYS[2],
  seconds: 1,
  engine: { kind: 'wasm', simd: 'simd128', threads: 1 },
  versions: { trainer: '1.0.0' },
};
const FAILED = { ...ENDED, status: 'failed', key: KEYS[1], reason: 'crashed', message: 'gone', attempts: 3 };
const HEAD = { version: 1, name: 'study', runs: 2 };
const RUN = { key: KEYS[0], label: 'base', seed: 1 };
const VOCABULARY = ['finished', 'failed', 'timeout', '__proto__', ...KEYS];
const PIECES = ['\n', '\n\n', '{', '}', '"', '[', ',', '\u0000', '\ufeff', '\\', 'null', '{}\n', ...NUMBERS];

export async function prepare() {}

/** Lines, of which some are changed, and which as a whole may be as well. */
function lines(random, values) {
  const written = values.map((value) =>
    JSON.stringify(chance(random, 0.3) ? mutateJson(value, random, VOCABULARY, 2) : value),
  );
  const text = written.map((line) => `${line}\n`).join('');
  return Buffer.from(chance(random, 0.3) ? mutateText(text, random, PIECES) : text);
}

export function make(random) {
  const folder = { holds: 'records of bitnetmcu runs', version: 1 };
  return {
    'records/study-records.json': chance(random, 0.1) ? lines(random, [folder]) : Buffer.from(JSON.stringify(folder)),
    'records/records.jsonl': lines(random, [FINISHED, FAILED, FINISHED]),
    'records/studies/study.jsonl': lines(random, [HEAD, RUN, { ...RUN, key: KEYS[1] }]),
  };
}

export async function run() {
  const before = readRecords('records');
  const records = openRecords('records');
  records.add({ ...FAILED, key: 'd'.repeat(64) });
  records.close();
  deepStrictEqual(readRecords('records').slice(0, -1), before);
  readStudyLogs('records');
}
