import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import jpeg from 'jpeg-js';
import { PNG } from 'pngjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadDataset } from './data-spec.js';
import { parseNpy } from './npy.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bitnetmcu-data-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function save(name: string, content: Uint8Array | string): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
}

const npy = (descr: string, shape: string, data: Uint8Array, order = 'False') => {
  const header = `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': (${shape}), }`.padEnd(118, '\n');
  return Buffer.concat([
    Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, header.length, 0]),
    Buffer.from(header),
    data,
  ]);
};

/** A zip archive of the layout of PKWARE's APPNOTE; checksums are left out, readers of .npz do not need them. */
function zip(members: Record<string, Uint8Array>, deflate: boolean): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, data] of Object.entries(members)) {
    const body = deflate ? deflateRawSync(data) : Buffer.from(data);
    const local = Buffer.alloc(30 + name.length);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(deflate ? 8 : 0, 8);
    local.writeUInt32LE(body.length, 18);
    local.writeUInt32LE(data.length, 22);
    local.writeUInt16LE(name.length, 26);
    local.write(name, 30);
    const entry = Buffer.alloc(46 + name.length);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(deflate ? 8 : 0, 10);
    entry.writeUInt32LE(body.length, 20);
    entry.writeUInt32LE(data.length, 24);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(offset, 42);
    entry.write(name, 46);
    locals.push(local, body);
    directory.push(entry);
    offset += local.length + body.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(directory.length, 10);
  end.writeUInt32LE(Buffer.concat(directory).length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, ...directory, end]);
}

describe('npy', () => {
  it('reads every byte order and type to the same numbers', () => {
    const little = Buffer.alloc(8);
    little.writeFloatLE(1.5, 0);
    little.writeFloatLE(-2, 4);
    expect(parseNpy(npy('<f4', '2, 1', little), 'x')).toEqual({ dimensions: [2, 1], values: Float32Array.of(1.5, -2) });
    const big = Buffer.alloc(8);
    big.writeBigInt64BE(-7n);
    expect(parseNpy(npy('>i8', '1,', big), 'x')).toEqual({ dimensions: [1], values: Float64Array.of(-7) });
    const scalar = parseNpy(npy('|u1', '', Uint8Array.of(9)), 'x');
    expect([scalar.dimensions, 'values' in scalar && Array.from(scalar.values)]).toEqual([[], [9]]);
  });

  it.each([
    ['Fortran order', npy('|u1', '1,', Uint8Array.of(1), 'True'), /Fortran/],
    ['objects', npy('|O1', '1,', Uint8Array.of(1)), /descr/],
    ['too little data', npy('<f8', '3,', new Uint8Array(8)), /need 24/],
    ['something else', Buffer.from('not an array at all'), /not a .npy/],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => parseNpy(bytes, 'x')).toThrow(
      expect.objectContaining({ code: 'invalid-data', message: expect.stringMatching(message) }),
    );
  });
});

describe('npz', () => {
  const arrays = {
    'x_train.npy': npy(
      '|u1',
      '3, 1, 2, 3',
      Uint8Array.from({ length: 18 }, (_, i) => i),
    ),
    'y_train.npy': npy('<i4', '3', Buffer.from(Int32Array.of(1, 0, 1).buffer)),
    'x_test.npy': npy('|u1', '1, 1, 2, 3', Uint8Array.of(1, 2, 3, 4, 5, 6)),
    'y_test.npy': npy('<i4', '1', Buffer.from(Int32Array.of(0).buffer)),
  };

  it.each([true, false])(
    'reads arrays as Keras names them, channels made to come first (deflated: %s)',
    async (deflate) => {
      const { shape, train, test, labels } = await loadDataset({
        kind: 'npz',
        path: save('a.npz', zip(arrays, deflate)),
        layout: 'nhwc',
      });
      expect(shape).toEqual([3, 1, 2]);
      expect([...train.bytes.subarray(0, 6)]).toEqual([0, 3, 1, 4, 2, 5]);
      expect([...train.labels]).toEqual([1, 0, 1]);
      expect(test.count).toBe(1);
      expect(labels).toEqual(['0', '1']);
    },
  );

  it('names the arrays that there are', async () => {
    const path = save('a.npz', zip(arrays, true));
    await expect(loadDataset({ kind: 'npz', path, trainImages: 'images' })).rejects.toThrow('x_train, y_train');
  });
});

describe('csv', () => {
  it('makes a data set with a test part of its own', async () => {
    const train = save('t.csv', Array.from({ length: 20 }, (_, i) => `${i % 2 ? 'no' : 'yes'},${i},${i}`).join('\n'));
    const data = await loadDataset({ kind: 'csv', train, testShare: 0.25, range: [0, 255] });
    expect([data.train.count, data.test.count, data.labels, data.shape]).toEqual([15, 5, ['no', 'yes'], [2]]);
    for (const { count, bytes, labels } of [data.train, data.test]) {
      for (let i = 0; i < count; i++) expect(labels[i]).toBe(bytes[2 * i]! % 2 ? 0 : 1);
    }
  });
});

