// Dropout: in training only, inverted, in place where nothing else reads its input.
import type { LayerOf } from '@bitnetmcu/models';
import type { PlanBuilder } from '../plan-builder.js';
import type { Tensor } from '../tensor.js';
import type { LayerContext } from './layer-plan.js';

export function planDropout(
  plan: PlanBuilder,
  { rate }: LayerOf<'dropout'>,
  [input]: readonly [Tensor, ...Tensor[]],
  { readers, random }: LayerContext,
): Tensor {
  const { features, stride } = input;
  const output: Tensor = { ...input, readers, offset: plan.allocateRows(stride), unit: undefined };
  const seed = random.nextUint32() | 0;
  const operands = { inputStride: stride, outputStride: stride, features, rate, seed };
  plan.emit('forward', 'dropout', { ...operands, input: input.offset, output: output.offset }, { phase: 'train' });
  plan.emit(
    'forward',
    'dropout',
    { ...operands, rate: 0, input: input.offset, output: output.offset },
    { phase: 'evaluate' },
  );
  plan.onBackward(() => {
    if (!input.needsGradient) return;
    const gradient = plan.gradientOf(output);
    plan.addGradient(input, (to) => plan.emit('backward', 'dropout', { ...operands, input: gradient, output: to }));
  });
  return output;
}
