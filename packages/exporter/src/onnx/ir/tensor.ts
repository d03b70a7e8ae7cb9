// Tensors of an ONNX graph: a data type, a shape and a typed array. int64 lives in float64: exact up to 2^53, which shapes need.
import { ExporterError } from '../../errors.js';

export type DataType =
  | 'float32'
  | 'float64'
  | 'int8'
  | 'uint8'
  | 'int16'
  | 'uint16'
  | 'int32'
  | 'uint32'
  | 'int64'
  | 'uint64'
  | 'bool';

export type TensorData =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array;

/** A value in an ONNX graph, row-major. */
export interface Tensor {
  readonly type: DataType;
  readonly shape: readonly number[];
  /** int64 and uint64 as Float64Array, bool as Uint8Array of 0 and 1. */
  readonly data: TensorData;
}

const ARRAYS = {
  float32: Float32Array,
  float64: Float64Array,
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  int64: Float64Array,
  uint64: Float64Array,
  bool: Uint8Array,
} as const satisfies Record<DataType, unknown>;

/** Number of elements of a shape; 1 for a scalar. */
export function elementsOf(shape: readonly number[]): number {
  let elements = 1;
  for (const dimension of shape) elements *= dimension;
  return elements;
}

/** A zeroed array for `elements` values of a type. Callers check the size against their limits first. */
export function arrayOf(type: DataType, elements: number): TensorData {
  return new ARRAYS[type](elements);
}

/** A float32 tensor around an array. */
export function floatTensor(data: Float32Array, shape: readonly number[]): Tensor {
  return { type: 'float32', shape, data };
}

/** An int64 tensor of a list of numbers, with the shape [length]. */
export function int64Tensor(values: readonly number[]): Tensor {
  return { type: 'int64', shape: [values.length], data: Float64Array.from(values) };
}

/** The same data under another shape of as many elements. */
export function reshaped(tensor: Tensor, shape: readonly number[]): Tensor {
  return { type: tensor.type, shape, data: tensor.data };
}

/** Whether values of this type are whole numbers. */
export function isInteger(type: DataType): boolean {
  return type !== 'float32' && type !== 'float64';
}

/** `[2, 3]` as people read it. */
export function formatDimensions(shape: readonly (number | string)[]): string {
  return `[${shape.join(', ')}]`;
}

/** Row-major strides of a shape. */
export function stridesOf(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length);
  for (let axis = shape.length - 1, stride = 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis]!;
  }
  return strides;
}

/** An axis in [−rank, rank) as one in [0, rank). @throws ExporterError `onnx`. */
export function normalizeAxis(axis: number, rank: number): number {
  if (!Number.isInteger(axis) || axis < -rank || axis >= rank) {
    throw new ExporterError(
      'onnx',
      `Axis ${axis} is outside a tensor of ${rank} dimensions; the file is damaged or was made by a faulty tool`,
    );
  }
  return axis < 0 ? axis + rank : axis;
}
