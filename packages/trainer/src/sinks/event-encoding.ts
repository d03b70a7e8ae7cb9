// TensorBoard's event file format: TFRecord framing around protobuf messages of tensorflow/core/util/event.proto.
import { unknownValue } from '../arguments.js';
import { crc32c } from './crc32c.js';

/** The messages that are written; field numbers as in event.proto and summary.proto. */
export type Event =
  | { readonly kind: 'fileVersion'; readonly wallTime: number }
  /** Tells TensorBoard to forget values from this step on: written when a run is resumed. */
  | { readonly kind: 'start'; readonly wallTime: number; readonly step: number }
  | {
      readonly kind: 'scalars';
      readonly wallTime: number;
      readonly step: number;
      readonly values: Readonly<Record<string, number>>;
    };

const VARINT = 0;
const FIXED64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED32 = 5;
const SESSION_START = 1;

/** One record: length (8 bytes), its masked CRC, the message, its masked CRC; little-endian. */
export function encodeEventRecord(event: Event): Uint8Array {
  const message = encodeEvent(event);
  const record = Buffer.alloc(8 + 4 + message.length + 4);
  record.writeBigUInt64LE(BigInt(message.length), 0);
  record.writeUInt32LE(maskedCrc(record.subarray(0, 8)), 8);
  record.set(message, 12);
  record.writeUInt32LE(maskedCrc(message), 12 + message.length);
  return record;
}

/** Rotated by 15 bits and shifted by a constant, so that the CRC of data that contains CRCs stays a good check (tsl/lib/hash/crc32c.h). */
function maskedCrc(bytes: Uint8Array): number {
  const crc = crc32c(bytes);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

function encodeEvent(event: Event): Uint8Array {
  const wallTime = fixed64(1, event.wallTime);
  switch (event.kind) {
    case 'fileVersion':
      return Buffer.concat([wallTime, text(3, 'brain.Event:2')]);
    case 'start':
      return Buffer.concat([wallTime, varintField(2, event.step), nested(7, varintField(1, SESSION_START))]);
    case 'scalars': {
      const values = Object.entries(event.values).map(([tag, value]) =>
        nested(1, Buffer.concat([text(1, tag), fixed32(2, value)])),
      );
      return Buffer.concat([wallTime, varintField(2, event.step), nested(5, Buffer.concat(values))]);
    }
    default:
      throw unknownValue('event', event);
  }
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Buffer.from([...bytes, rest]);
}

function key(field: number, wireType: number): Buffer {
  return varint(field * 8 + wireType);
}

function varintField(field: number, value: number): Buffer {
  return Buffer.concat([key(field, VARINT), varint(value)]);
}

function fixed64(field: number, value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return Buffer.concat([key(field, FIXED64), bytes]);
}

function fixed32(field: number, value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return Buffer.concat([key(field, FIXED32), bytes]);
}

function nested(field: number, message: Uint8Array): Buffer {
  return Buffer.concat([key(field, LENGTH_DELIMITED), varint(message.length), message]);
}

function text(field: number, value: string): Buffer {
  return nested(field, Buffer.from(value, 'utf8'));
}
