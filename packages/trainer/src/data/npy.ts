// NumPy's .npy arrays (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html), C order: numbers of 1 to 8 bytes, and text.
import { TrainerError } from '../errors.js';

/** An array of numbers with dimensions, slowest first. */
export interface NumericArray {
  readonly dimensions: readonly number[];
  readonly values: ArrayLike<number>;
}

/** An array of texts (NumPy's types U and S). */
export interface TextArray {
  readonly dimensions: readonly number[];
  readonly texts: readonly string[];
}

type View = Uint8Array | Int8Array | Uint16Array | Int16Array | Uint32Array | Int32Array | Float32Array | Float64Array;

interface NumberType {
  readonly bytes: number;
  readonly read: (view: DataView, offset: number, littleEndian: boolean) => number;
  /** Reads the values where they are; absent for numbers that no typed array of floats or small integers holds. */
  readonly view?: new (
    buffer: ArrayBufferLike,
    offset: number,
    length: number,
  ) => View;
}

const TYPES: Readonly<Record<string, NumberType>> = {
  b1: { bytes: 1, read: (view, offset) => view.getUint8(offset), view: Uint8Array },
  u1: { bytes: 1, read: (view, offset) => view.getUint8(offset), view: Uint8Array },
  i1: { bytes: 1, read: (view, offset) => view.getInt8(offset), view: Int8Array },
  u2: { bytes: 2, read: (view, offset, little) => view.getUint16(offset, little), view: Uint16Array },
  i2: { bytes: 2, read: (view, offset, little) => view.getInt16(offset, little), view: Int16Array },
  u4: { bytes: 4, read: (view, offset, little) => view.getUint32(offset, little), view: Uint32Array },
  i4: { bytes: 4, read: (view, offset, little) => view.getInt32(offset, little), view: Int32Array },
  u8: { bytes: 8, read: (view, offset, little) => Number(view.getBigUint64(offset, little)) },
  i8: { bytes: 8, read: (view, offset, little) => Number(view.getBigInt64(offset, little)) },
  f2: { bytes: 2, read: (view, offset, little) => halfToNumber(view.getUint16(offset, little)) },
  f4: { bytes: 4, read: (view, offset, little) => view.getFloat32(offset, little), view: Float32Array },
  f8: { bytes: 8, read: (view, offset, little) => view.getFloat64(offset, little), view: Float64Array },
};

const MACHINE_IS_LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
const MAX_DIMENSIONS = 5;
/** Characters of a text: class names are short. */
const MAX_CHARACTERS = 1000;
/** Bytes of a character: code points, or bytes of Latin-1. */
const TEXT_BYTES: Readonly<Record<string, number>> = { U: 4, S: 1 };

/** IEEE 754 binary16: 1 sign bit, 5 of exponent (bias 15), 10 of fraction. */
function halfToNumber(bits: number): number {
  const exponent = (bits >> 10) & 0x1f;
  const fraction = (bits & 0x3ff) / 1024;
  const sign = bits & 0x8000 ? -1 : 1;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -14 : (1 + fraction) * 2 ** (exponent - 15));
}

/**
 * Reads a .npy file; values are a view into `bytes` where the machine can read them there.
 * @throws TrainerError `invalid-data` for another type, Fortran order, or a length that is not the shape's.
 */
export function parseNpy(bytes: Uint8Array, source: string): NumericArray | TextArray {
  const refuse = (reason: string) => new TrainerError('invalid-data', `${source} ${reason}`);
  if (bytes.length < 12 || MAGIC.some((byte, i) => bytes[i] !== byte)) throw refuse('is not a .npy file.');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [headerBegin, headerLength] = bytes[6] === 1 ? [10, view.getUint16(8, true)] : [12, view.getUint32(8, true)];
  const dataBegin = headerBegin + headerLength;
  if (dataBegin > bytes.length) throw refuse('is cut short in its header.');
  const header = new TextDecoder('latin1').decode(bytes.subarray(headerBegin, dataBegin));

  const descr = /'descr'\s*:\s*'([<>|=]?)([a-zA-Z]\d{1,9})'/.exec(header);
  const name = descr?.[2] ?? '';
  const type = TYPES[name];
  const characterBytes = TEXT_BYTES[name[0] ?? ''];
  const characters = characterBytes === undefined ? 0 : Number(name.slice(1));
  const itemBytes = type?.bytes ?? characters * (characterBytes ?? 0);
  const shape = /'shape'\s*:\s*\(([\d\s,L]*)\)/.exec(header)?.[1];
  if (!descr || shape === undefined || itemBytes === 0 || characters > MAX_CHARACTERS) {
    throw refuse(
      `has the header ${header.trim().slice(0, 120)}; expected a shape and one of ${Object.keys(TYPES).join(', ')}, or text (U, S) of up to ${MAX_CHARACTERS} characters.`,
    );
  }
  if (/'fortran_order'\s*:\s*True/.test(header))
    throw refuse('is in Fortran order; save it with numpy.ascontiguousarray.');
  const dimensions = (shape.match(/\d+/g) ?? []).map(Number);
  if (dimensions.length > MAX_DIMENSIONS) {
    throw refuse(`has ${dimensions.length} dimensions; at most ${MAX_DIMENSIONS} are read.`);
  }
  const size = dimensions.reduce((product, dimension) => product * dimension, 1);
  if (bytes.length - dataBegin !== size * itemBytes) {
    throw refuse(
      `has ${bytes.length - dataBegin} bytes of data; ${dimensions.join('×')} values of ${descr[2]} need ${size * itemBytes}.`,
    );
  }
  if (type === undefined)
    return { dimensions, texts: readTexts(bytes.subarray(dataBegin), size, name, descr[1] === '>') };
  const littleEndian = descr[1] !== '>';
  if (type.view && (type.bytes === 1 || littleEndian === MACHINE_IS_LITTLE_ENDIAN)) {
    const begin = bytes.byteOffset + dataBegin;
    if (begin % type.bytes === 0) return { dimensions, values: new type.view(bytes.buffer, begin, size) };
    return { dimensions, values: new type.view(Uint8Array.from(bytes.subarray(dataBegin)).buffer, 0, size) };
  }
  const values = new Float64Array(size);
  for (let i = 0; i < size; i++) values[i] = type.read(view, dataBegin + i * type.bytes, littleEndian);
  return { dimensions, values };
}

/** Texts of a fixed number of characters, filled up with zeros. */
function readTexts(data: Uint8Array, count: number, name: string, bigEndian: boolean): string[] {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const bytes = TEXT_BYTES[name[0]!]!;
  const characters = Number(name.slice(1));
  return Array.from({ length: count }, (_, item) => {
    let text = '';
    for (let i = 0; i < characters; i++) {
      const at = (item * characters + i) * bytes;
      const code = bytes === 1 ? data[at]! : view.getUint32(at, !bigEndian);
      text += code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd';
    }
    return text.replace(/\0+$/, '');
  });
}
