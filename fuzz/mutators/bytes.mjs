// Damage to plain bytes, and to text as bytes.

const EXTREMES = [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff];

export const pick = (random, list) => list[random.nextBelow(list.length)];
export const chance = (random, share) => random.nextFloat() < share;

/** A place in so many bytes; half of the time near the beginning, where headers are. */
function place(random, length) {
  if (length === 0) return 0;
  return random.nextBelow(chance(random, 0.5) ? length : Math.min(length, 64));
}

/** One to `most` changes: flipped bits, extreme numbers of 1 to 4 bytes, pieces cut, repeated, moved, inserted. */
export function mutateBytes(bytes, random, most = 4, pieces = []) {
  let result = Buffer.from(bytes);
  for (let changes = 1 + random.nextBelow(most); changes > 0; changes--) {
    const at = place(random, result.length);
    const span = 1 + random.nextBelow(chance(random, 0.8) ? 16 : 2000);
    switch (random.nextBelow(8)) {
      case 0:
        result = Buffer.concat([result.subarray(0, at)]);
        break;
      case 1:
        result = Buffer.concat([result.subarray(0, at), result.subarray(at + span)]);
        break;
      case 2: {
        const repeated = result.subarray(at, at + span);
        const times = chance(random, 0.9) ? 1 : Math.min(200, Math.floor(1e5 / Math.max(1, repeated.length)));
        result = Buffer.concat([result.subarray(0, at), ...Array(times).fill(repeated), result.subarray(at)]);
        break;
      }
      case 3: {
        const from = place(random, result.length);
        result = Buffer.concat([
          result.subarray(0, at),
          result.subarray(from, from + span),
          result.subarray(at + span),
        ]);
        break;
      }
      case 4: {
        const piece = pieces.length > 0 ? Buffer.from(pick(random, pieces)) : Buffer.from([random.nextBelow(256)]);
        result = Buffer.concat([result.subarray(0, at), piece, result.subarray(at)]);
        break;
      }
      case 5: {
        const value = pick(random, EXTREMES);
        const width = pick(random, [1, 2, 4]);
        if (at + width > result.length) break;
        const limited = value % 2 ** (8 * width);
        if (chance(random, 0.5)) result.writeUIntLE(limited, at, width);
        else result.writeUIntBE(limited, at, width);
        break;
      }
      default:
        if (result.length > 0) result[at] ^= 1 << random.nextBelow(8);
    }
  }
  return result;
}

/** Changes to lines and numbers of a text, then perhaps to its bytes. */
export function mutateText(text, random, pieces) {
  let lines = text.split('\n');
  for (let changes = random.nextBelow(4); changes > 0; changes--) {
    const at = random.nextBelow(lines.length);
    switch (random.nextBelow(5)) {
      case 0:
        lines.splice(at, 1 + random.nextBelow(3));
        break;
      case 1:
        lines.splice(at, 0, pick(random, lines) ?? '');
        break;
      case 2: {
        const other = random.nextBelow(lines.length);
        [lines[at], lines[other]] = [lines[other], lines[at]];
        break;
      }
      default:
        lines[at] = (lines[at] ?? '').replace(/-?\d+(\.\d+)?/g, (number) =>
          chance(random, 0.5) ? number : pick(random, NUMBERS),
        );
    }
    if (lines.length === 0) lines = [''];
  }
  const changed = Buffer.from(lines.join('\n'));
  return chance(random, 0.6) ? mutateBytes(changed, random, 3, pieces) : changed;
}

/** Numbers as texts have them. */
export const NUMBERS = [
  '0',
  '-1',
  '1',
  '2',
  '255',
  '256',
  '65535',
  '65536',
  '4294967296',
  '99999999999',
  '1e308',
  '1e999',
  '-0',
  '0.5',
  '1e-320',
  'NaN',
];
