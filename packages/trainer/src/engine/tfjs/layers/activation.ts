// Activation layers: function and gradient of the record in @bitnetmcu/models, on tensors.
import type { LayerOf } from '@bitnetmcu/models';
import { type Arithmetic, activationOf } from '@bitnetmcu/models/internal';
import type { LayerForward } from '../forward-pass.js';
import type { Tensor, Tf } from '../tensors.js';

/** @throws ModelError for an unknown function. */
export function buildActivation(layer: LayerOf<'activation'>): LayerForward {
  const activation = activationOf(layer.function);
  return (input, { runtime: { tf } }) => {
    const math = tensorArithmetic(tf);
    // TensorFlow.js would differentiate the operations one by one, which is another gradient where two values are equal.
    const compute = tf.customGrad((x, save) => {
      (save as GradSaver)([x as Tensor]);
      return {
        value: activation.apply(math, x as Tensor),
        gradFunc: (gradient: Tensor, [saved]: Tensor[]) => activation.backward(math, saved!, gradient),
      };
    });
    const unit = activation.integerForm === 'rectifier' ? input.unit : undefined;
    return { ...input, unit, tensor: compute(input.tensor) };
  };
}

/** Keeps tensors for the backward pass; TensorFlow.js frees the others. */
type GradSaver = (tensors: Tensor[]) => void;

function tensorArithmetic(tf: Tf): Arithmetic<Tensor> {
  return {
    constant: (value) => tf.scalar(value),
    add: (a, b) => tf.add(a, b),
    multiply: (a, b) => tf.mul(a, b),
    minimum: (a, b) => tf.minimum(a, b),
    maximum: (a, b) => tf.maximum(a, b),
    sigmoid: (x) => tf.sigmoid(x),
    whereGreater: (a, b, chosen, other) => tf.where(tf.greater(a, b), chosen, other),
  };
}
