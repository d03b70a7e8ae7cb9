// Arithmetic on elements with broadcasting, as ONNX defines it. float32 results are rounded once, on being stored.
import { roundHalfEven } from '@bitnetmcu/quant/internal';
import { ExporterError } from '../../../errors.js';
import { broadcastBinary, broadcastShape, broadcastTo } from '../broadcast.js';
import { newTensor, type OperatorCall, requireInput } from '../operator.js';
import { isInteger, type Tensor } from '../tensor.js';

type Binary = (x: number, y: number) => number;

function binary(call: OperatorCall, f: Binary): Tensor[] {
  const [a, b] = [requireInput(call, 0), requireInput(call, 1)];
  if (a.type !== b.type) {
    throw new ExporterError(
      'onnx',
      `Operands of types ${a.type} and ${b.type} found, equal types wanted; the file is damaged`,
    );
  }
  return [broadcastBinary(call, a.type, a, b, f)];
}

function comparison(call: OperatorCall, f: (x: number, y: number) => boolean): Tensor[] {
  return [broadcastBinary(call, 'bool', requireInput(call, 0), requireInput(call, 1), (x, y) => (f(x, y) ? 1 : 0))];
}

function unary(call: OperatorCall, f: (x: number) => number): Tensor[] {
  const x = requireInput(call, 0);
  const out = newTensor(call, x.type, x.shape);
  for (let i = 0; i < x.data.length; i++) out.data[i] = f(x.data[i]!);
  return [out];
}

export function Add(call: OperatorCall): Tensor[] {
  return binary(call, (x, y) => x + y);
}

export function Sub(call: OperatorCall): Tensor[] {
  return binary(call, (x, y) => x - y);
}

export function Mul(call: OperatorCall): Tensor[] {
  return binary(call, (x, y) => x * y);
}

/** Integers are divided towards zero. */
export function Div(call: OperatorCall): Tensor[] {
  return isInteger(requireInput(call, 0).type)
    ? binary(call, (x, y) => (y === 0 ? 0 : Math.trunc(x / y)))
    : binary(call, (x, y) => x / y);
}

/** The exponent may be of another type. */
export function Pow(call: OperatorCall): Tensor[] {
  const [a, b] = [requireInput(call, 0), requireInput(call, 1)];
  return [broadcastBinary(call, a.type, a, b, (x, y) => (y === 2 ? x * x : x ** y))];
}

export function Min(call: OperatorCall): Tensor[] {
  return variadic(call, Math.min);
}

export function Max(call: OperatorCall): Tensor[] {
  return variadic(call, Math.max);
}

function variadic(call: OperatorCall, f: Binary): Tensor[] {
  return [
    call.inputs
      .slice(1)
      .reduce<Tensor>(
        (a, _, index) => broadcastBinary(call, a.type, a, requireInput(call, index + 1), f),
        requireInput(call, 0),
      ),
  ];
}

export function Equal(call: OperatorCall): Tensor[] {
  return comparison(call, (x, y) => x === y);
}

export function Greater(call: OperatorCall): Tensor[] {
  return comparison(call, (x, y) => x > y);
}

export function Less(call: OperatorCall): Tensor[] {
  return comparison(call, (x, y) => x < y);
}

export function Where(call: OperatorCall): Tensor[] {
  const [condition, a, b] = [requireInput(call, 0), requireInput(call, 1), requireInput(call, 2)];
  const shape = broadcastShape(condition.shape, broadcastShape(a.shape, b.shape));
  const [c, x, y] = [condition, a, b].map((tensor) => broadcastTo(call, tensor, shape)) as [Tensor, Tensor, Tensor];
  const out = newTensor(call, a.type, shape);
  for (let i = 0; i < out.data.length; i++) out.data[i] = c.data[i] ? x.data[i]! : y.data[i]!;
  return [out];
}

export function Neg(call: OperatorCall): Tensor[] {
  return unary(call, (x) => -x);
}

export function Abs(call: OperatorCall): Tensor[] {
  return unary(call, Math.abs);
}

export function Sign(call: OperatorCall): Tensor[] {
  return unary(call, Math.sign);
}

export function Sqrt(call: OperatorCall): Tensor[] {
  return unary(call, Math.sqrt);
}

export function Reciprocal(call: OperatorCall): Tensor[] {
  return unary(call, (x) => 1 / x);
}

export function Exp(call: OperatorCall): Tensor[] {
  return unary(call, Math.exp);
}

export function Log(call: OperatorCall): Tensor[] {
  return unary(call, Math.log);
}

export function Floor(call: OperatorCall): Tensor[] {
  return unary(call, Math.floor);
}

export function Ceil(call: OperatorCall): Tensor[] {
  return unary(call, Math.ceil);
}

/** Halves to even. */
export function Round(call: OperatorCall): Tensor[] {
  return unary(call, roundHalfEven);
}
