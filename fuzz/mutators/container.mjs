// The project's binary container taken apart, changed, and put together again with right lengths, padding and checksum.
import { crc32 } from '@bitnetmcu/models/internal';
import { chance, mutateBytes, pick } from './bytes.mjs';
import { mutateJson } from './json.mjs';

const SIZES = { u8: 1, i8: 1, u16: 2, i16: 2, i32: 4, u32: 4, f32: 4, f64: 8 };
const FLOATS = [Number.NaN, Number.POSITIVE_INFINITY, -Infinity, 0, -0, 1e38, -1e38, 1e-40, 1, -1, 1e6];
const align = (offset) => Math.ceil(offset / 8) * 8;

function openContainer(bytes) {
  const file = Buffer.from(bytes);
  const length = file.readUInt32LE(8);
  const { header, sections } = JSON.parse(file.subarray(12, 12 + length).toString());
  let at = 12 + length;
  const parts = sections.map(({ name, dtype, length: count }) => {
    at = align(at);
    const data = Buffer.from(file.subarray(at, at + count * SIZES[dtype]));
    at += data.length;
    return { name, dtype, length: count, data };
  });
  return { magic: file.subarray(0, 4), version: file.readUInt16LE(4), header, sections: parts };
}

function closeContainer({ magic, version, header, sections }, directory) {
  const json =
    directory ?? Buffer.from(JSON.stringify({ header, sections: sections.map(({ data: _, ...entry }) => entry) }));
  const prefix = Buffer.alloc(12);
  prefix.set(magic);
  prefix.writeUInt16LE(version, 4);
  prefix.writeUInt32LE(json.length, 8);
  let file = [prefix, json];
  let at = 12 + json.length;
  for (const { data } of sections) {
    file.push(Buffer.alloc(align(at) - at), data);
    at = align(at) + data.length;
  }
  file = Buffer.concat([...file, Buffer.alloc(4)]);
  file.writeUInt32LE(crc32(file.subarray(0, -4)), file.length - 4);
  return file;
}

function mutateSection(sections, random) {
  if (sections.length === 0) return;
  const at = random.nextBelow(sections.length);
  const section = sections[at];
  switch (random.nextBelow(12)) {
    case 0:
      sections.splice(at, 1);
      break;
    case 1:
      sections.push({ ...section, name: chance(random, 0.5) ? section.name : `${section.name}x` });
      break;
    case 2:
      section.dtype = pick(random, Object.keys(SIZES));
      section.length = Math.floor(section.data.length / SIZES[section.dtype]);
      section.data = section.data.subarray(0, section.length * SIZES[section.dtype]);
      break;
    case 3:
      section.length = pick(random, [0, 1, section.length + 1, section.length * 2, 2 ** 31, 2 ** 32, -1, 0.5]);
      if (chance(random, 0.7) && section.length >= 0 && section.length < 1e5) {
        section.length = Math.floor(section.length);
        section.data = Buffer.concat([section.data, Buffer.alloc(section.length * SIZES[section.dtype])]).subarray(
          0,
          section.length * SIZES[section.dtype],
        );
      }
      break;
    case 4:
      for (let i = 0; i < 4 && section.dtype === 'f32' && section.data.length >= 4; i++) {
        section.data.writeFloatLE(pick(random, FLOATS), 4 * random.nextBelow(section.data.length / 4));
      }
      break;
    case 5:
      section.data.fill(random.nextBelow(256));
      break;
    default:
      for (let i = 1 + random.nextBelow(8); i > 0 && section.data.length > 0; i--) {
        section.data[random.nextBelow(section.data.length)] = random.nextBelow(256);
      }
  }
}

/** A changed container; one in ten as plain bytes, all others with a right checksum. */
export function mutateContainer(bytes, random, vocabulary) {
  if (chance(random, 0.1)) return mutateBytes(bytes, random);
  const container = openContainer(bytes);
  const what = random.nextFloat();
  if (what < 0.6) container.header = mutateJson(container.header, random, vocabulary, 2);
  if (what > 0.5) for (let i = 1 + random.nextBelow(2); i > 0; i--) mutateSection(container.sections, random);
  if (chance(random, 0.05)) container.version = random.nextBelow(4);
  const broken = chance(random, 0.05)
    ? mutateBytes(
        Buffer.from(
          JSON.stringify({
            header: container.header,
            sections: container.sections.map(({ data: _, ...entry }) => entry),
          }),
        ),
        random,
      )
    : undefined;
  return closeContainer(container, broken);
}
