// Files that unpack to far more than they are: one account for a load, and memory for what they really hold.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { crc32 } from '@bitnetmcu/models/internal';
import { afterAll, describe, expect, it } from 'vitest';
import { classFiles, PICTURES } from './class-files.js';
import { loadDataset } from './data-spec.js';
import { decodeIdx } from './idx.js';
import { decodeImage } from './image-file.js';
import { readPictures } from './image-folder.js';
import { inflateExactly } from './inflate.js';
import { MAX_UNPACKED_BYTES } from './limits.js';
import { LoadBudget } from './load-budget.js';
import { checkPng } from './png-header.js';

const folder = mkdtempSync(join(tmpdir(), 'bitnetmcu-unpacking-'));
afterAll(() => rmSync(folder, { recursive: true }));

function idx(dimensions: readonly number[], values: Uint8Array): Uint8Array {
  const header = new DataView(new ArrayBuffer(4 + 4 * dimensions.length));
  header.setUint32(0, 0x0800 + dimensions.length);
  dimensions.forEach((dimension, i) => {
    header.setUint32(4 + 4 * i, dimension);
  });
  return Buffer.concat([new Uint8Array(header.buffer), values]);
}

interface PngHeader {
  readonly width: number;
  readonly height: number;
  readonly depth?: number;
  readonly colour?: number;
  readonly interlaced?: boolean;
}

