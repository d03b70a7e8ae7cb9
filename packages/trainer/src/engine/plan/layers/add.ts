// The sum of two tensors; its gradient goes to both.
import type { LayerOf } from '@bitnetmcu/models';
import type { PlanBuilder } from '../plan-builder.js';
import type { Tensor } from '../tensor.js';
import type { LayerContext } from './layer-plan.js';

export function planAdd(
  plan: PlanBuilder,
  _layer: LayerOf<'add'>,
  inputs: readonly Tensor[],
  { readers }: LayerContext,
): Tensor {
  const [a, b] = inputs as [Tensor, Tensor];
  const output = plan.tensor(a.shape, {
    needsGradient: a.needsGradient || b.needsGradient,
    readers,
    unit: undefined,
  });
  const { stride, features } = output;
  plan.emit('forward', 'sumTensors', { a: a.offset, b: b.offset, output: output.offset, stride, features });
  plan.onBackward(() => {
    const gradient = plan.gradientOf(output);
    for (const summand of [a, b]) {
      if (!summand.needsGradient) continue;
      plan.addGradient(summand, (to) =>
        plan.emit('backward', 'sumTensors', { a: gradient, b: 0, output: to, stride, features }),
      );
    }
  });
  return output;
}
