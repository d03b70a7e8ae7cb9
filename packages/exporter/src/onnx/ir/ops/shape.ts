// Operators that move, cut or rename elements without computing with them.

import { broadcastShape, broadcastTo } from '../broadcast.js';
import {
  integersOf,
  newTensor,
  numberAttribute,
  numbersAttribute,
  type OperatorCall,
  requireInput,
  shapeMismatch,
  stringAttribute,
  unsupportedVariant,
} from '../operator.js';
import { elementsOf, int64Tensor, normalizeAxis, reshaped, stridesOf, type Tensor } from '../tensor.js';

export function Identity(call: OperatorCall): Tensor[] {
  return [requireInput(call, 0)];
}

export function Shape(call: OperatorCall): Tensor[] {
  const { shape } = requireInput(call, 0);
  return [int64Tensor(shape.slice(numberAttribute(call, 'start', 0), numberAttribute(call, 'end', shape.length)))];
}

/** To a matrix: the dimensions before the axis and those from it on. */
export function Flatten(call: OperatorCall): Tensor[] {
  const x = requireInput(call, 0);
  const given = numberAttribute(call, 'axis', 1);
  const axis = given === x.shape.length ? given : normalizeAxis(given, x.shape.length);
  return [reshaped(x, [elementsOf(x.shape.slice(0, axis)), elementsOf(x.shape.slice(axis))])];
}

/** 0 keeps a dimension unless `allowzero`, −1 is what remains. */
export function Reshape(call: OperatorCall): Tensor[] {
  const [x, wanted] = [requireInput(call, 0), integersOf(requireInput(call, 1))];
  const zeroIsZero = numberAttribute(call, 'allowzero', 0) !== 0;
  const shape = wanted.map((d, axis) => (d === 0 && !zeroIsZero ? (x.shape[axis] ?? -2) : d));
  const free = shape.indexOf(-1);
  if (free !== -1) {
    const others = elementsOf(shape.filter((_, axis) => axis !== free));
    shape[free] = others === 0 ? 0 : x.data.length / others;
  }
  if (shape.some((d) => d < 0 || !Number.isInteger(d)) || elementsOf(shape) !== x.data.length) {
    throw shapeMismatch('Reshape', x.shape, wanted);
  }
  return [reshaped(x, shape)];
}

/** Axes are an attribute before opset 13. */
export function Unsqueeze(call: OperatorCall): Tensor[] {
  const x = requireInput(call, 0);
  const axes = numbersAttribute(call, 'axes') ?? integersOf(requireInput(call, 1));
  const rank = x.shape.length + axes.length;
  const inserted = new Set(axes.map((axis) => normalizeAxis(axis, rank)));
  if (inserted.size !== axes.length) throw shapeMismatch('Unsqueeze', x.shape, axes);
  const remaining = [...x.shape];
  return [
    reshaped(
      x,
      Array.from({ length: rank }, (_, axis) => (inserted.has(axis) ? 1 : remaining.shift()!)),
    ),
  ];
}

/** Axes are an attribute before opset 13; without them all dimensions of 1 go. */
export function Squeeze(call: OperatorCall): Tensor[] {
  const x = requireInput(call, 0);
  const given = numbersAttribute(call, 'axes') ?? (call.inputs[1] && integersOf(call.inputs[1]));
  const axes = given?.map((axis) => normalizeAxis(axis, x.shape.length));
  if (axes?.some((axis) => x.shape[axis] !== 1)) throw shapeMismatch('Squeeze', x.shape, axes);
  return [
    reshaped(
      x,
      x.shape.filter((d, axis) => (axes ? !axes.includes(axis) : d !== 1)),
    ),
  ];
}

export function Transpose(call: OperatorCall): Tensor[] {
  const x = requireInput(call, 0);
  const order = numbersAttribute(call, 'perm') ?? [...x.shape.keys()].reverse();
  if (
    order.length !== x.shape.length ||
    new Set(order).size !== order.length ||
    order.some((a) => x.shape[a] === undefined)
  ) {
    throw shapeMismatch('Transpose', x.shape, order);
  }
  const strides = stridesOf(x.shape);
  return [
    strided(
      call,
      x,
      order.map((axis) => x.shape[axis]!),
      order.map((axis) => strides[axis]!),
      0,
    ),
  ];
}

export function Expand(call: OperatorCall): Tensor[] {
  const [x, wanted] = [requireInput(call, 0), integersOf(requireInput(call, 1))];
  return [broadcastTo(call, x, broadcastShape(x.shape, wanted))];
}

export function Concat(call: OperatorCall): Tensor[] {
  const tensors = call.inputs.map((_, index) => requireInput(call, index));
  const first = requireInput(call, 0);
  const axis = normalizeAxis(numberAttribute(call, 'axis', 0), first.shape.length);
  for (const { shape } of tensors) {
    if (shape.length !== first.shape.length || shape.some((d, k) => k !== axis && d !== first.shape[k])) {
      throw shapeMismatch('Concat', first.shape, shape);
    }
  }
  const length = tensors.reduce((sum, { shape }) => sum + shape[axis]!, 0);
  const out = newTensor(
    call,
    first.type,
    first.shape.map((d, k) => (k === axis ? length : d)),
  );
  const outer = elementsOf(first.shape.slice(0, axis));
  const inner = elementsOf(first.shape.slice(axis + 1));
  for (let o = 0, p = 0; o < outer; o++) {
    for (const { data, shape } of tensors) {
      const block = shape[axis]! * inner;
      out.data.set(data.subarray(o * block, (o + 1) * block), p);
      p += block;
    }
  }
  return [out];
}

