// What coders could make of the weights of hidden linear layers: by themselves, and by those of the neuron before, whose order is free.
import type { QuantizedModel } from '@bitnetmcu/models';
import type { LinearNode } from '@bitnetmcu/models/internal';
import { codeStatistics, getFormat } from '@bitnetmcu/quant';

/** Bits a weight, means over the weights of the layers. */
export interface HiddenCodes {
  /** Entropy of the codes of each layer. */
  readonly own: number;
  /** Bits of each code given that of the neuron before for the same input, the table of counts paid for with ½·log₂ n bits a number (Rissanen 1983). */
  readonly byNeighbour: number;
}

/** @returns undefined where no linear layer but the last has two outputs */
export function hiddenCodes({ nodes }: QuantizedModel): HiddenCodes | undefined {
  const linear = nodes.filter((node): node is LinearNode => node.op === 'linear' && node !== nodes.at(-1));
  let [own, byNeighbour, coded, all] = [0, 0, 0, 0];
  for (const { inFeatures, outFeatures, weights } of linear) {
    if (outFeatures < 2) continue;
    const { format, codes } = weights;
    own += codes.length * codeStatistics(format, codes).entropy;
    all += codes.length;
    byNeighbour += conditionalBits(codes, inFeatures, getFormat(format).levels.length);
    coded += codes.length - inFeatures;
  }
  return all === 0 ? undefined : { own: own / all, byNeighbour: byNeighbour / coded };
}

/** @param codes output-major */
function conditionalBits(codes: Uint8Array, inputs: number, levels: number): number {
  const counts = new Float64Array(levels * levels);
  for (let i = inputs; i < codes.length; i++) counts[codes[i - inputs]! * levels + codes[i]!]!++;
  let bits = ((levels * (levels - 1)) / 2) * Math.log2(codes.length - inputs);
  for (let before = 0; before < levels; before++) {
    const row = counts.subarray(before * levels, (before + 1) * levels);
    const total = row.reduce((sum, count) => sum + count, 0);
    for (const count of row) if (count > 0) bits -= count * Math.log2(count / total);
  }
  return bits;
}
