// Dropout: in training only, inverted. The mask is that of the compiled engine, a function of seed, step, row and feature.
import type { LayerOf } from '@bitnetmcu/models';
import { elementCount } from '@bitnetmcu/models/internal';
import { inLayout, type LayerForward } from '../forward-pass.js';
import type { LayerBuilder } from './layer-builder.js';

const GOLDEN_RATIO = 0x9e3779b9;
/** The largest float32 below 2^32. */
const MASK_RANGE = 4_294_967_040;

export function buildDropout({ rate }: LayerOf<'dropout'>, { inputShape, random }: LayerBuilder): LayerForward {
  const seed = random.nextUint32() | 0;
  const features = elementCount(inputShape);
  return ({ tensor, shape, computed }, pass) => {
    if (!pass.training) return { tensor, shape, computed };
    const { tf } = pass.runtime;
    const mask = dropoutMask(pass.batch, features, { seed, step: pass.step, rate });
    return { tensor: tensor.mul(inLayout(tf.tensor1d(mask), shape, pass)), shape, computed };
  };
}

function dropoutMask(
  batch: number,
  features: number,
  { seed, step, rate }: { seed: number; step: number; rate: number },
): Float32Array {
  const limit = Math.trunc(Math.fround(Math.fround(rate) * MASK_RANGE));
  const kept = 1 / (1 - rate);
  const mask = new Float32Array(batch * features);
  for (let row = 0; row < batch; row++) {
    const key = mix32(mix32(seed ^ Math.imul(step, GOLDEN_RATIO)) + Math.imul(row, GOLDEN_RATIO));
    for (let i = 0; i < features; i++) {
      mask[row * features + i] = mix32(key + Math.imul(i, GOLDEN_RATIO)) < limit ? 0 : kept;
    }
  }
  return mask;
}

/** The 32-bit finalizer of MurmurHash3. */
function mix32(value: number): number {
  let z = value | 0;
  z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
  z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
  return (z ^ (z >>> 16)) >>> 0;
}
