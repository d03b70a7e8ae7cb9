// Pooling. Padding is put around the maps first, so that every backend pools without any.
import type { LayerOf } from '@bitnetmcu/models';
import type { LayerForward } from '../forward-pass.js';
import type { Tensor, Tensor4D, Tf } from '../tensors.js';
import type { LayerBuilder } from './layer-builder.js';

/** Stands for −∞ in the padding of a maximum: multiplied by 0 in a gradient it stays a number. */
const NEVER_MAXIMUM = -3e38;

export function buildMaxPool(layer: LayerOf<'maxPool2d'>, { outputShape }: LayerBuilder): LayerForward {
  const { size, stride = size } = layer;
  return (input, { runtime: { tf } }) => ({
    ...input,
    tensor: tf.maxPool(padded(tf, input.tensor, layer.padding, NEVER_MAXIMUM), size, stride, 'valid'),
    shape: outputShape,
  });
}

export function buildAveragePool(layer: LayerOf<'avgPool2d'>, { inputShape, outputShape }: LayerBuilder): LayerForward {
  const { size, stride = size, padding, countIncludePad } = layer;
  const mean = (tf: Tf, x: Tensor4D): Tensor4D => tf.avgPool(x, size, stride, 'valid');
  const excludes = !countIncludePad && padding[0] + padding[1] > 0;
  return ({ tensor, computed }, { runtime: { tf } }) => {
    const x = padded(tf, tensor, padding, 0);
    let result: Tensor = mean(tf, x);
    if (excludes) {
      // The mean of ones inside and zeros outside is the share of each window that lies inside.
      const [, height, width] = inputShape as readonly [number, number, number];
      result = result.div(mean(tf, padded(tf, tf.ones([1, height, width, 1]), padding, 0)));
    }
    return { tensor: result, shape: outputShape, computed };
  };
}

function padded(tf: Tf, x: Tensor, [vertical, horizontal]: readonly [number, number], value: number): Tensor4D {
  if (vertical + horizontal === 0) return x as Tensor4D;
  const none: [number, number] = [0, 0];
  return tf.pad(x, [none, [vertical, vertical], [horizontal, horizontal], none], value) as Tensor4D;
}
