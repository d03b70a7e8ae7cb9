// Protocol buffers as trees of fields: changed anywhere in the tree and written again with right lengths (no schema is needed for that).
import { chance, mutateBytes, pick } from './bytes.mjs';

const VARINTS = [
  0n,
  1n,
  2n,
  3n,
  7n,
  255n,
  65_536n,
  2n ** 31n - 1n,
  2n ** 31n,
  2n ** 40n,
  2n ** 62n,
  2n ** 63n,
  2n ** 64n - 1n,
];
const MAX_DEPTH = 8;

function readVarint(bytes, at) {
  let value = 0n;
  for (let shift = 0n; shift < 70n && at < bytes.length; shift += 7n) {
    const byte = bytes[at++];
    value |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) return { value: value & 0xffff_ffff_ffff_ffffn, at };
  }
  return undefined;
}

function writeVarint(value) {
  const bytes = [];
  for (; value > 0x7fn; value >>= 7n) bytes.push(Number(value & 0x7fn) | 0x80);
  bytes.push(Number(value));
  return Buffer.from(bytes);
}

/** The fields of a message, or undefined where the bytes are none. Bytes that could be a message are taken apart too. */
export function parseMessage(bytes, depth = 0) {
  const fields = [];
  for (let at = 0; at < bytes.length; ) {
    const tag = readVarint(bytes, at);
    if (tag === undefined || tag.value >> 3n === 0n || tag.value > 2n ** 20n) return undefined;
    at = tag.at;
    const field = { number: Number(tag.value >> 3n), type: Number(tag.value & 7n) };
    if (field.type === 0) {
      const varint = readVarint(bytes, at);
      if (varint === undefined) return undefined;
      field.value = varint.value;
      at = varint.at;
    } else {
      let length = { 1: 8, 5: 4 }[field.type];
      if (field.type === 2) {
        const size = readVarint(bytes, at);
        if (size === undefined) return undefined;
        length = Number(size.value);
        at = size.at;
      }
      if (length === undefined || at + length > bytes.length) return undefined;
      field.bytes = bytes.subarray(at, at + length);
      at += length;
      // Weights are bytes, and long: they are not searched for messages.
      const isText = field.bytes.length < 40 && /^[\w./-]*$/.test(field.bytes.toString('latin1'));
      if (field.type === 2 && length > 0 && !isText && depth < MAX_DEPTH)
        field.fields = parseMessage(field.bytes, depth + 1);
    }
    fields.push(field);
  }
  return fields;
}

export function writeMessage(fields) {
  return Buffer.concat(
    fields.flatMap(({ number, type, value, bytes, fields: inner }) => {
      const tag = writeVarint((BigInt(number) << 3n) | BigInt(type));
      if (type === 0) return [tag, writeVarint(value ?? 0n)];
      const content = inner ? writeMessage(inner) : (bytes ?? Buffer.alloc(0));
      return type === 2 ? [tag, writeVarint(BigInt(content.length)), content] : [tag, content];
    }),
  );
}

function lists(fields, found = []) {
  found.push(fields);
  for (const field of fields) if (field.fields) lists(field.fields, found);
  return found;
}

const copy = (field) => ({ ...field, ...(field.fields && { fields: field.fields.map(copy) }) });

/** A changed message. `texts` are operator names and the like. */
export function mutateMessage(message, random, texts) {
  const root = message.map(copy);
  for (let changes = 1 + random.nextBelow(3); changes > 0; changes--) {
    const all = lists(root).filter((list) => list.length > 0);
    if (all.length === 0) break;
    const list = pick(random, all);
    const at = random.nextBelow(list.length);
    const field = list[at];
    switch (random.nextBelow(8)) {
      case 0:
        list.splice(at, 1);
        break;
      case 1: {
        const size = field.bytes?.length ?? 8;
        const times = chance(random, 0.85) ? 1 : Math.min(500, Math.floor(2e5 / Math.max(1, size)));
        list.splice(at, 0, ...Array.from({ length: times }, () => copy(field)));
        break;
      }
      case 2:
        field.number = chance(random, 0.8) ? 1 + random.nextBelow(24) : pick(random, [0, 100, 16_000]);
        break;
      case 3: {
        const other = pick(random, all);
        if (writeMessage([field]).length < 1e5) other.splice(random.nextBelow(other.length + 1), 0, copy(field));
        break;
      }
      case 4:
        if (field.type === 2 && !field.fields) field.bytes = Buffer.from(pick(random, texts));
        else if (field.type === 0) field.value = pick(random, VARINTS);
        break;
      case 5:
        field.type = random.nextBelow(8);
        if (field.type === 0) field.value ??= 1n;
        break;
      default:
        if (field.type === 0)
          field.value = chance(random, 0.6)
            ? pick(random, VARINTS)
            : (field.value + BigInt(random.nextBelow(5)) - 2n) & 0xffff_ffff_ffff_ffffn;
        else if (!field.fields) field.bytes = mutateBytes(field.bytes, random, 2);
    }
  }
  return root;
}
