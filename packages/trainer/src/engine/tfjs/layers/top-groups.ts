// topGroups: the choice is made on the host; its gradient is that of the softmax of the scores.
import type { LayerOf } from '@bitnetmcu/models';
import { chooseGroups } from '@bitnetmcu/models/internal';
import type { LayerForward } from '../forward-pass.js';
import type { Tensor } from '../tensors.js';

export function buildTopGroups({ keep }: LayerOf<'topGroups'>): LayerForward {
  return (input, { runtime: { tf }, batch }, other) => {
    const scores = other!.tensor;
    const groups = other!.shape[0];
    const values = scores.dataSync();
    const kept = new Uint8Array(batch * groups);
    for (let row = 0; row < batch; row++) {
      const at = row * groups;
      chooseGroups(values.subarray(at, at + groups), keep, kept.subarray(at, at + groups));
    }
    const straightThrough = tf.customGrad((...parts) => ({
      value: tf.tensor(Float32Array.from(kept), [batch, groups]).reshape((parts[0] as Tensor).shape),
      gradFunc: (gradient: Tensor) => gradient,
    }));
    const choice = straightThrough(tf.softmax(scores));
    const { tensor } = input;
    // Channels are the last dimension in both layouts.
    const channels = tensor.shape.at(-1)!;
    const [first, ...rest] = tensor.shape.slice(0, -1);
    const grouped = tensor.reshape([first!, ...rest, groups, channels / groups]);
    const gate = choice.reshape([first!, ...rest.map(() => 1), groups, 1]);
    return { ...input, tensor: grouped.mul(gate).reshape(tensor.shape), computed: input.computed || other!.computed };
  };
}
