// PNG files with right chunk lengths, checksums and compressed data around whatever they hold.
import { deflateSync } from 'node:zlib';
import { crc32 } from '@bitnetmcu/models/internal';
import { chance, mutateBytes, pick } from './bytes.mjs';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const SAMPLES = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

function encode(chunks) {
  const parts = chunks.map(({ type, data, length = data.length, crc }) => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const frame = Buffer.alloc(8);
    frame.writeUInt32BE(length >>> 0);
    frame.writeUInt32BE((crc ?? crc32(body)) >>> 0, 4);
    return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
  });
  return Buffer.concat([SIGNATURE, ...parts]);
}

function header({ width, height, depth, colour, compression = 0, filter = 0, interlace }) {
  const data = Buffer.alloc(13);
  data.writeUInt32BE(width >>> 0);
  data.writeUInt32BE(height >>> 0, 4);
  data.set([depth, colour, compression, filter, interlace], 8);
  return data;
}

/** A sound small picture of any colour type and depth. */
function randomPng(random) {
  const colour = pick(random, [0, 0, 2, 3, 4, 6]);
  const depth =
    colour === 0 ? pick(random, [1, 2, 4, 8, 16]) : colour === 3 ? pick(random, [1, 2, 4, 8]) : pick(random, [8, 16]);
  return {
    width: 1 + random.nextBelow(24),
    height: 1 + random.nextBelow(24),
    depth,
    colour,
    interlace: chance(random, 0.25) ? 1 : 0,
  };
}

function imageData(picture, random) {
  const bits = picture.depth * (SAMPLES[picture.colour] ?? 1);
  const rows = picture.interlace ? 0 : picture.height;
  const rowBytes = Math.ceil((picture.width * bits) / 8);
  let size = Math.min(2e6, rows * (1 + rowBytes));
  if (picture.interlace) {
    for (const [x, y, sx, sy] of [
      [0, 0, 8, 8],
      [4, 0, 8, 8],
      [0, 4, 4, 8],
      [2, 0, 4, 4],
      [0, 2, 2, 4],
      [1, 0, 2, 2],
      [0, 1, 1, 2],
    ]) {
      const [w, h] = [Math.ceil((picture.width - x) / sx), Math.ceil((picture.height - y) / sy)];
      if (w > 0 && h > 0) size += h * (1 + Math.ceil((w * bits) / 8));
    }
  }
  const data = Buffer.alloc(Math.min(2e6, size));
  for (let i = 0; i < data.length && i < 3000; i++) data[i] = random.nextBelow(256);
  // Filter types 0 … 4 at the rows' beginnings.
  if (!picture.interlace)
    for (let y = 0; y < picture.height && y * (1 + rowBytes) < data.length; y++)
      data[y * (1 + rowBytes)] = random.nextBelow(5);
  else data.fill(0);
  return data;
}

/** A picture as a file; `damage` of 0 leaves it sound. */
export function makePng(random, damage) {
  const picture = randomPng(random);
  const kind = chance(random, damage) ? random.nextBelow(8) : 99;
  if (kind === 0) Object.assign(picture, { width: pick(random, [0, 1, 4000, 16_384, 65_535, 2 ** 31]) });
  if (kind === 1) Object.assign(picture, { height: pick(random, [0, 1, 4000, 16_384, 65_535, 2 ** 31]) });
  const said = { ...picture };
  if (kind === 2)
    Object.assign(
      said,
      pick(random, [
        { depth: 3 },
        { colour: 5 },
        { compression: 1 },
        { filter: 9 },
        { interlace: 2 },
        { depth: 16 },
        { colour: 6 },
        { interlace: 1 },
      ]),
    );
  let data = imageData(picture, random);
  if (kind === 3)
    data = pick(random, [
      Buffer.alloc(0),
      data.subarray(0, data.length / 2),
      Buffer.concat([data, Buffer.alloc(5000)]),
      Buffer.alloc(2 ** 24),
    ]);
  let packed = deflateSync(data, { level: 1 });
  if (kind === 4) packed = mutateBytes(packed, random);
  const chunks = [{ type: 'IHDR', data: header(said) }];
  if (picture.colour === 3 && !(kind === 5 && chance(random, 0.4)))
    chunks.push({ type: 'PLTE', data: Buffer.alloc(3 * 2 ** Math.min(8, picture.depth), 77) });
  if (chance(random, 0.2)) chunks.push({ type: 'gAMA', data: Buffer.from([0, 0, 0xb1, 0x8f]) });
  if (chance(random, 0.3)) chunks.push({ type: 'tRNS', data: Buffer.alloc(random.nextBelow(8)) });
  const cut = chance(random, 0.3) ? random.nextBelow(packed.length + 1) : packed.length;
  chunks.push(
    { type: 'IDAT', data: packed.subarray(0, cut) },
    { type: 'IDAT', data: packed.subarray(cut) },
    { type: 'IEND', data: Buffer.alloc(0) },
  );
  if (kind === 5) {
    const chunk = pick(random, chunks);
    Object.assign(
      chunk,
      pick(random, [
        { length: 0xffffffff },
        { length: 0 },
        { length: chunk.data.length + 1 },
        { crc: 1 },
        { type: 'abcd' },
        { type: 'ABCD' },
        { type: 'IHDR' },
        { type: 'IEND' },
      ]),
    );
  }
  if (kind === 6) {
    const from = random.nextBelow(chunks.length);
    chunks.splice(random.nextBelow(chunks.length), 0, ...Array(pick(random, [1, 2, 500])).fill(chunks[from]));
    chunks.splice(random.nextBelow(chunks.length), 1);
  }
  const file = encode(chunks);
  return kind === 7 ? mutateBytes(file, random) : file;
}
