import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeIdx, idxSamples, parseIdx, readIdx } from './idx.js';

const idx = (dimensions: number[], values: number[], type = 8) =>
  Uint8Array.from([
    0,
    0,
    type,
    dimensions.length,
    ...dimensions.flatMap((d) => [d >>> 24, d >>> 16, d >>> 8, d]),
    ...values,
  ]);

describe('idx', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bitnetmcu-idx-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('reads dimensions and values, plain and compressed', async () => {
    const bytes = idx([2, 1, 3], [1, 2, 3, 4, 5, 6]);
    await writeFile(join(folder, 'a'), bytes);
    await writeFile(join(folder, 'a.gz'), gzipSync(bytes));
    for (const name of ['a', 'a.gz']) {
      const array = await readIdx(join(folder, name));
      expect(array.dimensions).toEqual([2, 1, 3]);
      expect([...array.values]).toEqual([1, 2, 3, 4, 5, 6]);
    }
  });

  it.each([
    ['too short', idx([4], [1, 2, 3]), /7|11/],
    ['too long', idx([2], [1, 2, 3]), /announces 10/],
    ['not idx', Uint8Array.from([80, 75, 3, 4]), /two zero bytes/],
    ['empty', new Uint8Array(0), /two zero bytes/],
    ['float values', idx([1], [0, 0, 0, 0], 13), /float32/],
    ['no dimension', Uint8Array.from([0, 0, 8, 0]), /0 dimensions/],
    ['more dimensions than bytes', Uint8Array.from([0, 0, 8, 4, 0, 0]), /4 dimensions/],
    ['absurd size', idx([0xffffffff, 0xffffffff], []), /4294967295×4294967295/],
  ])('refuses what is %s', (_, bytes, message) => {
    expect(() => parseIdx(bytes)).toThrow(
      expect.objectContaining({ code: 'invalid-data', message: expect.stringMatching(message) }),
    );
  });

  it('stops a gzip bomb at the announced size', async () => {
    const bomb = gzipSync(Buffer.concat([idx([10], []), Buffer.alloc(50_000_000)]));
    await expect(decodeIdx(bomb)).rejects.toMatchObject({
      code: 'invalid-data',
      message: expect.stringContaining('more data'),
    });
  });

  it('refuses a compressed file that is cut or altered', async () => {
    const whole = gzipSync(
      idx(
        [3000],
        Array.from({ length: 3000 }, (_, i) => (i * i) & 255),
      ),
    );
    const altered = Uint8Array.from(whole);
    altered[whole.length - 6]! ^= 1;
    for (const bytes of [whole.subarray(0, -20), whole.subarray(0, 12), altered]) {
      await expect(decodeIdx(bytes)).rejects.toMatchObject({ code: 'invalid-data' });
    }
  });

  it('pairs images with labels', () => {
    const images = parseIdx(idx([2, 1, 2], [1, 2, 3, 4]));
    expect(idxSamples(images, parseIdx(idx([2], [7, 9])), 'x')).toEqual({
      samples: { count: 2, bytes: Uint8Array.of(1, 2, 3, 4), labels: Uint16Array.of(7, 9) },
      shape: [1, 1, 2],
    });
    expect(() => idxSamples(images, parseIdx(idx([3], [7, 9, 1])), 'x')).toThrow('one split');
  });
});
