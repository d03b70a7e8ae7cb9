// Matrix products. Sums are kept in float64, so that the order of addition does not show in float32.

import { dotProducts } from '../../../float/dot-products.js';
import { broadcastShape, broadcastTo } from '../broadcast.js';
import { newTensor, numberAttribute, type OperatorCall, requireInput, shapeMismatch } from '../operator.js';
import { elementsOf, reshaped, type Tensor, type TensorData } from '../tensor.js';

/** As numpy.matmul: vectors, matrices and broadcast stacks of matrices. */
export function MatMul(call: OperatorCall): Tensor[] {
  const [left, right] = [requireInput(call, 0), requireInput(call, 1)];
  if (left.shape.length === 0 || right.shape.length === 0) throw shapeMismatch('MatMul', left.shape, right.shape);
  const a = left.shape.length === 1 ? reshaped(left, [1, left.shape[0]!]) : left;
  const b = right.shape.length === 1 ? reshaped(right, [right.shape[0]!, 1]) : right;
  const [rows, inner] = a.shape.slice(-2) as [number, number];
  const [innerB, columns] = b.shape.slice(-2) as [number, number];
  if (inner !== innerB) throw shapeMismatch('MatMul', left.shape, right.shape);
  const stack = broadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const shape = [...stack, rows, columns];
  const out = newTensor(call, a.type, shape);
  const [stackA, stackB] = [
    broadcastTo(call, a, [...stack, rows, inner]).data,
    broadcastTo(call, b, [...stack, inner, columns]).data,
  ];
  const matrices = elementsOf(stack);
  call.budget.work(matrices * rows * inner * columns);
  for (let m = 0; m < matrices; m++) {
    const matrix = (data: TensorData, length: number): Tensor => ({
      type: a.type,
      shape: [],
      data: data.subarray(m * length, (m + 1) * length),
    });
    const weights = rowsOf(matrix(stackB, inner * columns), false, columns, inner);
    const left = rowsOf(matrix(stackA, rows * inner), true, rows, inner);
    for (let r = 0; r < rows; r++) {
      const x = left.subarray(r * inner, (r + 1) * inner);
      dotProducts(weights, x, undefined, out.data, (m * rows + r) * columns, 1);
    }
  }
  const squeezed = shape.filter(
    (_, axis) =>
      !(axis === shape.length - 2 && left.shape.length === 1) &&
      !(axis === shape.length - 1 && right.shape.length === 1),
  );
  return [reshaped(out, squeezed)];
}

/** α·A·B + β·C with optional transposition. */
export function Gemm(call: OperatorCall): Tensor[] {
  const [a, b, c] = [requireInput(call, 0), requireInput(call, 1), call.inputs[2]];
  if (a.shape.length !== 2 || b.shape.length !== 2) throw shapeMismatch('Gemm', a.shape, b.shape);
  const [transA, transB] = [numberAttribute(call, 'transA', 0) !== 0, numberAttribute(call, 'transB', 0) !== 0];
  const [alpha, beta] = [numberAttribute(call, 'alpha', 1), numberAttribute(call, 'beta', 1)];
  const [rows, inner] = transA ? [a.shape[1]!, a.shape[0]!] : [a.shape[0]!, a.shape[1]!];
  const [innerB, columns] = transB ? [b.shape[1]!, b.shape[0]!] : [b.shape[0]!, b.shape[1]!];
  if (inner !== innerB) throw shapeMismatch('Gemm', a.shape, b.shape);
  const out = newTensor(call, a.type, [rows, columns]);
  if (c && broadcastShape(c.shape, out.shape).some((d, axis) => d !== out.shape[axis])) {
    throw shapeMismatch('Gemm', out.shape, c.shape);
  }
  const added = c && broadcastTo(call, c, out.shape).data;
  call.budget.work(rows * inner * columns);
  const weights = rowsOf(b, transB, columns, inner);
  const left = rowsOf(a, !transA, rows, inner);
  const sums = new Float64Array(columns);
  for (let r = 0; r < rows; r++) {
    dotProducts(weights, left.subarray(r * inner, (r + 1) * inner), undefined, sums, 0, 1);
    for (let column = 0, p = r * columns; column < columns; column++, p++) {
      out.data[p] = alpha * sums[column]! + (added ? beta * added[p]! : 0);
    }
  }
  return [out];
}

/** A matrix as float64 rows of `inner` values: as stored, or the columns of an inner×rows one. */
function rowsOf(matrix: Tensor, stored: boolean, rows: number, inner: number): Float64Array {
  if (stored) return Float64Array.from(matrix.data);
  const out = new Float64Array(rows * inner);
  for (let k = 0, i = 0; k < inner; k++) {
    for (let r = 0; r < rows; r++, i++) out[r * inner + k] = matrix.data[i]!;
  }
  return out;
}
