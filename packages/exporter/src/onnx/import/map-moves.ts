// Operators that move elements: nothing is computed until a layer reads them, which then has its weights in the moved order.
import { MAX_PADDING } from '@bitnetmcu/models/internal';
import type { OnnxNode } from '../ir/graph.js';
import { elementsOf } from '../ir/tensor.js';
import { movedOrder } from './element-order.js';
import type { Edges, Mapper, Refusal } from './mapper.js';

/** Transpose, Reshape, Flatten, Squeeze, Unsqueeze, Expand. */
export function mapMove(mapper: Mapper, node: OnnxNode): Refusal | undefined {
  const value = mapper.value(node.inputs[0]!);
  if (!value) return undefined;
  const moved = movedOrder(mapper.specialized, node, value.order, elementsOf(mapper.layerShape(value.layer)));
  if (!moved)
    return { reason: 'it moves values between samples', nearest: 'keep the batch in front, as x.flatten(1) does' };
  if (moved.order && moved.order.length < elementsOf(mapper.layerShape(value.layer)))
    return appendCrop(mapper, node, moved.order);
  return mapper.alias(node, { ...value, order: moved.order });
}

/** A Slice that leaves a window of every channel. */
function appendCrop(mapper: Mapper, node: OnnxNode, order: Int32Array): Refusal | undefined {
  const { layer } = mapper.value(node.inputs[0]!)!;
  const inShape = mapper.layerShape(layer);
  const refusal = {
    reason: `it takes ${order.length} of ${elementsOf(inShape)} values`,
    nearest: 'a window of the rows and columns of all channels is supported',
  };
  if (inShape.length !== 3 || order.length === 0) return refusal;
  const [channels, height, width] = inShape;
  const row = (element: number) => Math.floor(element / width) % height;
  const [top, bottom, left, right] = order.reduce(
    ([t, b, l, r], element) => [
      Math.min(t, row(element)),
      Math.max(b, row(element)),
      Math.min(l, element % width),
      Math.max(r, element % width),
    ],
    [height, 0, width, 0] as [number, number, number, number],
  );
  const [rows, columns] = [bottom - top + 1, right - left + 1];
  if (channels * rows * columns !== order.length) return refusal;
  const inside = order.map(
    (element) =>
      (Math.floor(element / (height * width)) * rows + row(element) - top) * columns + (element % width) - left,
  );
  const same = inside.every((element, i) => element === i);
  const crop = { op: 'crop', inShape, top, left } as const;
  const shape = [channels, rows, columns] as const;
  return mapper.append(mapper.names.numbered('crop'), node, [layer], crop, shape, same ? undefined : inside);
}

/** Zeros around maps, which the convolution behind takes as its padding. */
export function mapPad(mapper: Mapper, node: OnnxNode): Refusal | undefined {
  const value = mapper.value(node.inputs[0]!);
  const shape = mapper.specialized.shapes.get(node.inputs[0]!);
  const refusal = (reason: string): Refusal => ({
    reason,
    nearest: 'zeros around the rows and columns of maps, directly before a convolution, are supported',
  });
  const pads = mapper.constant(node, 1)?.data;
  const axes = mapper.constant(node, 3)?.data;
  if (!value || !shape) return undefined;
  if (!pads) return refusal('its sizes depend on the sample');
  const mode = node.attributes.get('mode') ?? 'constant';
  const filler = node.inputs[2] ? mapper.constant(node, 2)?.data[0] : 0;
  if (mode !== 'constant' || filler !== 0) return refusal(`it pads with ${mode === 'constant' ? filler : mode}`);
  const before = new Array<number>(shape.length).fill(0);
  const after = before.slice();
  const count = pads.length / 2;
  for (let k = 0; k < count; k++) {
    const axis = axes ? (axes[k]! + shape.length) % shape.length : k;
    [before[axis], after[axis]] = [pads[k]!, pads[count + k]!];
  }
  const isInside = before.slice(0, 2).every((pad, axis) => pad === 0 && after[axis] === 0);
  const sizes = [...before, ...after];
  if ((shape.length !== 4 && shape.length !== 3) || !isInside || sizes.some((pad) => pad < 0 || pad > MAX_PADDING)) {
    return refusal(`it pads ${shape.join('×')} by ${sizes.join(', ')}`);
  }
  if (value.quantized || value.zeros) return refusal('it pads what is padded or quantized already');
  const row = shape.length === 3 ? 0 : 2;
  const zeros: Edges = [row && before[row]!, before.at(-1)!, row && after[row]!, after.at(-1)!];
  return mapper.alias(node, { ...value, zeros });
}
