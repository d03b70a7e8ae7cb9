// Convolution layer: fake quantization of its input where asked for, then a convolution with fake-quantized weights.
import type { LayerOf } from '@bitnetmcu/models';
import { elementCount, weightDimensions } from '@bitnetmcu/models/internal';
import { uniformWeights } from '../../plan/initial-weights.js';
import { fakeQuantize } from '../activation-quantization.js';
import { convolve, depthwiseConvolve } from '../convolution.js';
import type { Activations, ForwardPass, LayerForward } from '../forward-pass.js';
import type { Tensor2D, Tensor4D } from '../tensors.js';
import type { LayerBuilder } from './layer-builder.js';

export function buildConv2d(
  layer: LayerOf<'conv2d'>,
  { store, inputShape, outputShape, random }: LayerBuilder,
): LayerForward {
  const { name, channels, kernel, stride, padding } = layer;
  const inChannels = inputShape[0];
  const { perOutput, groups } = weightDimensions(layer, inputShape);
  const weights = store.addWeights({
    layer: name,
    name: `${name}.weight`,
    clipName: `${name}.clip`,
    shape: [channels, inChannels / groups, ...kernel],
    initial: uniformWeights(random, channels, perOutput),
    quantizer: layer.weights,
  });
  const bias = layer.bias ? store.add(`${name}.bias`, [channels], new Float32Array(channels)).name : null;
  const none: [number, number] = [0, 0];
  const [vertical, horizontal] = padding;
  return (input, pass) => {
    const { runtime } = pass;
    const { tf } = runtime;
    let x = quantizedInput(layer, input, pass);
    if (vertical + horizontal > 0) x = tf.pad(x, [none, [vertical, vertical], [horizontal, horizontal], none]);
    const w = pass.parameter(weights.parameter.name) as Tensor4D;
    let product: Tensor4D;
    if (groups > 1 && groups === inChannels) {
      // Output o reads channel ⌊o/multiplier⌋, as TensorFlow's depthwise filters [height, width, channel, multiplier] do.
      const filter = w.reshape([inChannels, channels / inChannels, ...kernel]);
      product = depthwiseConvolve(runtime, x, tf.transpose(filter, [2, 3, 0, 1]) as Tensor4D, stride);
    } else {
      const filter: Tensor4D = tf.transpose(w, [2, 3, 1, 0]);
      const inputs = groups === 1 ? [x] : tf.split<Tensor4D>(x, groups, 3);
      const filters: Tensor4D[] = groups === 1 ? [filter] : tf.split<Tensor4D>(filter, groups, 3);
      const outputs = inputs.map((part, g) => convolve(runtime, part, filters[g]!, stride));
      product = groups === 1 ? outputs[0]! : tf.concat(outputs, 3);
    }
    return { tensor: bias === null ? product : product.add(pass.parameter(bias)), shape: outputShape, computed: true };
  };
}

function quantizedInput({ activationQuantizer }: LayerOf<'conv2d'>, input: Activations, pass: ForwardPass): Tensor4D {
  if (activationQuantizer === 'none' || !pass.fakeQuantization) return input.tensor as Tensor4D;
  // The order of the features does not matter to a maximum.
  const rows: Tensor2D = input.tensor.reshape([pass.batch, elementCount(input.shape)]);
  const { tensor } = fakeQuantize(pass.runtime.tf, activationQuantizer, {
    ...input,
    source: rows,
    normalized: rows,
  });
  return tensor.reshape(input.tensor.shape);
}
