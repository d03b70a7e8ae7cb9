// One layer of a FloatNetwork on several samples, in float64: for calibration, and exact on integers below 2^53.
import { Budget } from '../onnx/ir/budget.js';
import type { AttributeValue } from '../onnx/ir/graph.js';
import type { Operator } from '../onnx/ir/operator.js';
import { roundHalfEvenWide } from '../onnx/ir/ops/arithmetic.js';
import { Conv } from '../onnx/ir/ops/convolution.js';
import { AveragePool, MaxPool } from '../onnx/ir/ops/pooling.js';
import { elementsOf, type Tensor, type TensorData } from '../onnx/ir/tensor.js';
import { dotProducts } from './dot-products.js';
import type {
  FloatConv2d,
  FloatCrop,
  FloatDynamicNorm,
  FloatLayer,
  FloatLinear,
  FloatPool2d,
} from './float-network.js';

/** No limit: the network has passed the import's limits, and the caller chooses the number of samples. */
const UNLIMITED = {
  maxTensorElements: Number.MAX_SAFE_INTEGER,
  maxTotalElements: Number.MAX_SAFE_INTEGER,
  maxOperations: Number.MAX_SAFE_INTEGER,
};

/** Weights and biases to use in the place of a layer's own. */
export interface Override {
  readonly weight: ArrayLike<number>;
  readonly bias: ArrayLike<number> | undefined;
}

/**
 * Outputs of a layer for `count` samples.
 * @param inputs one array for each of the layer's inputs, samples one after another.
 */
export function forwardLayer(
  layer: FloatLayer,
  inputs: readonly Float64Array[],
  count: number,
  override?: Override,
): Float64Array {
  const x = inputs[0]!;
  switch (layer.op) {
    case 'linear':
      return forwardLinear(layer, x, count, override ?? layer);
    case 'conv2d':
      return forwardConv(layer, x, count, override ?? layer);
    case 'relu':
      return x.map((value) => Math.min(layer.limit, Math.max(0, value)));
    case 'maxPool2d':
    case 'avgPool2d':
      return forwardPool(layer, x, count);
    case 'crop':
      return forwardCrop(layer, x, count);
    case 'flatten':
      return x;
    case 'add':
      return x.map((value, i) => value + inputs[1]![i]!);
    case 'affine': {
      const map = elementsOf(layer.shape) / layer.scale.length;
      return x.map((value, i) => {
        const c = Math.floor(i / map) % layer.scale.length;
        return value * layer.scale[c]! + layer.offset[c]!;
      });
    }
    case 'staticQuantization':
      return x.map((value) =>
        Math.min(layer.high, Math.max(layer.low, roundHalfEvenWide(value / layer.step) * layer.step)),
      );
    case 'dynamicNorm':
      return forwardNorm(layer, x, count);
    default:
      return layer satisfies never;
  }
}

function forwardLinear(layer: FloatLinear, x: Float64Array, count: number, { weight, bias }: Override): Float64Array {
  const rows = Float64Array.from(weight);
  const out = new Float64Array(count * layer.outFeatures);
  for (let s = 0; s < count; s++) {
    const sample = x.subarray(s * layer.inFeatures, (s + 1) * layer.inFeatures);
    dotProducts(rows, sample, bias, out, s * layer.outFeatures, 1);
  }
  return out;
}

function forwardConv(layer: FloatConv2d, x: Float64Array, count: number, { weight, bias }: Override): Float64Array {
  const [vertical, horizontal] = layer.padding;
  const tensors = [
    float64(x, [count, ...layer.inShape]),
    float64(Float64Array.from(weight), [layer.outChannels, layer.inShape[0] / layer.groups, ...layer.kernel]),
    bias ? float64(Float64Array.from(bias), [layer.outChannels]) : undefined,
  ];
  return run(Conv, tensors, {
    kernel_shape: layer.kernel,
    strides: layer.stride,
    pads: [vertical, horizontal, vertical, horizontal],
    group: layer.groups,
  });
}

function forwardPool(layer: FloatPool2d, x: Float64Array, count: number): Float64Array {
  const operator = layer.op === 'maxPool2d' ? MaxPool : AveragePool;
  const [vertical, horizontal] = layer.padding;
  return run(operator, [float64(x, [count, ...layer.inShape])], {
    kernel_shape: layer.size,
    strides: layer.stride,
    pads: [vertical, horizontal, vertical, horizontal],
    count_include_pad: Number(layer.countIncludePad),
  });
}

function forwardCrop({ inShape, shape, top, left }: FloatCrop, x: Float64Array, count: number): Float64Array {
  const [, inHeight, inWidth] = inShape;
  const [channels, height, width] = shape as readonly [number, number, number];
  const out = new Float64Array(count * channels * height * width);
  for (let map = 0, at = 0; map < count * channels; map++) {
    for (let y = 0; y < height; y++, at += width) {
      const start = (map * inHeight + top + y) * inWidth + left;
      out.set(x.subarray(start, start + width), at);
    }
  }
  return out;
}

function forwardNorm(layer: FloatDynamicNorm, x: Float64Array, count: number): Float64Array {
  const features = elementsOf(layer.shape);
  const out = new Float64Array(x.length);
  for (let start = 0; start < count * features; start += features) {
    let [max, squares, magnitudes] = [0, 0, 0];
    for (let i = start; i < start + features; i++) {
      max = Math.max(max, Math.abs(x[i]!));
      squares += x[i]! ** 2;
      magnitudes += Math.abs(x[i]!);
    }
    if (max === 0) continue;
    const factor =
      layer.norm === 'rms' ? 1 / Math.sqrt(squares / features) : layer.norm === 'l1' ? features / magnitudes : 1;
    for (let i = start; i < start + features; i++) {
      const value = layer.quantized ? (roundHalfEvenWide((x[i]! * 127) / max) * max) / 127 : x[i]!;
      out[i] = value * factor;
    }
  }
  return out;
}

function run(
  operator: Operator,
  inputs: readonly (Tensor | undefined)[],
  attributes: Readonly<Record<string, AttributeValue>>,
): Float64Array {
  const budget = new Budget(UNLIMITED);
  const call = { inputs, attributes: new Map(Object.entries(attributes)), opset: 21, outputs: 1, budget };
  return operator(call)[0]!.data as Float64Array;
}

function float64(data: TensorData, shape: readonly number[]): Tensor {
  return { type: 'float64', shape, data };
}
