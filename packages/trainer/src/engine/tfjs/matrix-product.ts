// Matrix products with their transpositions spelled out: the flags transposeA and transposeB of tf.matMul take a slow path on
// WebAssembly, and TensorFlow.js's own gradients set them.
import type { Tensor, Tensor2D, Tf } from './tensors.js';

/** x·wᵀ for x [rows, inputs] and weights [outputs, inputs]. */
export function multiplyWeights(tf: Tf, x: Tensor2D, weights: Tensor2D): Tensor2D {
  const product = tf.customGrad((...parts) => {
    const [a, w, save] = parts as [Tensor2D, Tensor2D, (saved: Tensor[]) => void];
    save([a, w]);
    return {
      value: tf.matMul(a, tf.transpose(w)),
      gradFunc: (dy: Tensor, saved: Tensor[]) => {
        const [savedA, savedW] = saved as [Tensor2D, Tensor2D];
        return [tf.matMul(dy as Tensor2D, savedW), tf.matMul(tf.transpose(dy as Tensor2D), savedA)];
      },
    };
  });
  return product(x, weights) as Tensor2D;
}
