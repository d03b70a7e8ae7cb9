// ONNX's multidirectional broadcasting (as NumPy's): dimensions of 1 stretch, missing leading ones are added.
import { newTensor, type OperatorCall, shapeMismatch } from './operator.js';
import { type DataType, reshaped, stridesOf, type Tensor } from './tensor.js';

/** The common shape. @throws ExporterError `onnx` where the shapes do not fit. */
export function broadcastShape(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const x = a[axis - rank + a.length] ?? 1;
    const y = b[axis - rank + b.length] ?? 1;
    if (x !== y && x !== 1 && y !== 1) throw shapeMismatch('broadcasting', a, b);
    return x === 1 ? y : x;
  });
}

/** f of every pair of elements. */
export function broadcastBinary(
  call: OperatorCall,
  type: DataType,
  a: Tensor,
  b: Tensor,
  f: (x: number, y: number) => number,
): Tensor {
  const out = newTensor(call, type, broadcastShape(a.shape, b.shape));
  const { data } = out;
  if (a.data.length === data.length && b.data.length === data.length) {
    for (let i = 0; i < data.length; i++) data[i] = f(a.data[i]!, b.data[i]!);
  } else if (b.data.length === 1) {
    const y = b.data[0]!;
    for (let i = 0; i < data.length; i++) data[i] = f(a.data[i]!, y);
  } else {
    const [indexA, indexB] = [broadcastIndices(call, a, out.shape), broadcastIndices(call, b, out.shape)];
    for (let i = 0; i < data.length; i++) data[i] = f(a.data[indexA[i]!]!, b.data[indexB[i]!]!);
  }
  return out;
}

/** The tensor stretched to a shape that it broadcasts to. */
export function broadcastTo(call: OperatorCall, tensor: Tensor, shape: readonly number[]): Tensor {
  if (tensor.shape.length === shape.length && tensor.shape.every((d, i) => d === shape[i])) return tensor;
  const out = newTensor(call, tensor.type, shape);
  const indices = broadcastIndices(call, tensor, shape);
  for (let i = 0; i < out.data.length; i++) out.data[i] = tensor.data[indices[i]!]!;
  return reshaped(out, shape);
}

/** For every element of `shape` in order, which element of the tensor it reads. */
function broadcastIndices(call: OperatorCall, tensor: Tensor, shape: readonly number[]): Uint32Array {
  const offset = shape.length - tensor.shape.length;
  const strides = stridesOf(tensor.shape).map((stride, axis) => (tensor.shape[axis] === 1 ? 0 : stride));
  const indices = new Uint32Array(call.budget.allocate(shape));
  // Grows from the last axis: the block of inner indices repeats with an offset for each outer position.
  if (indices.length === 0) return indices;
  let filled = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const stride = axis < offset ? 0 : strides[axis - offset]!;
    for (let position = 1; position < shape[axis]!; position++) {
      const from = position * filled;
      for (let i = 0; i < filled; i++) indices[from + i] = indices[i]! + position * stride;
    }
    filled *= shape[axis]!;
  }
  return indices;
}
