// Constants and conversions of type.
import { ExporterError } from '../../../errors.js';
import {
  integersOf,
  newTensor,
  numberAttribute,
  type OperatorCall,
  requireInput,
  unsupportedVariant,
} from '../operator.js';
import { type DataType, int64Tensor, isInteger, type Tensor } from '../tensor.js';

export function Constant(call: OperatorCall): Tensor[] {
  for (const [name, value] of call.attributes) {
    if (name === 'value' && typeof value === 'object' && 'data' in value) return [value];
    if (name === 'value_float') return [{ type: 'float32', shape: [], data: Float32Array.of(value as number) }];
    if (name === 'value_int') return [{ type: 'int64', shape: [], data: Float64Array.of(value as number) }];
    if (name === 'value_ints' && Array.isArray(value)) return [int64Tensor(value)];
    if (name === 'value_floats' && Array.isArray(value)) {
      return [{ type: 'float32', shape: [value.length], data: Float32Array.from(value) }];
    }
  }
  throw unsupportedVariant('A Constant of strings or sparse values');
}

export function ConstantOfShape(call: OperatorCall): Tensor[] {
  const value = call.attributes.get('value');
  const given = typeof value === 'object' && 'data' in value ? value : undefined;
  const out = newTensor(call, given?.type ?? 'float32', integersOf(requireInput(call, 0)));
  if (given) out.data.fill(given.data[0] ?? 0);
  return [out];
}

/** Numbers of TensorProto.DataType. float16 and bfloat16 are computed in float32. */
export const DATA_TYPES: ReadonlyMap<number, DataType> = new Map([
  [1, 'float32'],
  [2, 'uint8'],
  [3, 'int8'],
  [4, 'uint16'],
  [5, 'int16'],
  [6, 'int32'],
  [7, 'int64'],
  [9, 'bool'],
  [10, 'float32'],
  [11, 'float64'],
  [12, 'uint32'],
  [13, 'uint64'],
  [16, 'float32'],
] as const);

/** Floats become integers by cutting off the fraction. */
export function Cast(call: OperatorCall): Tensor[] {
  const x = requireInput(call, 0);
  const to = numberAttribute(call, 'to', 0);
  const type = DATA_TYPES.get(to);
  if (type === undefined) throw new ExporterError('onnx-unsupported', `Cast to the data type ${to} is not supported`);
  if (type === x.type) return [x];
  const out = newTensor(call, type, x.shape);
  const convert = type === 'bool' ? (v: number) => (v !== 0 ? 1 : 0) : isInteger(type) ? Math.trunc : (v: number) => v;
  for (let i = 0; i < x.data.length; i++) out.data[i] = convert(x.data[i]!);
  return [out];
}