export function Gather(call: OperatorCall): Tensor[] {
  const [x, indices] = [requireInput(call, 0), requireInput(call, 1)];
  const axis = normalizeAxis(numberAttribute(call, 'axis', 0), x.shape.length);
  const length = x.shape[axis]!;
  const inner = elementsOf(x.shape.slice(axis + 1));
  const outer = elementsOf(x.shape.slice(0, axis));
  const out = newTensor(call, x.type, [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)]);
  for (let o = 0, p = 0; o < outer; o++) {
    for (let k = 0; k < indices.data.length; k++, p += inner) {
      const index = normalizeAxis(indices.data[k]!, length);
      const from = (o * length + index) * inner;
      out.data.set(x.data.subarray(from, from + inner), p);
    }
  }
  return [out];
}

/** Starts, ends, axes and steps are inputs since opset 10. */
export function Slice(call: OperatorCall): Tensor[] {
  const x = requireInput(call, 0);
  const [starts, ends] = [integersOf(requireInput(call, 1)), integersOf(requireInput(call, 2))];
  const axes = call.inputs[3] ? integersOf(call.inputs[3]) : starts.map((_, k) => k);
  const steps = call.inputs[4] ? integersOf(call.inputs[4]) : starts.map(() => 1);
  if (ends.length !== starts.length || axes.length !== starts.length || steps.length !== starts.length) {
    throw shapeMismatch('Slice', [starts.length], [ends.length], [axes.length], [steps.length]);
  }
  const shape = [...x.shape];
  const strides = stridesOf(x.shape);
  let offset = 0;
  axes.forEach((given, k) => {
    const axis = normalizeAxis(given, x.shape.length);
    const length = x.shape[axis]!;
    const step = steps[k]!;
    if (step === 0) throw shapeMismatch('Slice with a step of 0', x.shape);
    const [low, high] = step > 0 ? [0, length] : [-1, length - 1];
    const clamp = (position: number) => Math.min(high, Math.max(low, position < 0 ? position + length : position));
    const from = step > 0 ? clamp(starts[k]!) : Math.min(length - 1, clamp(starts[k]!));
    shape[axis] = Math.max(0, Math.ceil((clamp(ends[k]!) - from) / step));
    offset += from * strides[axis]!;
    strides[axis] = strides[axis]! * step;
  });
  return [strided(call, x, shape, strides, offset)];
}

/** Constant padding; negative pads cut. Pads are inputs since opset 11. */
export function Pad(call: OperatorCall): Tensor[] {
  const mode = stringAttribute(call, 'mode', 'constant');
  if (mode !== 'constant') throw unsupportedVariant(`Pad with mode ${mode}`);
  const x = requireInput(call, 0);
  const pads = integersOf(requireInput(call, 1));
  const axes = call.inputs[3]
    ? integersOf(call.inputs[3]).map((axis) => normalizeAxis(axis, x.shape.length))
    : [...x.shape.keys()];
  if (pads.length !== 2 * axes.length) throw shapeMismatch('Pad', x.shape, pads);
  const [before, after] = [x.shape.map(() => 0), x.shape.map(() => 0)];
  axes.forEach((axis, k) => {
    before[axis] = pads[k]!;
    after[axis] = pads[k + axes.length]!;
  });
  const out = newTensor(
    call,
    x.type,
    x.shape.map((d, axis) => d + before[axis]! + after[axis]!),
  );
  out.data.fill(call.inputs[2]?.data[0] ?? 0);
  const [from, to] = [stridesOf(x.shape), stridesOf(out.shape)];
  const position = x.shape.map(() => 0);
  for (let i = 0; i < x.data.length; i++) {
    let target = 0;
    let inside = true;
    for (let axis = 0; axis < position.length; axis++) {
      position[axis] = (Math.floor(i / from[axis]!) % x.shape[axis]!) + before[axis]!;
      inside &&= position[axis]! >= 0 && position[axis]! < out.shape[axis]!;
      target += position[axis]! * to[axis]!;
    }
    if (inside) out.data[target] = x.data[i]!;
  }
  return [out];
}

/** out[p0, p1, …] = x[offset + Σ p·stride]. */
function strided(
  call: OperatorCall,
  x: Tensor,
  shape: readonly number[],
  strides: readonly number[],
  offset: number,
): Tensor {
  const out = newTensor(call, x.type, shape);
  const position = shape.map(() => 0);
  let source = offset;
  for (let i = 0; i < out.data.length; i++) {
    out.data[i] = x.data[source]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      source += strides[axis]!;
      if (++position[axis]! < shape[axis]!) break;
      source -= position[axis]! * strides[axis]!;
      position[axis] = 0;
    }
  }
  return out;
}
