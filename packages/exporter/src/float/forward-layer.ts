// One layer of a FloatNetwork on several samples, in float64: for calibration, and exact on integers below 2^53.
import { chooseGroups, elementCount } from '@bitnetmcu/models/internal';
import { roundHalfEven } from '@bitnetmcu/quant/internal';
import { unknownValue } from '../unknown-value.js';
import { convolve } from './convolution.js';
import { dotProducts } from './dot-products.js';
import type {
  FloatConv2d,
  FloatCrop,
  FloatDynamicNorm,
  FloatLayer,
  FloatLinear,
  FloatPool2d,
  FloatTopGroups,
} from './float-network.js';
import { averagePool, maxPool } from './pooling.js';
import { symmetricWindows } from './windows.js';

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
    case 'activation':
      return layer.apply(x);
    case 'topRelu':
      return forwardTopRelu(x, count);
    case 'topGroups':
      return forwardTopGroups(layer, x, inputs[1]!, count);
    case 'maxPool2d':
    case 'avgPool2d':
      return forwardPool(layer, x, count);
    case 'crop':
      return forwardCrop(layer, x, count);
    case 'flatten':
      return x;
    case 'add': {
      const { scale = 1 } = layer;
      return x.map((value, i) => scale * value + inputs[1]![i]!);
    }
    case 'affine': {
      const map = elementCount(layer.shape) / layer.factor.length;
      return x.map((value, i) => {
        const c = Math.floor(i / map) % layer.factor.length;
        return value * layer.factor[c]! + layer.offset[c]!;
      });
    }
    case 'staticQuantization':
      return x.map((value) =>
        Math.min(layer.high, Math.max(layer.low, roundHalfEven(value / layer.step) * layer.step)),
      );
    case 'dynamicNorm':
      return forwardNorm(layer, x, count);
    default:
      throw unknownValue('layer', layer);
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
  const { inShape, outChannels, groups, kernel, stride, padding } = layer;
  const windows = symmetricWindows(inShape, kernel, stride, padding);
  const out = new Float64Array(count * elementCount(layer.shape));
  const geometry = { batch: count, channels: inShape[0], outChannels, groups, windows };
  convolve(x, Float64Array.from(weight), bias, geometry, out);
  return out;
}

function forwardPool(layer: FloatPool2d, x: Float64Array, count: number): Float64Array {
  const { inShape, size, stride, padding, countIncludePad } = layer;
  const windows = symmetricWindows(inShape, size, stride, padding);
  const out = new Float64Array(count * elementCount(layer.shape));
  const maps = count * inShape[0];
  if (layer.op === 'maxPool2d') maxPool(x, maps, windows, out);
  else averagePool(x, maps, windows, countIncludePad, out);
  return out;
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
  const features = elementCount(layer.shape);
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
      const value = layer.quantized ? (roundHalfEven((x[i]! * 127) / max) * max) / 127 : x[i]!;
      out[i] = value * factor;
    }
  }
  return out;
}

function forwardTopRelu(x: Float64Array, count: number): Float64Array {
  const features = x.length / count;
  const y = new Float64Array(x.length);
  for (let from = 0; from < x.length; from += features) {
    const sample = x.subarray(from, from + features);
    const half = sample.reduce((most, value) => Math.max(most, value), 0) / 2;
    for (let i = 0; i < features; i++) y[from + i] = 2 * Math.max(0, sample[i]! - half);
  }
  return y;
}

function forwardTopGroups(
  { keep }: FloatTopGroups,
  x: Float64Array,
  scores: Float64Array,
  count: number,
): Float64Array {
  const groups = scores.length / count;
  const size = x.length / scores.length;
  const kept = new Uint8Array(groups);
  const y = x.slice();
  for (let s = 0; s < count; s++) {
    chooseGroups(scores.subarray(s * groups, (s + 1) * groups), keep, kept);
    kept.forEach((isKept, group) => {
      const from = (s * groups + group) * size;
      if (!isKept) y.fill(0, from, from + size);
    });
  }
  return y;
}
