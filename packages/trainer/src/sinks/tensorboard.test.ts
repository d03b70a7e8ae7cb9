import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EpochMetrics } from '../training/metrics.js';
import { crc32c } from './crc32c.js';
import { tensorboardSink } from './tensorboard.js';

/** CRC-32C one bit at a time over the unreflected polynomial 0x1EDC6F41: another algorithm than the table. */
function slowCrc32c(bytes: Uint8Array): number {
  let crc = 0xffffffffn;
  for (const byte of bytes) {
    for (let bit = 0; bit < 8; bit++) {
      const top = ((crc >> 31n) & 1n) ^ BigInt((byte >> bit) & 1);
      crc = (crc << 1n) & 0xffffffffn;
      if (top) crc ^= 0x1edc6f41n;
    }
  }
  const reflected = [...crc.toString(2).padStart(32, '0')].reverse().join('');
  return Number(BigInt(`0b${reflected}`) ^ 0xffffffffn);
}

/** TFRecord: length, masked CRC of the length, data, masked CRC of the data. */
function* records(file: Buffer): Generator<Buffer> {
  const unmask = (masked: number) => {
    const rotated = (masked - 0xa282ead8) >>> 0;
    return ((rotated >>> 17) | (rotated << 15)) >>> 0;
  };
  for (let at = 0; at < file.length; ) {
    const length = Number(file.readBigUInt64LE(at));
    expect(unmask(file.readUInt32LE(at + 8))).toBe(slowCrc32c(file.subarray(at, at + 8)));
    const data = file.subarray(at + 12, at + 12 + length);
    expect(unmask(file.readUInt32LE(at + 12 + length))).toBe(slowCrc32c(data));
    yield data;
    at += 16 + length;
  }
}

type Field = number | Buffer;

/** Protobuf wire format to field number → values, knowing no schema. */
function decode(message: Buffer): Map<number, Field[]> {
  const fields = new Map<number, Field[]>();
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = message[at++]!;
      value += (byte & 127) * shift;
      if (byte < 128) return value;
    }
  };
  while (at < message.length) {
    const key = varint();
    let value: Field;
    if (key % 8 === 0) value = varint();
    else if (key % 8 === 1) [value, at] = [message.readDoubleLE(at), at + 8];
    else if (key % 8 === 5) [value, at] = [message.readFloatLE(at), at + 4];
    else {
      const length = varint();
      [value, at] = [message.subarray(at, at + length), at + length];
    }
    fields.set(key >> 3, [...(fields.get(key >> 3) ?? []), value]);
  }
  return fields;
}

const metrics: EpochMetrics = {
  epoch: 299,
  learningRate: 0.25,
  train: { loss: 0.5, accuracy: 0.75 },
  validation: { loss: 0.625, accuracy: 0.875 },
  layers: [{ layer: 'fc1', positiveShare: 0.5, clip: 1.5, codeEntropy: 3.5 }],
  imagesPerSecond: 1024,
  seconds: 1,
};

describe('crc32c', () => {
  it('gives the values of RFC 3720, B.4', () => {
    expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
    expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43);
    expect(crc32c(Uint8Array.from({ length: 32 }, (_, i) => i))).toBe(0x46dd794e);
  });
});

describe('tensorboardSink', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'bitnetmcu-events-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const events = (name: string) => [...records(readFileSync(join(folder, name)))].map(decode);

  it('writes version and scalars that an independent reader understands', () => {
    const sink = tensorboardSink(folder);
    sink.open?.([]);
    sink.write(metrics);
    sink.close?.({ loss: 2, accuracy: 0.5 });
    const [name] = readdirSync(folder);
    expect(name).toMatch(/^events\.out\.tfevents\.\d{10}\./);
    const [version, scalars, test] = events(name!);
    expect(version?.get(3)?.toString()).toBe('brain.Event:2');
    expect(scalars?.get(2)).toEqual([300]);
    const values = (event: Map<number, Field[]>) =>
      Object.fromEntries(
        decode(event.get(5)![0] as Buffer)
          .get(1)!
          .map((value) => decode(value as Buffer))
          .map((value) => [String(value.get(1)![0]), value.get(2)![0]]),
      );
    expect(values(scalars!)).toEqual({
      'loss/train': 0.5,
      'accuracy/train': 0.75,
      'loss/validation': 0.625,
      'accuracy/validation': 0.875,
      learningRate: 0.25,
      imagesPerSecond: 1024,
      'positiveShare/fc1': 0.5,
      'clip/fc1': 1.5,
      'codeEntropy/fc1': 3.5,
    });
    expect(values(test!)).toEqual({ 'loss/test': 2, 'accuracy/test': 0.5 });
    expect(Math.abs((scalars!.get(1)![0] as number) - Date.now() / 1000)).toBeLessThan(60);
  });

  it('starts a session at the step after the history when a run goes on, and replaces files of another run', () => {
    tensorboardSink(folder).open?.([metrics]);
    const [resumed] = readdirSync(folder);
    const [, start] = events(resumed!);
    // SessionLog (field 7) with status (field 1) START = 1.
    expect(start?.get(2)).toEqual([2]);
    expect([...decode(start!.get(7)![0] as Buffer)]).toEqual([[1, [1]]]);
    tensorboardSink(folder).open?.([]);
    expect(readdirSync(folder).flatMap(events)).toHaveLength(1);
  });
});
