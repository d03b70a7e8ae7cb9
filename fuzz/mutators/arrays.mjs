// idx and npy arrays, sound or with headers that lie.
import { chance, mutateBytes, pick } from './bytes.mjs';

const noise = (random, length) => Buffer.from(Array.from({ length }, () => random.nextBelow(256)));

/** Samples and labels of a small data set. */
export function smallArrays(random, count = 4 + random.nextBelow(20)) {
  const shape = pick(random, [[5], [4, 4], [3, 5], [2, 3, 4]]);
  const labels = Buffer.from(Array.from({ length: count }, (_, i) => i % 3));
  return { count, shape, images: noise(random, count * shape.reduce((a, b) => a * b, 1)), labels };
}

export function makeIdx(dimensions, values, type = 8) {
  const header = Buffer.alloc(4 + 4 * dimensions.length);
  header.set([0, 0, type, dimensions.length]);
  dimensions.forEach((dimension, i) => {
    header.writeUInt32BE(dimension >>> 0, 4 + 4 * i);
  });
  return Buffer.concat([header, values]);
}

/** An idx file, damaged with this probability. */
export function idxFile(random, dimensions, values, damage) {
  if (!chance(random, damage)) return makeIdx(dimensions, values);
  const kind = random.nextBelow(5);
  const changed = [...dimensions];
  if (kind === 0)
    changed[random.nextBelow(changed.length)] = pick(random, [0, 1, 2, 65_536, 2 ** 20, 2 ** 31, 2 ** 32 - 1]);
  if (kind === 1)
    changed.splice(random.nextBelow(changed.length), chance(random, 0.5) ? 1 : 0, ...(chance(random, 0.5) ? [1] : []));
  if (kind === 2) return makeIdx(changed, values, pick(random, [0, 9, 11, 12, 13, 14, 255]));
  const file = makeIdx(changed, values);
  return kind > 2 ? mutateBytes(file, random) : file;
}

const TYPES = {
  '|u1': 1,
  '|i1': 1,
  '|b1': 1,
  '<u2': 2,
  '>i2': 2,
  '<i4': 4,
  '<u8': 8,
  '>i8': 8,
  '<f4': 4,
  '>f4': 4,
  '<f8': 8,
  '=f8': 8,
};

function makeNpy(descr, shape, data, { order = 'False', version = 1, header } = {}) {
  const text = Buffer.from(
    header ?? `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': (${shape}), }`.padEnd(118, ' '),
    'latin1',
  );
  const prefix = Buffer.alloc(version === 1 ? 10 : 12);
  prefix.write('\x93NUMPY', 'latin1');
  prefix[6] = version;
  if (version === 1) prefix.writeUInt16LE(text.length, 8);
  else prefix.writeUInt32LE(text.length, 8);
  return Buffer.concat([prefix, text, data]);
}

/** Whole numbers as one of NumPy's types. */
function typed(values, descr) {
  const size = TYPES[descr];
  const data = Buffer.alloc(values.length * size);
  const big = descr[0] === '>';
  values.forEach((value, i) => {
    const at = i * size;
    if (descr.includes('f')) {
      if (size === 4) big ? data.writeFloatBE(value, at) : data.writeFloatLE(value, at);
      else big ? data.writeDoubleBE(value, at) : data.writeDoubleLE(value, at);
    } else if (size === 8) big ? data.writeBigInt64BE(BigInt(value), at) : data.writeBigInt64LE(BigInt(value), at);
    else if (descr.includes('i') && size === 1) data[at] = value & 127;
    else big ? data.writeUIntBE(value, at, size) : data.writeUIntLE(value, at, size);
  });
  return data;
}

/** A .npy file of these bytes in any type, damaged with this probability. */
export function npyFile(random, dimensions, values, damage) {
  const descr = chance(random, 0.5) ? '|u1' : pick(random, Object.keys(TYPES));
  const data = typed([...values], descr);
  const shape = dimensions.length === 1 ? `${dimensions[0]},` : dimensions.join(', ');
  if (!chance(random, damage)) return makeNpy(descr, shape, data, { version: pick(random, [1, 1, 2]) });
  switch (random.nextBelow(7)) {
    case 0:
      return makeNpy(
        descr,
        pick(random, [
          '',
          '0,',
          '1, 1, 1, 1, 1, 1',
          '99999999999,',
          '4294967296, 4294967296',
          '-1,',
          `${shape} 0`,
          '1e9,',
          '9'.repeat(400),
        ]),
        data,
      );
    case 1:
      return makeNpy(pick(random, ['|O', '<c8', '<U9', '|S3', '<f2', '>u1', '<f16', '', "'x"]), shape, data);
    case 2:
      return makeNpy(descr, shape, data, { order: 'True' });
    case 3:
      return makeNpy(descr, shape, data, {
        header: pick(random, ['', '{', ' '.repeat(60_000), "{'descr': '|u1'".repeat(500), '{}', "'shape': ()"]),
      });
    case 4:
      return makeNpy(
        descr,
        shape,
        Buffer.concat([data, Buffer.alloc(random.nextBelow(9))]).subarray(random.nextBelow(3)),
        {},
      );
    case 5: {
      const special = Buffer.from(data);
      for (let i = 0; i < 3 && special.length >= 8; i++) special.fill(0xff, random.nextBelow(special.length));
      return makeNpy(descr, shape, special);
    }
    default:
      return mutateBytes(makeNpy(descr, shape, data), random);
  }
}
