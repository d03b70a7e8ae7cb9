// Damaged files of every kind that the trainer reads: each either still means something or is refused with a TrainerError.
import { gzipSync } from 'node:zlib';
import { crc32 } from '@bitnetmcu/models';
import { expect, it } from 'vitest';
import { decodeIdx, parseIdx } from './data/idx.js';
import { TrainerError } from './errors.js';
import { Random } from './random.js';
import { decodeCheckpoint, encodeCheckpoint } from './training/checkpoint.js';
import { parseTrainingConfig } from './training/config.js';
import { sampleCheckpoint } from './training/testing/sample-checkpoint.js';

const CASES = 10_000;

/** One to four changes: flipped bits, replaced bytes, a cut, bytes added or taken out. */
function damage(bytes: Uint8Array, random: Random): Uint8Array {
  let damaged = Uint8Array.from(bytes);
  for (let changes = 1 + random.nextBelow(4); changes > 0 && damaged.length > 0; changes--) {
    // Half of the changes hit the first bytes, where headers are.
    const at = random.nextBelow(random.nextBelow(2) ? damaged.length : Math.min(32, damaged.length));
    switch (random.nextBelow(6)) {
      case 0:
        damaged = damaged.slice(0, at);
        break;
      case 1:
        damaged = Uint8Array.from([...damaged.subarray(0, at), ...damaged.subarray(at + 1 + random.nextBelow(8))]);
        break;
      case 2:
        damaged = Uint8Array.from([...damaged.subarray(0, at), random.nextBelow(256), ...damaged.subarray(at)]);
        break;
      case 3:
        damaged[at] = random.nextBelow(256);
        break;
      default:
        damaged[at]! ^= 1 << random.nextBelow(8);
    }
  }
  return damaged;
}

/** Runs a reader; a refusal must be a TrainerError with a message. */
function outcome(read: () => unknown): 'read' | 'refused' {
  try {
    read();
    return 'read';
  } catch (error) {
    if (!(error instanceof TrainerError) || error.message.length < 10) throw error;
    return 'refused';
  }
}

function idxFile(): Uint8Array {
  return Uint8Array.from([0, 0, 8, 3, 0, 0, 0, 5, 0, 0, 0, 4, 0, 0, 0, 3, ...Array.from({ length: 60 }, (_, i) => i)]);
}

it(`idx: ${CASES} damaged files`, () => {
  const random = new Random(1);
  let refused = 0;
  for (let i = 0; i < CASES; i++) {
    const bytes = damage(idxFile(), random);
    if (outcome(() => parseIdx(bytes)) === 'refused') refused++;
  }
  expect(refused).toBeGreaterThan(CASES / 2);
});

it(`idx.gz: ${CASES} damaged files`, async () => {
  const random = new Random(2);
  const file = gzipSync(idxFile());
  let refused = 0;
  for (let i = 0; i < CASES; i++) {
    // Every other one is damaged before it is compressed, so that it gets past gzip's checksum.
    const bytes = i % 2 ? gzipSync(damage(idxFile(), random)) : damage(file, random);
    const error = await decodeIdx(bytes).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (error !== undefined) {
      expect(error).toBeInstanceOf(TrainerError);
      refused++;
    }
  }
  expect(refused).toBeGreaterThan(CASES / 2);
});

it(`checkpoints: ${CASES} damaged files, half of them with a right checksum`, () => {
  const random = new Random(3);
  const file = encodeCheckpoint(sampleCheckpoint());
  let refused = 0;
  for (let i = 0; i < CASES; i++) {
    const bytes = damage(file, random);
    if (i % 2 && bytes.length >= 4) {
      const end = bytes.length - 4;
      new DataView(bytes.buffer).setUint32(end, crc32(bytes.subarray(0, end)), true);
    }
    if (outcome(() => decodeCheckpoint(bytes)) === 'refused') refused++;
  }
  expect(refused).toBeGreaterThan(CASES / 2);
});

it(`configurations: ${CASES} damaged documents`, () => {
  const random = new Random(4);
  const text = new TextEncoder().encode(
    JSON.stringify({
      network: 'fc-12k',
      data: { kind: 'idx', trainImages: 'a', trainLabels: 'b' },
      epochs: 60,
      optimizer: { kind: 'sgd', momentum: 0.9 },
      schedule: { kind: 'warmUp', epochs: 5, followedBy: { kind: 'cosine' } },
      augmentation: { rotation: 10, scale: [0.9, 1.1] },
      loss: [{ kind: 'crossEntropy', labelSmoothing: 0.1 }],
    }),
  );
  let refused = 0;
  for (let i = 0; i < CASES; i++) {
    let document: unknown = random.nextBelow(3);
    try {
      document = JSON.parse(new TextDecoder().decode(damage(text, random)));
    } catch {
      // No JSON: a number stands in for what another parser might make of it.
    }
    if (outcome(() => parseTrainingConfig(document)) === 'refused') refused++;
  }
  expect(refused).toBeGreaterThan(CASES / 2);
});
