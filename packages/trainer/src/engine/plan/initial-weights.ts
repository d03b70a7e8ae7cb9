// Initial weights: uniform within ±1/√fan-in (Kaiming with a = √5, as torch.nn.Linear and Conv2d start).
import type { Random } from '../../random.js';

export function uniformWeights(random: Random, outputs: number, fanIn: number): Float32Array {
  const bound = 1 / Math.sqrt(fanIn);
  return Float32Array.from({ length: outputs * fanIn }, () => random.nextBetween(-bound, bound));
}