/** A PNG file of these unpacked image data, whatever its header says. */
function png({ width, height, depth = 8, colour = 0, interlaced = false }: PngHeader, data: Uint8Array): Buffer {
  const chunk = (type: string, content: Uint8Array): Buffer => {
    const body = Buffer.concat([Buffer.from(type), content]);
    const framed = Buffer.alloc(body.length + 8);
    framed.writeUInt32BE(content.length);
    framed.set(body, 4);
    framed.writeUInt32BE(crc32(body), body.length + 4);
    return framed;
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width);
  header.writeUInt32BE(height, 4);
  header.set([depth, colour, 0, 0, Number(interlaced)], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(data)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** A zip archive with this one deflated member. */
function zip(name: string, content: Uint8Array, announced = content.length): Buffer {
  const packed = deflateRawSync(content);
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50);
  local.writeUInt16LE(name.length, 26);
  const entry = Buffer.alloc(46);
  entry.writeUInt32LE(0x02014b50);
  entry.writeUInt16LE(8, 10);
  entry.writeUInt32LE(packed.length, 20);
  entry.writeUInt32LE(announced, 24);
  entry.writeUInt16LE(name.length, 28);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(30 + name.length + packed.length, 16);
  return Buffer.concat([local, Buffer.from(name), packed, entry, Buffer.from(name), end]);
}

describe('one account for everything that a load unpacks', () => {
  it('idx.gz: two files together', async () => {
    const file = gzipSync(idx([600], new Uint8Array(600)));
    const budget = new LoadBudget(1000);
    await expect(decodeIdx(file, 'first', budget)).resolves.toMatchObject({ dimensions: [600] });
    await expect(decodeIdx(file, 'second', budget)).rejects.toThrow(
      'second unpacks to 608 bytes, but of the 1000 that compressed data may have together, 392 are left. Give fewer or smaller samples, or save them unpacked',
    );
  });

  it('a gigabyte in a megabyte is refused before it is unpacked', async () => {
    const path = join(folder, 'large.idx.gz');
    const labels = join(folder, 'labels.idx');
    writeFileSync(labels, idx([1], Uint8Array.of(0)));
    const header = idx([MAX_UNPACKED_BYTES / 1024, 32, 32], new Uint8Array(0));
    writeFileSync(path, gzipSync(Buffer.concat([header, Buffer.alloc(2 ** 20)])));
    const loading = loadDataset({ kind: 'idx', trainImages: path, trainLabels: labels });
    await expect(loading).rejects.toMatchObject({
      code: 'invalid-data',
      message: expect.stringMatching(/large\.idx\.gz unpacks to 419430416 bytes/),
    });
    const archive = join(folder, 'large.npz');
    writeFileSync(archive, zip('x_train.npy', new Uint8Array(10), MAX_UNPACKED_BYTES + 1));
    await expect(loadDataset({ kind: 'npz', path: archive })).rejects.toMatchObject({
      code: 'invalid-data',
      message: expect.stringMatching(/x_train\.npy in .*large\.npz unpacks to 419430401 bytes/),
    });
  });

  it('takes memory for what a stream holds, not for what it says', async () => {
    const before = process.memoryUsage().rss;
    const packed = deflateRawSync(Buffer.alloc(1000, 1));
    const reading = inflateExactly('deflate', packed, 300 * 2 ** 20, 'it', new LoadBudget());
    await expect(reading).rejects.toThrow('it holds 1000 bytes; its header announces 314572800.');
    expect(process.memoryUsage().rss - before).toBeLessThan(100e6);
    const more = inflateExactly('deflate', deflateRawSync(Buffer.alloc(2 ** 26)), 1000, 'it', new LoadBudget());
    await expect(more).rejects.toThrow(/holds more data than its header announces/);
  });

  it('pictures: what stays, and what is unpacked beyond a hundred times the file', async () => {
    const classes = ['cats', 'dogs'];
    for (const name of classes) {
      mkdirSync(join(folder, 'pictures', name), { recursive: true });
      // 1000 × 1001 bytes in about 1 kB: 900 000 bytes more than the file explains.
      const blank = png({ width: 1000, height: 1000 }, new Uint8Array(1001 * 1000));
      expect(blank.length).toBeLessThan(1100);
      for (const i of [1, 2, 3]) writeFileSync(join(folder, 'pictures', name, `${i}.png`), blank);
    }
    const { files } = await classFiles(join(folder, 'pictures'), classes, PICTURES);
    const [form, options] = [{ channels: 1, size: [8, 8] } as const, { background: 255, skipDamaged: false } as const];
    const read = (bytes: number) => readPictures(join(folder, 'pictures'), files, form, options, new LoadBudget(bytes));
    await expect(read(6e6)).resolves.toMatchObject({ part: { samples: { count: 6 } } });
    await expect(read(3e6)).rejects.toThrow(/dogs.1\.png unpacks to \d+ bytes/);
    await expect(read(300)).rejects.toThrow(/\(6 images of 8×8 pixels\) unpacks to 384 bytes, but of the 300/);
  });
});

describe('PNG headers', () => {
  /** Worked by hand: rows · (1 filter byte + row bytes), for Adam7 pass by pass. */
  it.each([
    [{ width: 3, height: 2 }, 8],
    [{ width: 9, height: 2, depth: 1 }, 6],
    [{ width: 2, height: 2, depth: 16, colour: 6 }, 34],
    // 2 + 2 + 3 + 6 + 10 + 20 + 36
    [{ width: 8, height: 8, interlaced: true }, 79],
    // Only passes 1, 6 (1 column, 0 rows: nothing) and so on have pixels.
    [{ width: 1, height: 1, interlaced: true }, 2],
  ] as const)('%j unpacks to %i bytes', (header, bytes) => {
    expect(checkPng(png(header, new Uint8Array(bytes)), 'x')).toBe(bytes);
  });

  it('an interlaced image with 64 MB behind a header of 16×16 is not unpacked', () => {
    const file = png({ width: 16, height: 16, interlaced: true }, new Uint8Array(2 ** 26));
    const before = process.memoryUsage().rss;
    expect(() => decodeImage(file, 1, 'bomb.png')).toThrow(expect.objectContaining({ code: 'invalid-data' }));
    expect(process.memoryUsage().rss - before).toBeLessThan(32e6);
  });

  it('files that end in the header, or have too many pixels', () => {
    const file = png({ width: 5001, height: 5000 }, new Uint8Array(1));
    expect(() => decodeImage(file, 1, 'x')).toThrow('x has 5001×5000 pixels; 1 to 25000000 are read');
    const whole = png({ width: 16, height: 16 }, new Uint8Array(1));
    for (const length of [8, 12, 20, 32]) {
      expect(() => decodeImage(whole.subarray(0, length), 1, 'x')).toThrow(
        /x (is cut off|does not decode: it is cut short)/,
      );
    }
  });
});
