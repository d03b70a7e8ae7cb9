// Synthetic files in EMNIST's layout: gzipped idx, 28×28, every image transposed, labels as NIST numbers them.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { inferShapes } from '@bitnetmcu/models';
import { outputCount, type PresetName } from '@bitnetmcu/models/internal';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTrainingRun } from '../training/create-run.js';
import { loadDataset } from './data-spec.js';
import type { EmnistSplit } from './emnist.js';

const SIDE = 28;
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'emnist-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function saveIdx(name: string, dimensions: readonly number[], values: Uint8Array): void {
  const header = Buffer.alloc(4 + 4 * dimensions.length);
  header[2] = 8; // unsigned bytes
  header[3] = dimensions.length;
  dimensions.forEach((size, i) => void header.writeUInt32BE(size, 4 + 4 * i));
  writeFileSync(join(folder, `${name}.gz`), gzipSync(Buffer.concat([header, values])));
}

/** Writes one image a label: a bright row, upright, whose number is the label modulo 28; stored transposed it is a column. */
function saveSplit(split: EmnistSplit, labels: readonly number[]): void {
  for (const part of ['train', 'test']) {
    const images = new Uint8Array(labels.length * SIDE * SIDE);
    labels.forEach((label, image) => {
      for (let x = 0; x < SIDE; x++) images[(image * SIDE + x) * SIDE + (label % SIDE)] = 255;
    });
    saveIdx(`emnist-${split}-${part}-images-idx3-ubyte`, [labels.length, SIDE, SIDE], images);
    saveIdx(`emnist-${split}-${part}-labels-idx1-ubyte`, [labels.length], Uint8Array.from(labels));
  }
}

const range = (from: number, count: number) => Array.from({ length: count }, (_, i) => from + i);

describe('EMNIST', () => {
  it.each([
    ['letters', range(1, 26), 'A', 'Z'],
    ['balanced', range(0, 47), '0', 't'],
    ['bymerge', range(0, 47), '0', 't'],
    ['byclass', range(0, 62), '0', 'z'],
    ['digits', range(0, 10), '0', '9'],
    ['mnist', range(0, 10), '0', '9'],
  ] as const)('%s: names of all classes, labels from 0, images upright', async (split, numbers, first, last) => {
    saveSplit(split, numbers);
    const { train, test, shape, labels } = await loadDataset({ kind: 'emnist', path: folder, split });
    expect(shape).toEqual([1, SIDE, SIDE]);
    expect([labels.length, labels[0], labels.at(-1)]).toEqual([numbers.length, first, last]);
    expect(new Set(labels).size).toBe(labels.length);
    expect([...train.labels]).toEqual(range(0, numbers.length));
    expect(test.count).toBe(numbers.length);
    numbers.forEach((number, image) => {
      const row = (image * SIDE + (number % SIDE)) * SIDE;
      expect([...train.bytes.subarray(row, row + SIDE)]).toEqual(Array(SIDE).fill(255));
    });
  });

  it('refuses labels that the split does not have', async () => {
    saveSplit('letters', [0, 1]);
    await expect(loadDataset({ kind: 'emnist', path: folder, split: 'letters' })).rejects.toThrow(/label is below 1/);
    saveSplit('letters', [1, 27]);
    await expect(loadDataset({ kind: 'emnist', path: folder, split: 'letters' })).rejects.toMatchObject({
      code: 'invalid-data',
    });
  });

  it.each([
    ['fc-1k', 'letters', 26],
    ['cnn-16-small', 'balanced', 47],
  ] as const)('%s trains on %s with an output a class', async (network: PresetName, split, classes) => {
    saveSplit(split, range(split === 'letters' ? 1 : 0, classes));
    const data = { kind: 'emnist', path: folder, split } as const;
    const run = await createTrainingRun({
      network,
      data,
      epochs: 1,
      validation: 0,
      augmentation: 'none',
      engine: 'wasm',
    });
    try {
      const result = await run.run();
      expect(result.status).toBe('finished');
      const { spec, labels } = run.trainedNetwork();
      expect(outputCount(inferShapes(spec))).toBe(classes);
      expect(labels).toHaveLength(classes);
    } finally {
      await run.close();
    }
  });
});
