import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { afterAll, describe, expect, it } from 'vitest';
import { loadDataset } from './data-spec.js';
import { parseNpy } from './npy.js';

const folder = mkdtempSync(join(tmpdir(), 'bitnetmcu-numpy-'));
afterAll(() => rmSync(folder, { recursive: true }));

const npy = (descr: string, shape: readonly number[], data: Uint8Array) => {
  const header = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape.join(', ')},), }`.padEnd(118, ' ');
  return Buffer.concat([
    Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, header.length, 0]),
    Buffer.from(header),
    data,
  ]);
};

const utf32 = (texts: readonly string[], characters: number) => {
  const data = Buffer.alloc(texts.length * characters * 4);
  texts.forEach((text, i) => {
    [...text].forEach((letter, k) => void data.writeUInt32LE(letter.codePointAt(0)!, 4 * (i * characters + k)));
  });
  return data;
};

function save(name: string, content: Uint8Array): string {
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, content);
  return path;
}

/** Loads two arrays as training and as test part. */
function load(images: Uint8Array, labels: Uint8Array, options: Record<string, unknown> = {}) {
  const [trainImages, trainLabels] = [save('x.npy', images), save('y.npy', labels)];
  const parts = { trainImages, trainLabels, testImages: trainImages, testLabels: trainLabels };
  return loadDataset({ kind: 'npy', ...parts, ...options });
}

const refusal = (message: RegExp) =>
  expect.objectContaining({ code: 'invalid-data', message: expect.stringMatching(message) });

const zeroOne = npy('|u1', [2], Uint8Array.of(0, 1));
const counted = (length: number) => Uint8Array.from({ length }, (_, i) => i + 100);

describe('layout of image arrays', () => {
  it.each<[number[], number[], RegExp]>([
    [[1, 8, 9], [1, 8, 9], /1 channel of 8×9 \(channels first/],
    [[3, 8, 9], [3, 8, 9], /3 channels of 8×9 \(channels first/],
    [[8, 9, 1], [1, 8, 9], /1 channel of 8×9 \(channels last/],
    [[8, 9, 3], [3, 8, 9], /3 channels of 8×9 \(channels last/],
    [[3, 1, 64], [3, 1, 64], /3 channels of 1×64 \(channels first/],
  ])('%j is read as %j, and it is said', async (dimensions, shape, note) => {
    const size = dimensions.reduce((a, b) => a * b);
    const dataset = await load(npy('|u1', [2, ...dimensions], counted(2 * size)), zeroOne);
    expect(dataset.shape).toEqual(shape);
    expect(dataset.notes?.[0]).toMatch(note);
  });

  it.each([[[1, 8, 1]], [[3, 3, 3]], [[3, 8, 4]], [[8, 8, 16]]])('asks for %j', async (dimensions) => {
    const array = npy('|u1', [2, ...dimensions], counted(2 * dimensions.reduce((a, b) => a * b)));
    await expect(load(array, zeroOne)).rejects.toThrow(refusal(/may be channels first.*--data-layout/));
    const [a, b, c] = dimensions;
    expect((await load(array, zeroOne, { layout: 'nchw' })).shape).toEqual([a, b, c]);
    expect((await load(array, zeroOne, { layout: 'nhwc' })).shape).toEqual([c, a, b]);
  });

  it('channels first, channels last and the same pictures as PNG are the same samples', async () => {
    const [height, width] = [2, 5];
    const value = (image: number, channel: number, y: number, x: number) => 100 * image + 40 * channel + 7 * y + x;
    const [first, last]: [number[], number[]] = [[], []];
    for (const i of [0, 1]) {
      for (const c of [0, 1, 2])
        for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) first.push(value(i, c, y, x));
      const picture = new PNG({ width, height });
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          const rgb = [0, 1, 2].map((c) => value(i, c, y, x));
          last.push(...rgb);
          picture.data.set([...rgb, 255], 4 * (y * width + x));
        }
      }
      for (const part of ['train', 'test']) save(`${part}/${i}/1.png`, PNG.sync.write(picture));
    }
    const nchw = await load(npy('|u1', [2, 3, height, width], Uint8Array.from(first)), zeroOne);
    const nhwc = await load(npy('|u1', [2, height, width, 3], Uint8Array.from(last)), zeroOne);
    const train = join(folder, 'train');
    const png = await loadDataset({ kind: 'folder', train, test: join(folder, 'test'), channels: 3 });
    for (const dataset of [nchw, nhwc]) {
      expect(dataset.shape).toEqual(png.shape);
      expect([...dataset.train.bytes]).toEqual([...png.train.bytes]);
      expect(dataset.sha256).toBe(png.sha256);
    }
  });
});

describe('labels', () => {
  const images = npy('|u1', [3, 2], counted(6));

  it('texts are class names', async () => {
    const named = await load(images, npy('<U7', [3], utf32(['cat', 'ärger😀', 'cat'], 7)));
    expect(named.labels).toEqual(['cat', 'ärger😀']);
    expect([...named.train.labels]).toEqual([0, 1, 0]);
    const bytes = await load(images, npy('|S3', [3], Buffer.from('b\0\0dogb\0\0')));
    expect([bytes.labels, [...bytes.test.labels]]).toEqual([
      ['b', 'dog'],
      [0, 1, 0],
    ]);
  });

  it('one-hot rows are classes, other rows are refused', async () => {
    const dataset = await load(images, npy('|u1', [3, 3], Uint8Array.of(0, 0, 1, 1, 0, 0, 0, 1, 0)));
    expect([...dataset.train.labels]).toEqual([2, 0, 1]);
    expect(dataset.notes?.[0]).toMatch(/one-hot/);
    const two = npy('|u1', [3, 3], Uint8Array.of(0, 0, 1, 1, 0, 1, 0, 1, 0));
    await expect(load(images, two)).rejects.toThrow(refusal(/y\.npy: .*row 1 is no one-hot row.*--task multiLabel/));
    const values = npy('<f4', [3, 2], new Uint8Array(Float32Array.of(0.5, 2, 1, 3, 4, 5).buffer));
    await expect(load(images, values)).rejects.toThrow(refusal(/--task regression/));
  });

  it('a gap in the numbers is refused with the classes that are empty, unless they are named', async () => {
    const numbers = npy('|u1', [3], Uint8Array.of(1, 6, 2));
    await expect(load(images, numbers)).rejects.toThrow(
      refusal(/up to 6 \(1 sample\).*has 0, 3 to 5\..*--data-labels/),
    );
    const labels = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    expect((await load(images, numbers, { labels })).labels).toEqual(labels);
  });

  it('a quantity is no class', async () => {
    const prices = Buffer.from(Float32Array.from([1.5, 2, 3]).buffer);
    await expect(load(images, npy('<f4', [3], prices))).rejects.toThrow(refusal(/label 0 is 1\.5.*--task regression/));
    const many = npy('|u1', [40, 1], counted(40));
    await expect(load(many, npy('|u1', [40], counted(40)))).rejects.toThrow(
      refusal(/40 different labels.*--task regression/),
    );
    const table = `label,a\n${Array.from({ length: 40 }, (_, i) => `${i % 25}.5,${i}`).join('\n')}\n`;
    const train = save('prices.csv', Buffer.from(table));
    await expect(loadDataset({ kind: 'csv', train })).rejects.toThrow(
      refusal(/25 different labels.*--task regression/),
    );
  });

  it('says which part has no sample of a class, and that one class is nothing to learn', async () => {
    const [trainImages, trainLabels] = [save('x.npy', images), save('y.npy', npy('|u1', [3], Uint8Array.of(0, 1, 2)))];
    const testLabels = save('t.npy', npy('|u1', [3], Uint8Array.of(1, 1, 1)));
    const { notes } = await loadDataset({ kind: 'npy', trainImages, trainLabels, testImages: trainImages, testLabels });
    expect(notes).toEqual([expect.stringMatching(/test part has no sample of 2 classes: 0, 2/)]);
    const one = await load(images, npy('|u1', [3], new Uint8Array(3)));
    expect(one.notes).toEqual([expect.stringMatching(/of one class, '0'/)]);
  });
});

it('reads half precision', () => {
  // 1, −2, 65504 (the largest), 2^−24 (the smallest), 0.333…, infinity: IEEE 754-2008, binary16.
  const bits = Uint16Array.of(0x3c00, 0xc000, 0x7bff, 0x0001, 0x3555, 0x7c00);
  expect(parseNpy(npy('<f2', [6], Buffer.from(bits.buffer)), 'x')).toEqual({
    dimensions: [6],
    values: Float64Array.of(1, -2, 65_504, 2 ** -24, 0.333251953125, Number.POSITIVE_INFINITY),
  });
});
