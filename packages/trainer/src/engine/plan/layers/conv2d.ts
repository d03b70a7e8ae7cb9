// Convolutions that are not part of a chain: any kernel, stride, padding and groups, one sample a lane.
import type { LayerOf } from '@bitnetmcu/models';
import { padded } from '../arena.js';
import { uniformWeights } from '../initial-weights.js';
import { planLinearInput } from '../linear-input.js';
import type { PlanBuilder } from '../plan-builder.js';
import { recordWords, windowFields } from '../records.js';
import type { Tensor } from '../tensor.js';
import { emitScaleGradients, planWeights } from '../weight-quantization.js';
import type { LayerContext } from './layer-plan.js';

export function planConv2d(
  plan: PlanBuilder,
  layer: LayerOf<'conv2d'>,
  [input]: readonly [Tensor, ...Tensor[]],
  context: LayerContext,
): Tensor {
  const { outputShape, readers, random } = context;
  const [channels, height, width] = input.shape as readonly [number, number, number];
  const [outChannels, outHeight, outWidth] = outputShape as readonly [number, number, number];
  const groups = layer.groups === 'depthwise' ? channels : layer.groups;
  const taps = (channels / groups) * layer.kernel[0] * layer.kernel[1];
  const x = planLinearInput(plan, { ...layer, norm: 'none' }, input);
  const positives = plan.arena.allocate(2);
  const weights = planWeights(
    plan,
    layer.name,
    [outChannels, taps],
    layer.weights,
    uniformWeights(random, outChannels, taps),
    positives,
  );
  const bias = layer.bias
    ? plan.parameter(`${layer.name}.bias`, [1, outChannels], new Float32Array(outChannels), {
        mask: weights.parameter.mask,
      })
    : null;
  const output = plan.tensor(outputShape, { needsGradient: true, readers, unit: undefined });
  // Rows of samples as vectors, one lane a sample: batches are filled up to whole vectors of any instruction set.
  const lanes = padded(plan.options.batchSize);
  const common = {
    input: x.offset,
    inputStride: x.stride,
    geometry: plan.arena.allocateWords(
      recordWords('Convolution', {
        ...{ channels, height, width, outChannels, outHeight, outWidth, groups },
        ...windowFields(layer),
      }),
    ),
    quantized: weights.quantized,
    quantizedStride: weights.stride,
    inputLanes: plan.arena.allocate(
      channels * (height + 2 * layer.padding[0]) * (width + 2 * layer.padding[1]) * lanes,
    ),
    outputLanes: plan.arena.allocate(outChannels * outHeight * outWidth * lanes),
  };
  plan.emit('forward', 'convolution', {
    ...common,
    output: output.offset,
    outputStride: output.stride,
    bias: bias?.offset ?? 0,
  });
  const { offset, stride, features } = output;
  plan.emit('forward', 'countPositive', { values: offset, stride, features, count: positives }, { phase: 'evaluate' });
  plan.onBackward(() => {
    const emit = (inputGradient: number): void =>
      plan.emit('backward', 'convolutionBackward', {
        ...common,
        gradient: plan.gradientOf(output),
        gradientStride: stride,
        weightGradient: weights.parameter.gradient,
        weightGradientStride: weights.parameter.gradientStride,
        biasGradient: bias?.gradient ?? 0,
        inputGradient,
      });
    if (x.needsGradient) x.backward(emit);
    else emit(0);
    emitScaleGradients(plan, weights);
  });
  return output;
}
