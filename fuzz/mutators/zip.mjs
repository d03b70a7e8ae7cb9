// Zip archives with right sizes and offsets around changed members, or with sizes and offsets that lie.
import { deflateRawSync } from 'node:zlib';
import { crc32 } from '@bitnetmcu/models/internal';
import { chance, mutateBytes, pick } from './bytes.mjs';

/** @param members [{ name, data, deflate, size?, packedSize?, method?, offset? }] — the optional ones replace the truth */
export function makeZip(members) {
  const locals = [];
  const directory = [];
  let at = 0;
  for (const {
    name,
    data,
    deflate,
    packed = deflate ? deflateRawSync(data) : data,
    size,
    packedSize,
    method,
    offset,
  } of members) {
    const title = Buffer.from(name);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(method ?? (deflate ? 8 : 0), 4);
    fields.writeUInt32LE(crc32(data), 10);
    fields.writeUInt32LE(packedSize ?? packed.length, 14);
    fields.writeUInt32LE(size ?? data.length, 18);
    fields.writeUInt16LE(title.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), fields, title, packed]);
    const entry = Buffer.alloc(46);
    entry.write('PK\x01\x02', 'latin1');
    fields.copy(entry, 6);
    entry.writeUInt32LE((offset ?? at) >>> 0, 42);
    directory.push(entry, title);
    locals.push(local);
    at += local.length;
  }
  const list = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(members.length, 8);
  end.writeUInt16LE(members.length, 10);
  end.writeUInt32LE(list.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...locals, list, end]);
}

/** Changes the list of members; their contents are changed by the caller. */
export function mutateMembers(members, random) {
  const list = members.map((member) => ({ ...member }));
  const member = pick(random, list);
  const sizes = [0, 1, 2 ** 16, 5e8, 2 ** 30, 0xffffffff];
  switch (random.nextBelow(9)) {
    case 0:
      list.push({ ...member, name: pick(random, ['../../x.npy', '/x.npy', 'x_train.npy', 'é.npy', '']) });
      break;
    case 1:
      list.splice(list.indexOf(member), 1);
      break;
    case 2:
      member.size = pick(random, sizes);
      break;
    case 3:
      member.packedSize = pick(random, sizes);
      break;
    case 4:
      member.method = random.nextBelow(100);
      break;
    case 5:
      member.offset = pick(random, [0, 1, 100, 2 ** 31]);
      break;
    case 6:
      member.packed = mutateBytes(deflateRawSync(member.data), random);
      member.deflate = true;
      break;
    case 7:
      if (chance(random, 0.2)) {
        // A bomb: zeros that say what they are, or less.
        member.data = Buffer.alloc(pick(random, [2 ** 22, 2 ** 25]));
        member.deflate = true;
        if (chance(random, 0.5)) member.size = 1000;
      }
      break;
    default:
      member.deflate = !member.deflate;
  }
  return list;
}
