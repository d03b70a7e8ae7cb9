// The sum of two tensors; its gradient goes to both. The first may be multiplied by a learned number.
import type { LayerOf } from '@bitnetmcu/models';
import type { PlanBuilder } from '../plan-builder.js';
import type { Tensor } from '../tensor.js';
import type { LayerContext } from './layer-plan.js';

export function planAdd(
  plan: PlanBuilder,
  layer: LayerOf<'add'>,
  inputs: readonly Tensor[],
  { readers }: LayerContext,
): Tensor {
  const [a, b] = inputs as [Tensor, Tensor];
  const learned = layer.scale === 'learned' ? plan.parameter(`${layer.name}.scale`, [1, 1], [1]) : null;
  const scale = learned?.offset ?? 0;
  const output = plan.tensor(a.shape, {
    needsGradient: a.needsGradient || b.needsGradient || learned !== null,
    readers,
    unit: undefined,
  });
  const { stride, features } = output;
  plan.emit('forward', 'sumTensors', { a: a.offset, b: b.offset, scale, output: output.offset, stride, features });
  plan.onBackward(() => {
    const gradient = plan.gradientOf(output);
    if (learned) {
      plan.emit('backward', 'scaleGradient', {
        values: a.offset,
        gradient,
        stride,
        features,
        output: learned.gradient,
      });
    }
    for (const [summand, factor] of [
      [a, scale],
      [b, 0],
    ] as const) {
      if (!summand.needsGradient) continue;
      plan.addGradient(summand, (to) =>
        plan.emit('backward', 'sumTensors', { a: gradient, b: 0, scale: factor, output: to, stride, features }),
      );
    }
  });
  return output;
}
