// Tar archives with right header checksums around whatever the fields say.
import { chance, pick } from './bytes.mjs';

function block(fields) {
  const header = Buffer.alloc(512);
  const put = (offset, text) => header.write(text, offset, 'latin1');
  put(0, fields.name.slice(0, 100));
  put(100, '0000644\0');
  put(124, fields.size);
  put(156, fields.type);
  put(157, fields.link ?? '');
  put(257, fields.magic ?? 'ustar\x0000');
  put(345, fields.prefix ?? '');
  header.fill(0x20, 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  put(148, fields.checksum ?? `${sum.toString(8).padStart(6, '0')}\0 `);
  return header;
}

/** @param members [{ name, data, and optionally type, size (octal text), link, prefix, checksum }] */
export function makeTar(members, end = 1024) {
  const parts = members.flatMap((member) => {
    const { data } = member;
    const size = member.size ?? `${data.length.toString(8).padStart(11, '0')}\0`;
    return [block({ type: '0', ...member, size }), data, Buffer.alloc((512 - (data.length % 512)) % 512)];
  });
  return Buffer.concat([...parts, Buffer.alloc(end)]);
}

export function mutateMembers(members, random) {
  const list = members.map((member) => ({ ...member }));
  const member = pick(random, list);
  switch (random.nextBelow(9)) {
    case 0:
      list.splice(list.indexOf(member), 1);
      break;
    case 1:
      list.splice(random.nextBelow(list.length), 0, { ...member, data: Buffer.from('other') });
      break;
    case 2:
      member.size = pick(random, [
        '77777777777\0',
        '00000000000\0',
        '-0000000001\0',
        'xxxxxxxxxxx\0',
        '\x80\0\0\0\xff\xff\xff\xff',
        '           \0',
        '',
      ]);
      break;
    case 3:
      member.type = pick(random, ['1', '2', '3', '5', '6', 'L', 'x', 'g', '\0', 'Z']);
      member.link = '/etc/passwd';
      break;
    case 4:
      member.name = pick(random, [
        '../../x',
        '/etc/passwd',
        '',
        'package/',
        '\xff\xfe',
        'a'.repeat(100),
        `${member.name}\0x`,
      ]);
      break;
    case 5:
      member.checksum = pick(random, ['000000\0 ', '        ', 'zzzzzz\0 ']);
      break;
    case 6:
      member.prefix = pick(random, ['..', 'package', 'x'.repeat(155)]);
      break;
    case 7:
      member.data = chance(random, 0.5) ? member.data.subarray(0, 10) : Buffer.concat([member.data, Buffer.alloc(700)]);
      break;
    default:
      list.unshift(
        ...Array.from({ length: pick(random, [1, 500]) }, (_, i) => ({ name: `package/${i}`, data: Buffer.alloc(0) })),
      );
  }
  return list;
}
