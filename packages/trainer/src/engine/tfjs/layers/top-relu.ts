// topRelu: 2·max(x − m/2, 0) over each sample.
import type { LayerOf } from '@bitnetmcu/models';
import type { LayerForward } from '../forward-pass.js';

export function buildTopRelu(_: LayerOf<'topRelu'>): LayerForward {
  return (input, { runtime: { tf } }) => {
    const x = input.tensor;
    const axes = x.shape.map((_size, axis) => axis).slice(1);
    const maximum = tf.relu(tf.max(x, axes, true));
    return { ...input, tensor: tf.relu(x.sub(maximum.mul(0.5))).mul(2) };
  };
}
