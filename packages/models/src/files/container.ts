// The container that every binary file of the project uses: a JSON header, named typed arrays, a checksum.
//
//   offset  size  content (all numbers little-endian)
//   0       4     magic: four ASCII characters, the kind of file
//   4       2     version of that kind
//   6       2     reserved, 0
//   8       4     L: bytes of the JSON directory
//   12      L     UTF-8 JSON: { "header": any, "sections": [{ "name", "dtype", "length" }, …] }, length in elements
//   …             for each section: zero bytes up to a multiple of 8, then length·sizeof(dtype) bytes
//   end−4   4     CRC-32 of everything before
//
// The sizes determine every offset, so nothing can overlap or hide; a reader compares them with the file's length before
// it allocates anything.
import { z } from 'zod';
import { ModelError } from '../errors.js';
import { parseJsonDocument, requireDocumentLimits } from '../json-document.js';
import { CONTAINER_LIMITS, MAX_SECTIONS } from '../limits.js';
import { parseWithSchema } from '../schema-issues.js';
import { crc32 } from './crc32.js';

/** Element types of sections. */
export const DTYPES = ['u8', 'i8', 'u16', 'i16', 'i32', 'u32', 'f32', 'f64'] as const;
export type Dtype = (typeof DTYPES)[number];

const arrays = {
  u8: Uint8Array,
  i8: Int8Array,
  u16: Uint16Array,
  i16: Int16Array,
  i32: Int32Array,
  u32: Uint32Array,
  f32: Float32Array,
  f64: Float64Array,
} as const satisfies Record<Dtype, unknown>;

interface SectionArrays {
  u8: Uint8Array;
  i8: Int8Array;
  u16: Uint16Array;
  i16: Int16Array;
  i32: Int32Array;
  u32: Uint32Array;
  f32: Float32Array;
  f64: Float64Array;
}

/** The typed array of a dtype. */
export type SectionArray<D extends Dtype = Dtype> = SectionArrays[D];

/** What distinguishes one kind of file from another. */
export interface ContainerFormat {
  /** Four ASCII characters. */
  readonly magic: string;
  /** Version written; a reader takes 1 … version. */
  readonly version: number;
  /** The kind's name in messages: `model file (.bnm)`. */
  readonly what: string;
}

export interface ContainerContent {
  /** Anything JSON can hold; NaN and infinities become null there, so keep floats that matter in sections. */
  readonly header: unknown;
  readonly sections: ReadonlyMap<string, SectionArray>;
}

export interface DecodedContainer extends ContainerContent {
  readonly version: number;
  /** The section's array. @throws ModelError `invalid-file` where it is missing, of another type, or not `length` long. */
  section<D extends Dtype>(name: string, dtype: D, length?: number): SectionArray<D>;
}

const PREFIX_BYTES = 12;
const CRC_BYTES = 4;
const ALIGNMENT = 8;
const MAX_SECTION_NAME = 200;

const directorySchema = z.strictObject({
  header: z.unknown(),
  sections: z
    .array(
      z.strictObject({
        name: z.string().min(1).max(MAX_SECTION_NAME),
        dtype: z.enum(DTYPES),
        length: z
          .int()
          .min(0)
          .max(2 ** 32),
      }),
    )
    .max(MAX_SECTIONS),
});

/** The file's bytes. Arrays are copied. @throws ModelError `invalid-file` for a header or a name of a section that no reader takes. */
export function encodeContainer(format: ContainerFormat, content: ContainerContent): Uint8Array {
  const sections = [...content.sections].map(([name, data]) => ({
    name,
    dtype: dtypeOf(name, data),
    length: data.length,
    data,
  }));
  const directory = new TextEncoder().encode(
    JSON.stringify({
      header: content.header,
      sections: sections.map(({ name, dtype, length }) => ({ name, dtype, length })),
    }),
  );
  requireReadable(directory, format.what);
  const unreadable = sections.find(({ name }) => name === '' || name.length > MAX_SECTION_NAME);
  if (unreadable !== undefined) {
    throw new ModelError(
      'invalid-file',
      `The section '${unreadable.name.slice(0, 60)}…' of this ${format.what} cannot be written: its name has ${unreadable.name.length} characters, 1 to ${MAX_SECTION_NAME} wanted. Shorten the name that it is kept under.`,
    );
  }
  let size = PREFIX_BYTES + directory.length;
  for (const { data } of sections) size = align(size) + data.byteLength;
  const bytes = new Uint8Array(size + CRC_BYTES);
  const view = new DataView(bytes.buffer);
  bytes.set(new TextEncoder().encode(format.magic), 0);
  view.setUint16(4, format.version, true);
  view.setUint32(8, directory.length, true);
  bytes.set(directory, PREFIX_BYTES);
  let offset = PREFIX_BYTES + directory.length;
  for (const { data } of sections) {
    offset = align(offset);
    bytes.set(
      littleEndian(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), data.BYTES_PER_ELEMENT),
      offset,
    );
    offset += data.byteLength;
  }
  view.setUint32(size, crc32(bytes.subarray(0, size)), true);
  return bytes;
}

/**
 * Reads a file back. Memory used is at most a small multiple of `file.length`.
 * @throws ModelError `wrong-magic`, `unsupported-version`, `truncated-file`, `corrupt-file` (checksum) or `invalid-file`.
 */
