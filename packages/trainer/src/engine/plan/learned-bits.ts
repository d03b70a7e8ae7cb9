// Learned bits in the plan: the parameters of a layer, what the quantization reads of them, and their gradients.
import type { Quantizer } from '@bitnetmcu/models';
import type { WeightFormat } from '@bitnetmcu/quant';
import { symmetricBits } from '@bitnetmcu/quant/internal';
import { stepExponents } from '../step-exponents.js';
import type { LearnedBitsParameters, PlanBuilder } from './plan-builder.js';
import type { PlannedWeights } from './weight-quantization.js';

/**
 * Bits start as those of the format, steps as the layer's clipping policy has them for it, each output by itself where bits are. Null where the
 * quantizer learns none.
 */
export function planLearnedBits(
  plan: PlanBuilder,
  layer: string,
  format: WeightFormat,
  { learnedBits, clipping }: Quantizer,
  { initial, outputs }: { readonly initial: Float32Array; readonly outputs: number },
): LearnedBitsParameters | null {
  if (learnedBits === undefined) return null;
  const { per, minimum, learningRateFactor, step } = learnedBits;
  const most = symmetricBits(format.name)!;
  const count = per === 'channel' ? outputs : 1;
  const first = new Float32Array(count).fill(most);
  const bits = plan.parameter(`${layer}.bits`, [1, count], first, {
    rateFactor: learningRateFactor,
    minimum: Math.min(minimum, most),
    maximum: most,
  });
  const exponents = stepExponents(initial, { clipping, bits: first, most });
  // By the policy it is not moved by the optimizer, but part of the same network.
  const rateFactor = step.by === 'learned' ? step.learningRateFactor : 0;
  const exponent = plan.parameter(`${layer}.exponent`, [1, count], exponents, { rateFactor });
  return { bits, exponent };
}

/** Emits dL/d(bits) and dL/d(exponent) from dL/d(weight); call after the weight's gradient is written. */
export function emitBitsGradient(
  plan: PlanBuilder,
  { parameter, format, quantized, stride, learnedBits }: PlannedWeights,
): void {
  if (learnedBits === null || format === null) return;
  const { bits, exponent } = learnedBits;
  plan.emit(
    'backward',
    'bitsGradient',
    {
      weight: parameter.offset,
      rows: parameter.rows,
      columns: parameter.columns,
      perOutput: Number(bits.length > 1),
      bits: bits.offset,
      exponent: exponent.offset,
      maximum: format.scaleNumerator - 1,
      quantized,
      quantizedStride: stride,
      weightGradient: parameter.gradient,
      weightGradientStride: parameter.gradientStride,
      gradient: bits.gradient,
      exponentGradient: exponent.gradient,
    },
    { phase: 'train', float: null },
  );
}
