// The centre that `Binary` subtracts before it takes the sign.

/**
 * Mean of weights[from…to), summed in double in index order, as float32; 0 where all weights are the same,
 * because a constant has no spread to centre and its own sign is the better code.
 */
export function weightCentre(weights: Float32Array, from = 0, to = weights.length): number {
  let sum = 0;
  let constant = true;
  for (let i = from; i < to; i++) {
    sum += weights[i]!;
    constant &&= weights[i] === weights[from];
  }
  return constant ? 0 : Math.fround(sum / (to - from));
}