export function decodeContainer(format: ContainerFormat, file: Uint8Array): DecodedContainer {
  const { what } = format;
  // Node's Buffer is a Uint8Array whose slice() does not copy.
  const bytes = new Uint8Array(file.buffer, file.byteOffset, file.byteLength);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < PREFIX_BYTES + CRC_BYTES) {
    throw new ModelError(
      'truncated-file',
      `This ${what} has ${bytes.length} bytes, at least ${PREFIX_BYTES + CRC_BYTES} wanted: it is cut off or something else.`,
    );
  }
  const magic = String.fromCharCode(...bytes.subarray(0, 4));
  if (magic !== format.magic) {
    throw new ModelError(
      'wrong-magic',
      `This is no ${what}: it starts with ${JSON.stringify(magic)}, ${JSON.stringify(format.magic)} wanted.`,
    );
  }
  const version = view.getUint16(4, true);
  if (version < 1 || version > format.version) {
    throw new ModelError(
      'unsupported-version',
      `This ${what} has version ${version}, 1 … ${format.version} wanted: a newer release of this package may read it.`,
    );
  }
  const directoryBytes = view.getUint32(8, true);
  const end = bytes.length - CRC_BYTES;
  if (PREFIX_BYTES + directoryBytes > end) {
    throw new ModelError(
      'truncated-file',
      `This ${what} has ${bytes.length} bytes, but its header alone needs ${PREFIX_BYTES + directoryBytes + CRC_BYTES}: it is cut off or damaged.`,
    );
  }
  const stored = view.getUint32(end, true);
  const computed = crc32(bytes.subarray(0, end));
  if (stored !== computed) {
    throw new ModelError(
      'corrupt-file',
      `This ${what} is damaged or cut off: its checksum is ${hex(stored)}, its content has ${hex(computed)}. Copy or make it again.`,
    );
  }
  const { header, sections: entries } = parseWithSchema(
    directorySchema,
    parseDirectory(bytes, directoryBytes, what),
    `directory of this ${what}`,
    'invalid-file',
  );
  const sections = readSections(bytes, PREFIX_BYTES + directoryBytes, end, entries, what);
  if (view.getUint16(6, true) !== 0)
    throw new ModelError('invalid-file', `The reserved bytes of this ${what} are not 0.`);
  return {
    version,
    header,
    sections,
    section: (name, dtype, length) => {
      const data = sections.get(name);
      const wanted = `${dtype}${length === undefined ? '' : ` × ${length}`}`;
      if (data instanceof arrays[dtype] && (length === undefined || data.length === length))
        return data as SectionArray<typeof dtype>;
      const found = data === undefined ? 'is missing' : `is ${dtypeOf(name, data)} × ${data.length}`;
      throw new ModelError('invalid-file', `The section '${name}' of this ${what} ${found}, ${wanted} wanted.`);
    },
  };
}

/** What is written can be read again. */
function requireReadable(directory: Uint8Array, what: string): void {
  try {
    requireDocumentLimits(directory, CONTAINER_LIMITS);
  } catch (cause) {
    throw new ModelError(
      'invalid-file',
      `The header of this ${what} cannot be written: ${(cause as Error).message}. Leave out provenance, or train fewer epochs.`,
      { cause },
    );
  }
}

function parseDirectory(bytes: Uint8Array, length: number, what: string): unknown {
  try {
    return parseJsonDocument(bytes.subarray(PREFIX_BYTES, PREFIX_BYTES + length), CONTAINER_LIMITS);
  } catch (cause) {
    throw new ModelError(
      'invalid-file',
      `The header of this ${what} cannot be read: ${(cause as Error).message}. Copy or make the file again.`,
      {
        cause,
      },
    );
  }
}

function readSections(
  bytes: Uint8Array,
  start: number,
  end: number,
  entries: readonly { name: string; dtype: Dtype; length: number }[],
  what: string,
): Map<string, SectionArray> {
  let size = start;
  for (const { dtype, length } of entries) size = align(size) + length * arrays[dtype].BYTES_PER_ELEMENT;
  if (size !== end) {
    throw new ModelError(
      'invalid-file',
      `This ${what} has ${end + CRC_BYTES} bytes, but its sections need ${size + CRC_BYTES}.`,
    );
  }
  const sections = new Map<string, SectionArray>();
  let offset = start;
  for (const { name, dtype, length } of entries) {
    const first = align(offset);
    if (bytes.subarray(offset, first).some((byte) => byte !== 0)) {
      throw new ModelError('invalid-file', `The bytes before section '${name}' of this ${what} are not 0.`);
    }
    if (sections.has(name)) throw new ModelError('invalid-file', `This ${what} has two sections '${name}'.`);
    const ArrayType = arrays[dtype];
    offset = first + length * ArrayType.BYTES_PER_ELEMENT;
    // A copy: aligned whatever the caller's view is, and independent of it. Not `slice`: a Node Buffer's is a view.
    const copy = littleEndian(Uint8Array.from(bytes.subarray(first, offset)), ArrayType.BYTES_PER_ELEMENT);
    sections.set(name, new ArrayType(copy.buffer as ArrayBuffer, 0, length));
  }
  return sections;
}

function dtypeOf(name: string, data: SectionArray): Dtype {
  for (const dtype of DTYPES) if (data instanceof arrays[dtype]) return dtype;
  throw new ModelError('invalid-file', `The section '${name}' is no typed array of ${DTYPES.join(', ')}.`);
}

const align = (offset: number): number => Math.ceil(offset / ALIGNMENT) * ALIGNMENT;

const hex = (value: number): string => `0x${value.toString(16).padStart(8, '0')}`;

/** The bytes as they are on a little-endian machine; elements reversed on a big-endian one. */
function littleEndian(bytes: Uint8Array, elementBytes: number): Uint8Array {
  if (elementBytes === 1 || new Uint8Array(new Uint16Array([1]).buffer)[0] === 1) return bytes;
  const swapped = bytes.slice();
  for (let i = 0; i < swapped.length; i += elementBytes) swapped.subarray(i, i + elementBytes).reverse();
  return swapped;
}