describe('image folders', () => {
  const png = (width: number, height: number, [r, g, b]: [number, number, number]) => {
    const image = new PNG({ width, height });
    for (let i = 0; i < width * height; i++) image.data.set([r, g, b, 255], 4 * i);
    return PNG.sync.write(image);
  };

  it('reads PNG and JPEG, grey by Rec. 601', async () => {
    save('train/cat/1.png', png(2, 2, [255, 0, 0]));
    save('train/dog/1.JPG', jpeg.encode({ width: 2, height: 2, data: Buffer.alloc(16, 200) }, 100).data);
    save('train/dog/notes.txt', 'not an image');
    save('test/dog/9.png', png(2, 2, [0, 255, 0]));
    const spec = { kind: 'folder', train: join(folder, 'train'), test: join(folder, 'test') } as const;
    await expect(loadDataset(spec)).rejects.toThrow(/test.cat/);
    save('test/cat/1.png', png(2, 2, [0, 0, 255]));
    const { train, test, labels, shape } = await loadDataset(spec);
    expect([labels, shape]).toEqual([
      ['cat', 'dog'],
      [1, 2, 2],
    ]);
    // 0.299·255 = 76.2, 0.114·255 = 29.1, 0.587·255 = 149.7.
    expect([...train.bytes]).toEqual([76, 76, 76, 76, 200, 200, 200, 200]);
    expect([...test.bytes]).toEqual([29, 29, 29, 29, 150, 150, 150, 150]);
  });

  it('resizes where asked, else to the size in the middle', async () => {
    save('train/a/1.png', png(4, 4, [10, 20, 30]));
    save('train/b/1.png', png(6, 2, [10, 20, 30]));
    const spec = { kind: 'folder', train: join(folder, 'train'), testShare: 0.5, splitBy: 'random' } as const;
    expect((await loadDataset(spec)).shape).toEqual([1, 4, 6]);
    const { train, shape } = await loadDataset({ ...spec, size: [3, 3], channels: 3 });
    expect(shape).toEqual([3, 3, 3]);
    expect([...train.bytes]).toEqual([...Array(9).fill(10), ...Array(9).fill(20), ...Array(9).fill(30)]);
  });

  it('refuses what is no image and a picture of absurd size without decoding it', async () => {
    const bomb = png(1, 1, [0, 0, 0]);
    bomb.writeUInt32BE(100_000, 16);
    bomb.writeUInt32BE(100_000, 20);
    for (const bytes of [Buffer.from('GIF89a'), bomb, png(3, 3, [1, 2, 3]).subarray(0, 40)]) {
      save('train/a/1.png', bytes);
      await expect(loadDataset({ kind: 'folder', train: join(folder, 'train') })).rejects.toMatchObject({
        code: 'invalid-data',
      });
    }
  });
});

describe('idx and EMNIST', () => {
  const idx = (dimensions: number[], values: number[]) => {
    const header = Buffer.alloc(4 + 4 * dimensions.length);
    header[2] = 8;
    header[3] = dimensions.length;
    dimensions.forEach((d, i) => void header.writeUInt32BE(d, 4 + 4 * i));
    return Buffer.concat([header, Buffer.from(values)]);
  };

  it('turns transposed EMNIST images and counts letters from 0', async () => {
    // One image of 2 columns and 3 rows, stored column after column.
    for (const part of ['train', 'test']) {
      save(`emnist-letters-${part}-images-idx3-ubyte`, idx([1, 2, 3], [1, 2, 3, 4, 5, 6]));
      save(`emnist-letters-${part}-labels-idx1-ubyte`, idx([1], [26]));
    }
    const { train, shape, labels } = await loadDataset({ kind: 'emnist', path: folder, split: 'letters' });
    expect(shape).toEqual([1, 3, 2]);
    expect([...train.bytes]).toEqual([1, 4, 2, 5, 3, 6]);
    expect(labels[train.labels[0]!]).toBe('Z');
    await expect(loadDataset({ kind: 'emnist', path: folder, split: 'balanced' })).rejects.toMatchObject({
      code: 'data-not-found',
    });
  });

  it('reads idx pairs and refuses half a test part', async () => {
    const trainImages = save('i', idx([2, 1, 1], [5, 6]));
    const trainLabels = save('l', idx([2], [0, 1]));
    const whole = { kind: 'idx', trainImages, trainLabels, testImages: trainImages, testLabels: trainLabels } as const;
    expect((await loadDataset(whole)).test.count).toBe(2);
    const { testLabels: _, ...half } = whole;
    await expect(loadDataset(half)).rejects.toMatchObject({ code: 'invalid-data' });
  });
});
