// The layout of images, as data: heads, records and where each field lies. The header c/include/bnm_records.h is made from it
// (kernels/record-header.ts), and IMAGE_FORMAT is its hash.
import { KERNELS } from '../layout/kernels.js';
import type { Fields, FieldType } from './step.js';
import { STEPS } from './steps.js';

const BYTES: Readonly<Record<FieldType, number>> = {
  u8: 1,
  u16: 2,
  u32: 4,
  i32: 4,
  buffer: 4,
  optionalBuffer: 4,
  table: 4,
};

/** A field with its place from the start of its record. */
export interface PlacedField {
  readonly name: string;
  readonly type: FieldType;
  readonly at: number;
}

/** A record: its fields, and its length in bytes, a multiple of 4. */
export interface PlacedRecord {
  readonly fields: readonly PlacedField[];
  readonly bytes: number;
}

/** Each field at the next multiple of its size from `start` on. */
export function placeFields(fields: Fields, start: number): PlacedRecord {
  let at = start;
  const placed = Object.entries(fields).map(([name, type]) => {
    const field = { name, type, at: Math.ceil(at / BYTES[type]) * BYTES[type] };
    at = field.at + BYTES[type];
    return field;
  });
  return { fields: placed, bytes: Math.ceil(at / 4) * 4 };
}

/** What an image begins with. */
export const IMAGE_HEAD = { magic: 'u32', records: 'u16', outputs: 'u16', ramBytes: 'u32', inputs: 'u32' } as const;
/** What every record begins with: its operation, its length in words of 4 bytes, what the operation counts. */
export const RECORD_HEAD = { op: 'u8', words: 'u8', n: 'u16' } as const;
/** What follows in all records of kernels. */
export const KERNEL_HEAD = { ...RECORD_HEAD, x: 'buffer', y: 'buffer' } as const;
/** What follows in the record of a channel loop. */
export const CHANNELS = {
  record: 'channels',
  numbers: { CHANNELS: 0 },
  comment:
    'the next `steps` records once for each of n channels, of chosen ones where there are marks; `sharing` channels in turn have the same first x, the next ones x stride behind it; channel c adds c * y stride to the last y',
  fields: { xStride: 'u32', yStride: 'u32', chosen: 'optionalBuffer', steps: 'u16', sharing: 'u16' },
} as const;

const bytesOf = (head: Fields) => placeFields(head, 0).bytes;
export const IMAGE_HEAD_BYTES = bytesOf(IMAGE_HEAD);

/** The record of a channel loop. */
export const CHANNELS_RECORD = placeFields(CHANNELS.fields, bytesOf(RECORD_HEAD));

/** The records of kernels, by the operation of the step. */
export const KERNEL_RECORDS = Object.fromEntries(
  Object.entries(STEPS).map(([op, { fields }]) => [op, placeFields(fields, bytesOf(KERNEL_HEAD))]),
) as Readonly<Record<keyof typeof STEPS, PlacedRecord>>;

/** Everything that an image's bytes depend on besides the layouts of weights. */
const DESCRIPTION = {
  heads: [IMAGE_HEAD, RECORD_HEAD, KERNEL_HEAD],
  records: [CHANNELS, ...Object.values(STEPS)].map(({ numbers, fields }) => [numbers, fields]),
  kernels: [KERNELS.plain, KERNELS.nomul, KERNELS.mul, KERNELS.coded].map((kernels) =>
    kernels.map(({ kernel }) => kernel.number),
  ),
};

/** FNV-1a of the description: a compiled runtime that says another number walks other records. */
export const IMAGE_FORMAT = fnv1a(JSON.stringify(DESCRIPTION));

function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}
