// An independent forward pass in doubles, layer by layer with plain loops: what the engine's results are checked against.

import { inferShapes, type Layer, type LayerOf, type NetworkSpec, type Shape } from '@bitnetmcu/models';
import { applyActivation } from '@bitnetmcu/models/internal';
import { inverseScalesFromClips, quantizeWeights } from '@bitnetmcu/quant';
import { roundHalfEven } from '@bitnetmcu/quant/internal';
import { unknownValue } from '../../arguments.js';
import type { Samples } from '../engine.js';

export type Values = Float64Array;
/** As TrainedNetwork.parameters, in doubles. */
export type Parameters = Readonly<Record<string, ArrayLike<number>>>;

export interface ForwardOptions {
  /** Rounds weights and activations as the layers say; default: nothing is rounded. */
  readonly quantized?: boolean;
  /** Batch norm takes running statistics. */
  readonly evaluation?: boolean;
}

/** Logits of a batch. */
export function forward(
  spec: NetworkSpec,
  parameters: Parameters,
  batch: readonly Values[],
  options: ForwardOptions = {},
): Values[] {
  const tensors = new Map<string, readonly Values[]>([['input', batch.map((sample) => preprocess(spec, sample))]]);
  let last: readonly Values[] = [];
  for (const { layer, inputs, inputShapes, outputShape } of inferShapes(spec)) {
    last = layerForward(
      layer,
      parameters,
      inputs.map((name) => tensors.get(name)!),
      inputShapes[0]!,
      outputShape,
      options,
    );
    tensors.set(layer.name, last);
  }
  return [...last];
}

export function sampleBatch({ bytes, count }: Samples, numbers: Iterable<number>): Values[] {
  const features = bytes.length / count;
  return Array.from(numbers, (n) => Float64Array.from(bytes.subarray(n * features, (n + 1) * features)));
}

function preprocess({ input: { preprocessing } }: NetworkSpec, sample: Values): Values {
  const { divisor, mean, deviation } = preprocessing;
  return sample.map((raw) => (raw / divisor - mean) / deviation);
}

function layerForward(
  layer: Layer,
  parameters: Parameters,
  inputs: readonly (readonly Values[])[],
  inputShape: Shape,
  outputShape: Shape,
  options: ForwardOptions,
): readonly Values[] {
  const batch = inputs[0]!;
  switch (layer.type) {
    case 'linear':
      return linear(layer, parameters, batch, options);
    case 'conv2d':
      return batch.map((x) => conv2d(layer, parameters, x, inputShape, outputShape, options));
    case 'activation':
      return batch.map((x) => x.map((value) => applyActivation(layer.function, value)));
    case 'topRelu':
      return batch.map((x) => {
        const half = Math.max(0, ...x) / 2;
        return x.map((value) => 2 * Math.max(0, value - half));
      });
    case 'topGroups':
      return batch.map((x, s) => {
        const scores = inputs[1]![s]!;
        const threshold = [...scores].sort((a, b) => b - a)[layer.keep - 1]!;
        const size = x.length / scores.length;
        return x.map((value, i) => (scores[Math.floor(i / size)]! >= threshold ? value : 0));
      });
    case 'maxPool2d':
      return batch.map((x) => pool(x, inputShape, outputShape, layer, (window) => Math.max(...window)));
    case 'avgPool2d':
      return batch.map((x) =>
        pool(x, inputShape, outputShape, layer, (window) => {
          const count = layer.countIncludePad ? layer.size[0] * layer.size[1] : window.length;
          return window.reduce((a, b) => a + b) / count;
        }),
      );
    case 'crop':
      return batch.map((x) => crop(layer, x, inputShape));
    case 'add':
      return batch.map((x, s) => {
        const scale = layer.scale === 'learned' ? parameters[`${layer.name}.scale`]![0]! : 1;
        return x.map((value, i) => scale * value + inputs[1]![s]![i]!);
      });
    case 'flatten':
    case 'dropout':
      return batch;
    case 'custom':
      throw new Error(`Layer '${layer.name}' is of a custom kind, which has no second implementation.`);
    default:
      throw unknownValue('layer', layer);
  }
}

function linear(
  layer: LayerOf<'linear'>,
  parameters: Parameters,
  batch: readonly Values[],
  options: ForwardOptions,
): Values[] {
  const weights = layerWeights(layer, parameters, layer.outputs, options);
  const inputs = weights.length / layer.outputs;
  return norm(layer, parameters, batch, options).map((normed) => {
    const x = options.quantized && layer.activationQuantizer === 'max-abs' ? maxAbs(normed) : normed;
    return Float64Array.from({ length: layer.outputs }, (_, o) => {
      let sum = parameters[`${layer.name}.bias`]?.[o] ?? 0;
      for (let i = 0; i < inputs; i++) sum += weights[o * inputs + i]! * x[i]!;
      return sum;
    });
  });
}

