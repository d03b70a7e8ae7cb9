// Linear quantization: per tensor, or per slice of one axis.
import { roundHalfEven } from '@bitnetmcu/quant/internal';
import { ExporterError } from '../../../errors.js';
import {
  newTensor,
  numberAttribute,
  type OperatorCall,
  requireInput,
  shapeMismatch,
  unsupportedVariant,
} from '../operator.js';
import { type DataType, elementsOf, normalizeAxis, type Tensor } from '../tensor.js';

const RANGES: Partial<Record<DataType, readonly [number, number]>> = {
  int8: [-128, 127],
  uint8: [0, 255],
  int16: [-32_768, 32_767],
  uint16: [0, 65_535],
};

/** y = saturate(round-half-even(x/scale) + zero point), the division in float32. */
export function QuantizeLinear(call: OperatorCall): Tensor[] {
  const [x, scale, zeroPoint] = [requireInput(call, 0), requireInput(call, 1), call.inputs[2]];
  const type = zeroPoint?.type ?? (numberAttribute(call, 'output_dtype', 0) === 3 ? 'int8' : 'uint8');
  const range = RANGES[type];
  if (!range) throw unsupportedVariant(`QuantizeLinear to ${type}`);
  const slices = slicesOf(call, x, scale, zeroPoint);
  const out = newTensor(call, type, x.shape);
  for (let i = 0; i < out.data.length; i++) {
    const s = slices.count === 1 ? 0 : Math.floor(i / slices.inner) % slices.count;
    const level = roundHalfEven(Math.fround(x.data[i]! / scale.data[s]!)) + (zeroPoint?.data[s] ?? 0);
    out.data[i] = Math.min(range[1], Math.max(range[0], level));
  }
  return [out];
}

/** y = (x − zero point)·scale. */
export function DequantizeLinear(call: OperatorCall): Tensor[] {
  const [x, scale, zeroPoint] = [requireInput(call, 0), requireInput(call, 1), call.inputs[2]];
  if (x.type === 'float32' || x.type === 'float64') {
    throw new ExporterError('onnx', `DequantizeLinear reads ${x.type} values, integers wanted; the file is damaged`);
  }
  const slices = slicesOf(call, x, scale, zeroPoint);
  const out = newTensor(call, 'float32', x.shape);
  for (let i = 0; i < out.data.length; i++) {
    const s = slices.count === 1 ? 0 : Math.floor(i / slices.inner) % slices.count;
    out.data[i] = (x.data[i]! - (zeroPoint?.data[s] ?? 0)) * scale.data[s]!;
  }
  return [out];
}

/** Element i belongs to scale ⌊i/inner⌋ mod count. */
function slicesOf(call: OperatorCall, x: Tensor, scale: Tensor, zeroPoint: Tensor | undefined) {
  if (numberAttribute(call, 'block_size', 0) !== 0) throw unsupportedVariant('Blocked quantization (block_size)');
  const count = scale.data.length;
  if (count === 0 || (zeroPoint && zeroPoint.data.length !== count)) {
    throw shapeMismatch('quantization', scale.shape, zeroPoint?.shape ?? []);
  }
  if (count === 1) return { count: 1, inner: 1 };
  const axis = normalizeAxis(numberAttribute(call, 'axis', 1), x.shape.length);
  if (scale.shape.length !== 1 || x.shape[axis] !== count) throw shapeMismatch('quantization', x.shape, scale.shape);
  return { count, inner: elementsOf(x.shape.slice(axis + 1)) };
}
