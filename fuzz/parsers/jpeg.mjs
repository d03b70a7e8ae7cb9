// JPEG pictures, made by the encoder and by hand (progressive, restart intervals): segments changed, decoded, resized.
import { decodeImage, resizeImages } from '@bitnetmcu/trainer/internal';
import jpeg from 'jpeg-js';
import { chance, mutateBytes, pick } from '../mutators/bytes.mjs';

export async function prepare() {
  return [
    [8, 8],
    [17, 9],
    [40, 24],
  ].map(([width, height], k) => {
    const data = Buffer.from(Array.from({ length: width * height * 4 }, (_, i) => (i * (7 + k) + (i >> 5) * 13) % 256));
    return Buffer.from(jpeg.encode({ width, height, data }, 60 + 10 * k).data);
  });
}

/** The marker segments; the last one holds the scan. */
function segments(file) {
  const found = [];
  let at = 2;
  while (at + 4 <= file.length && file[at] === 0xff && file[at + 1] !== 0xda) {
    const length = file.readUInt16BE(at + 2);
    found.push({ marker: file[at + 1], data: file.subarray(at + 4, at + 2 + length) });
    at += 2 + length;
  }
  return { found, scan: file.subarray(at) };
}

function join({ found, scan }) {
  const parts = found.map(({ marker, data, length = data.length + 2 }) => {
    const head = Buffer.from([0xff, marker, 0, 0]);
    head.writeUInt16BE(length & 0xffff, 2);
    return Buffer.concat([head, data]);
  });
  return Buffer.concat([Buffer.from([0xff, 0xd8]), ...parts, scan]);
}

const isFrame = ({ marker }) => marker >= 0xc0 && marker <= 0xc2;

export function make(random, seeds) {
  const file = pick(random, seeds);
  if (chance(random, 0.2)) return { 'picture.jpg': mutateBytes(file, random) };
  const parts = segments(file);
  const at = random.nextBelow(parts.found.length);
  const segment = parts.found[at];
  const frame = parts.found.find(isFrame);
  switch (random.nextBelow(10)) {
    case 0:
      parts.found.splice(at, 1);
      break;
    case 1:
      parts.found.splice(at, 0, ...Array(pick(random, [1, 2, 300])).fill(segment));
      break;
    case 2:
      segment.length = pick(random, [0, 1, 2, segment.data.length, 0xffff]);
      break;
    case 3:
      segment.marker = pick(
        random,
        [0x00, 0x01, 0xc1, 0xc2, 0xc3, 0xc4, 0xc9, 0xd0, 0xd9, 0xda, 0xdb, 0xdc, 0xdd, 0xe1, 0xee, 0xfe, 0xff],
      );
      break;
    case 4:
      if (frame) {
        // Height and width of the frame.
        frame.data = Buffer.from(frame.data);
        frame.data.writeUInt16BE(pick(random, [0, 1, 8, 4000, 65_535]), chance(random, 0.5) ? 1 : 3);
      }
      break;
    case 5:
      if (frame) {
        // Components, their sampling and tables.
        frame.data = Buffer.from(frame.data);
        frame.data[5 + random.nextBelow(frame.data.length - 5)] = pick(random, [0, 1, 2, 4, 0x11, 0x22, 0x44, 0xff]);
      }
      break;
    case 6:
      // Restart intervals, as DRI has them.
      parts.found.splice(at, 0, { marker: 0xdd, data: Buffer.from([0, random.nextBelow(8)]) });
      break;
    case 7:
      // Declared progressive, with the scan of a baseline picture.
      if (frame) frame.marker = 0xc2;
      break;
    case 8:
      parts.scan = mutateBytes(parts.scan, random);
      break;
    default:
      segment.data = mutateBytes(segment.data, random, 2);
  }
  return { 'picture.jpg': join(parts) };
}

export async function run(files) {
  const { height, width, bytes } = decodeImage(files['picture.jpg'], 3, 'picture.jpg');
  resizeImages(bytes, [height, width], [16, 16]);
}
