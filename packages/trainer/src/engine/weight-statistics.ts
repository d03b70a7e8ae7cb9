// What the metrics of an epoch say of weights whose bits are learned.
import type { WeightFormat } from '@bitnetmcu/quant';
import { codeEntropy, quantizeLearnedBits, symmetricBits } from '@bitnetmcu/quant/internal';
import type { LayerStatistics } from './engine.js';

/** The clip is the mean of 2^(bits − 1 + exponent); the entropy is that of the codes, in the layer's format, of outputs that have weights. */
export function learnedBitsStatistics(
  format: WeightFormat,
  weights: Float32Array,
  outputs: number,
  learned: { readonly bits: Float32Array; readonly exponents: Float32Array },
): Omit<LayerStatistics, 'layer' | 'positiveShare'> {
  const most = symmetricBits(format.name)!;
  const { bits, exponents, integers } = quantizeLearnedBits(weights, { outputs, most, ...learned });
  const codes = Array.from(integers)
    .filter((integer) => integer !== 0)
    .map((integer) => (integer + 2 ** most - 1) / 2);
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / outputs;
  return {
    clip: mean(Array.from(bits, (count, output) => (count === 0 ? 0 : 2 ** (count - 1 + exponents[output]!)))),
    codeEntropy: codeEntropy(format, codes),
    bits: mean(Array.from(bits)),
    emptyOutputs: bits.filter((count) => count === 0).length,
  };
}
