// TensorProto → Tensor. Sizes are checked against the bytes present before anything is allocated.
import type { TensorProto } from 'onnx-buf';
import { ExporterError } from '../../errors.js';
import { MAX_ONNX_ELEMENTS } from '../../limits.js';
import { DATA_TYPES } from '../ir/ops/constant.js';
import { arrayOf, elementsOf, formatDimensions, type Tensor, type TensorData } from '../ir/tensor.js';
import type { ExternalLocation, ExternalReader } from './external-data.js';

/** TensorProto.DataType numbers of four-bit integers, two a byte, low nibble first. */
const INT4 = 22;
const UINT4 = 21;
const FLOAT16 = 10;
const BFLOAT16 = 16;
/** TensorProto.DataLocation.EXTERNAL. */
const EXTERNAL = 1;

/** Bytes of one element in `raw_data`, by TensorProto.DataType. */
const RAW_BYTES: Readonly<Record<number, number>> = {
  1: 4,
  2: 1,
  3: 1,
  4: 2,
  5: 2,
  6: 4,
  7: 8,
  9: 1,
  10: 2,
  11: 8,
  12: 4,
  13: 8,
  16: 2,
  21: 0.5,
  22: 0.5,
};

/**
 * @param readExternal for tensors in other files; undefined where the model came without a folder.
 * @throws ExporterError `onnx`, `onnx-unsupported` (data type), `onnx-limit`, `onnx-external-data`; all name the tensor.
 */
export async function readTensor(proto: TensorProto, readExternal: ExternalReader | undefined): Promise<Tensor> {
  const who = `Tensor ${proto.name || '(unnamed)'}`;
  const shape = proto.dims.map(Number);
  const type = proto.dataType === INT4 ? 'int8' : proto.dataType === UINT4 ? 'uint8' : DATA_TYPES.get(proto.dataType);
  const elementBytes = RAW_BYTES[proto.dataType];
  if (type === undefined || elementBytes === undefined) {
    throw new ExporterError(
      'onnx-unsupported',
      `${who} has the data type ${proto.dataType}, which is not supported; export the model in float32`,
    );
  }
  if (shape.length > 16 || shape.some((d) => !Number.isSafeInteger(d) || d < 0)) {
    throw new ExporterError(
      'onnx',
      `${who} has the shape ${formatDimensions(shape.slice(0, 16))}; the file is damaged`,
    );
  }
  const elements = elementsOf(shape);
  if (elements > MAX_ONNX_ELEMENTS) {
    throw new ExporterError('onnx-limit', `${who} has ${elements} elements, at most ${MAX_ONNX_ELEMENTS} wanted`);
  }
  const rawBytes = Math.ceil(elements * elementBytes);
  if (proto.dataLocation === EXTERNAL) {
    if (!readExternal) {
      throw new ExporterError(
        'onnx-external-data',
        `${who} lies in another file; import the model from its path, not from bytes`,
      );
    }
    const raw = await readExternal(externalLocation(who, proto), rawBytes);
    return { type, shape, data: fromRaw(raw, proto.dataType, elements) };
  }
  const listed = listedValues(proto);
  const found = proto.rawData.length > 0 ? proto.rawData.length : listed.length;
  const wanted = proto.rawData.length > 0 ? rawBytes : elementBytes === 0.5 ? rawBytes : elements;
  if (found !== wanted) {
    throw new ExporterError(
      'onnx',
      `${who} of shape ${formatDimensions(shape)} has ${found} ${proto.rawData.length > 0 ? 'bytes' : 'values'}, ${wanted} wanted; the file is damaged`,
    );
  }
  if (proto.rawData.length > 0) return { type, shape, data: fromRaw(proto.rawData, proto.dataType, elements) };
  // Sixteen-bit floats and nibbles are listed as their bits.
  if (elementBytes === 0.5)
    return { type, shape, data: fromRaw(Uint8Array.from(listed as number[]), proto.dataType, elements) };
  if (proto.dataType === FLOAT16 || proto.dataType === BFLOAT16) {
    const bits = Uint16Array.from(listed as number[]);
    return { type, shape, data: fromRaw(new Uint8Array(bits.buffer), proto.dataType, elements) };
  }
  const data = arrayOf(type, elements);
  for (let i = 0; i < elements; i++) data[i] = Number(listed[i]!);
  return { type, shape, data };
}

function listedValues(proto: TensorProto): readonly (number | bigint)[] {
  const lists = [proto.floatData, proto.int32Data, proto.int64Data, proto.doubleData, proto.uint64Data];
  return lists.find((list) => list.length > 0) ?? [];
}

function externalLocation(who: string, proto: TensorProto): ExternalLocation {
  const entries = new Map(proto.externalData.map(({ key, value }) => [key, value]));
  const whole = (key: string) => {
    const text = entries.get(key);
    if (text === undefined) return undefined;
    const value = Number(text);
    if (!/^\d+$/.test(text) || !Number.isSafeInteger(value)) {
      throw new ExporterError(
        'onnx-external-data',
        `${who} has the ${key} ${JSON.stringify(text.slice(0, 40))} in its external data, a whole number wanted`,
      );
    }
    return value;
  };
  return { location: entries.get('location') ?? '', offset: whole('offset') ?? 0, length: whole('length') };
}

function fromRaw(raw: Uint8Array, dataType: number, elements: number): TensorData {
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  const fill = <T extends TensorData>(data: T, read: (index: number) => number): T => {
    for (let i = 0; i < elements; i++) data[i] = read(i);
    return data;
  };
  const float32OfBits = (bits: number) => {
    scratch.setUint32(0, bits);
    return scratch.getFloat32(0);
  };
  const scratch = new DataView(new ArrayBuffer(4));
  switch (dataType) {
    case 1:
      return fill(new Float32Array(elements), (i) => view.getFloat32(4 * i, true));
    case 2:
    case 9:
      return new Uint8Array(raw);
    case 3:
      return new Int8Array(new Uint8Array(raw).buffer);
    case 4:
      return fill(new Uint16Array(elements), (i) => view.getUint16(2 * i, true));
    case 5:
      return fill(new Int16Array(elements), (i) => view.getInt16(2 * i, true));
    case 6:
      return fill(new Int32Array(elements), (i) => view.getInt32(4 * i, true));
    case 7:
      return fill(new Float64Array(elements), (i) => Number(view.getBigInt64(8 * i, true)));
    case FLOAT16:
      return fill(new Float32Array(elements), (i) => float16(view.getUint16(2 * i, true)));
    case 11:
      return fill(new Float64Array(elements), (i) => view.getFloat64(8 * i, true));
    case 12:
      return fill(new Uint32Array(elements), (i) => view.getUint32(4 * i, true));
    case 13:
      return fill(new Float64Array(elements), (i) => Number(view.getBigUint64(8 * i, true)));
    case BFLOAT16:
      return fill(new Float32Array(elements), (i) => float32OfBits(view.getUint16(2 * i, true) * 65_536));
    case UINT4:
      return fill(new Uint8Array(elements), (i) => (raw[i >> 1]! >> (4 * (i & 1))) & 15);
    default:
      return fill(new Int8Array(elements), (i) => (((raw[i >> 1]! >> (4 * (i & 1))) & 15) << 28) >> 28);
  }
}

/** The value of a half-precision float's bits. */
function float16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
}