function norm(
  { name, norm }: LayerOf<'linear'>,
  parameters: Parameters,
  batch: readonly Values[],
  { evaluation }: ForwardOptions,
): Values[] {
  const mean = (x: Values) => x.reduce((a, b) => a + b, 0) / x.length;
  const affine = (value: number, i: number) =>
    value * parameters[`${name}.norm.gain`]![i]! + parameters[`${name}.norm.shift`]![i]!;
  switch (norm) {
    case 'none':
      return [...batch];
    case 'rms':
      return batch.map((x) => x.map((value) => value / Math.sqrt(mean(x.map((v) => v * v)) + 1e-6)));
    case 'l1':
      return batch.map((x) => x.map((value) => value / (mean(x.map(Math.abs)) + 1e-6)));
    case 'layer':
      return batch.map((x) => {
        const centre = mean(x);
        const deviation = Math.sqrt(mean(x.map((v) => (v - centre) ** 2)) + 1e-5);
        return x.map((value, i) => affine((value - centre) / deviation, i));
      });
    case 'batch': {
      const columns = Array.from(batch[0]!, (_, i) => Float64Array.from(batch, (x) => x[i]!));
      const means = columns.map((column, i) => (evaluation ? parameters[`${name}.norm.mean`]![i]! : mean(column)));
      const variances = columns.map((column, i) =>
        evaluation ? parameters[`${name}.norm.variance`]![i]! : mean(column.map((v) => (v - means[i]!) ** 2)),
      );
      return batch.map((x) => x.map((value, i) => affine((value - means[i]!) / Math.sqrt(variances[i]! + 1e-5), i)));
    }
    default:
      throw unknownValue('norm', norm);
  }
}

function maxAbs(x: Values): Values {
  const largest = x.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
  return x.map((value) => (largest === 0 ? 0 : (roundHalfEven((value * 127) / largest) * largest) / 127));
}

function layerWeights(
  layer: LayerOf<'linear'> | LayerOf<'conv2d'>,
  parameters: Parameters,
  outputs: number,
  options: ForwardOptions,
): ArrayLike<number> {
  const weights = unmaskedWeights(layer, parameters, outputs, options);
  const mask = parameters[`${layer.name}.mask`];
  return mask === undefined ? weights : Float64Array.from(weights, (weight, i) => (mask[i] === 0 ? 0 : weight));
}

function unmaskedWeights(
  layer: LayerOf<'linear'> | LayerOf<'conv2d'>,
  parameters: Parameters,
  outputs: number,
  { quantized }: ForwardOptions,
): ArrayLike<number> {
  const weights = parameters[`${layer.name}.weight`]!;
  if (!quantized || layer.weights.format === 'None') return weights;
  const inverseScales = inverseScalesFromClips(layer.weights.format, parameters[`${layer.name}.clip`]!);
  return quantizeWeights(layer.weights.format, weights, { outputs, inverseScales }).dequantized;
}

function conv2d(
  layer: LayerOf<'conv2d'>,
  parameters: Parameters,
  input: Values,
  [channels, height, width]: Shape,
  [outChannels, outHeight, outWidth]: Shape,
  options: ForwardOptions,
): Values {
  const x = options.quantized && layer.activationQuantizer === 'max-abs' ? maxAbs(input) : input;
  const weights = layerWeights(layer, parameters, outChannels, options);
  const groups = layer.groups === 'depthwise' ? channels : layer.groups;
  const [kernelHeight, kernelWidth] = layer.kernel;
  const [perGroup, outPerGroup] = [channels / groups, outChannels / groups];
  const output = new Float64Array(outChannels * outHeight! * outWidth!);
  let at = 0;
  for (let o = 0; o < outChannels; o++)
    for (let y = 0; y < outHeight!; y++)
      for (let z = 0; z < outWidth!; z++) {
        let sum = parameters[`${layer.name}.bias`]?.[o] ?? 0;
        for (let c = 0; c < perGroup; c++)
          for (let ky = 0; ky < kernelHeight; ky++)
            for (let kx = 0; kx < kernelWidth; kx++) {
              const row = y * layer.stride[0] + ky - layer.padding[0];
              const column = z * layer.stride[1] + kx - layer.padding[1];
              if (row < 0 || column < 0 || row >= height! || column >= width!) continue;
              const channel = Math.floor(o / outPerGroup) * perGroup + c;
              sum +=
                weights[((o * perGroup + c) * kernelHeight + ky) * kernelWidth + kx]! *
                x[(channel * height! + row) * width! + column]!;
            }
        output[at++] = sum;
      }
  return output;
}

function pool(
  x: Values,
  [, height, width]: Shape,
  [channels, outHeight, outWidth]: Shape,
  { size, stride = size, padding }: LayerOf<'maxPool2d'> | LayerOf<'avgPool2d'>,
  reduce: (window: number[]) => number,
): Values {
  const output = new Float64Array(channels * outHeight! * outWidth!);
  output.forEach((_, i) => {
    const [c, y, z] = [Math.floor(i / (outHeight! * outWidth!)), Math.floor(i / outWidth!) % outHeight!, i % outWidth!];
    const window: number[] = [];
    for (let k = 0; k < size[0] * size[1]; k++) {
      const row = y * stride[0] - padding[0] + Math.floor(k / size[1]);
      const column = z * stride[1] - padding[1] + (k % size[1]);
      if (row < 0 || column < 0 || row >= height! || column >= width!) continue;
      window.push(x[(c * height! + row) * width! + column]!);
    }
    output[i] = reduce(window);
  });
  return output;
}

function crop({ top, left, height, width }: LayerOf<'crop'>, x: Values, [channels, , inWidth]: Shape): Values {
  const inSize = x.length / channels;
  return Float64Array.from({ length: channels * height * width }, (_, i) => {
    const [c, y, z] = [Math.floor(i / (height * width)), Math.floor(i / width) % height, i % width];
    return x[c * inSize + (top + y) * inWidth! + left + z]!;
  });
}
