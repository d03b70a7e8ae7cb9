// What a graph reads of raw values, found out on samples: graphs that are plain functions here.
import { PassThrough } from 'node:stream';
import type { RawInput } from '@bitnetmcu/models/internal';
import { makeDataset } from '@bitnetmcu/trainer';
import { describe, expect, it } from 'vitest';
import { Terminal } from '../terminal.js';
import { bestLabelOrder } from './graph-score.js';
import { chooseReading } from './raw-reading.js';

/** The byte of 300 … 555 is what lies above 300. */
const feature = {
  name: 'a',
  decimals: 0,
  low: 300,
  high: 555,
  curve: 'linear',
  preShift: 0,
  multiplier: 2,
  bias: -255,
  shift: 1,
} as const;
const raw: RawInput = { kind: 'table', type: 'i16', features: [feature] };
const part = {
  count: 256,
  bytes: Uint8Array.from({ length: 256 }, (_, i) => (i * 37) % 256),
  labels: Uint16Array.from({ length: 256 }, (_, i) => ((i * 37) % 256 > 127 ? 1 : 0)),
};
const dataset = { ...makeDataset({ name: 'a', shape: [1], labels: ['low', 'high'], train: part, test: part }), raw };
const stream = new PassThrough() as unknown as NodeJS.WriteStream;
const terminal = new Terminal({ stdout: stream, stderr: stream, json: true, verbose: false, environment: {} });

/** Class 1 above a threshold. */
const reference = (threshold: number) => ({
  name: 'by hand',
  batch: undefined,
  logits: (samples: Float32Array) => Float32Array.from(samples, (x) => x - threshold),
});
const choose = (threshold: number, given?: string) =>
  chooseReading(given, dataset, { reference: reference(threshold), samples: part, shape: [1], outputs: 1 }, terminal);

describe('chooseReading', () => {
  it('takes the values where the graph is right with them', async () => {
    expect(await choose(427.5)).toMatchObject({ standardized: undefined, preprocessing: { divisor: 1 } });
  });

  it('finds out that the column was standardized, with the mean and deviation of its values', async () => {
    const { standardized, reason } = await choose(0);
    // 0 … 255 once each: the deviation is the root of (256² − 1)/12.
    expect(standardized!.mean[0]).toBeCloseTo(427.5, 3);
    expect(standardized!.deviation[0]).toBeCloseTo(Math.sqrt((256 ** 2 - 1) / 12), 3);
    expect(reason).toMatch(/^found: the float graph gets 100.00 % on 256 training samples with it, 50.00 % with/);
  });

  it('takes the values where the graph has its classes in another order: that is no sign of another unit', async () => {
    // Right are 0 of 256 with the values, half with standardized ones, where all are of one class.
    const swapped = { name: 'by hand', batch: undefined, logits: (x: Float32Array) => x.map((value) => 427.5 - value) };
    const tried = { reference: swapped, samples: part, shape: [1] as const, outputs: 1 };
    expect((await chooseReading(undefined, dataset, tried, terminal)).standardized).toBeUndefined();
  });

  it('keeps what was given', async () => {
    expect((await choose(0, '1,0,1')).standardized).toBeUndefined();
    expect((await choose(427.5, 'standardized')).standardized!.mean[0]).toBeCloseTo(427.5, 3);
  });
});

describe('bestLabelOrder', () => {
  it('finds which label each output answers', () => {
    const targets = [1, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 1];
    // Outputs answer the labels 2, 0, 1; the last sample is wrong in one.
    const logits = [-1, 1, -1, 1, -1, 1, -1, 1, 1, 1, 1, -1];
    expect(bestLabelOrder(targets, logits, 3)).toEqual({ labels: [2, 0, 1], accuracy: expect.closeTo(11 / 12, 9) });
  });

  it('says nothing where two outputs answer one label', () => {
    expect(bestLabelOrder([1, 0, 0, 1], [1, 1, -1, -1], 2)).toBeUndefined();
  });
});
