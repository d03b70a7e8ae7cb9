// topRelu: 2·max(x − m/2, 0) over each sample; the gradient reaches m, too.
import type { LayerOf } from '@bitnetmcu/models';
import type { PlanBuilder } from '../plan-builder.js';
import type { Tensor } from '../tensor.js';
import type { LayerContext } from './layer-plan.js';

/** Never in place: the gradient is taken of the input. */
export function planTopRelu(
  plan: PlanBuilder,
  _layer: LayerOf<'topRelu'>,
  [input]: readonly [Tensor, ...Tensor[]],
  { readers }: LayerContext,
): Tensor {
  const { features, stride } = input;
  // In integers 2·acc − m has the accumulators' unit.
  const output: Tensor = { ...input, readers, offset: plan.allocateRows(stride) };
  plan.emit('forward', 'topRelu', { input: input.offset, output: output.offset, stride, features });
  plan.onBackward(() => {
    if (!input.needsGradient) return;
    const gradient = plan.gradientOf(output);
    plan.addGradient(input, (to) =>
      plan.emit('backward', 'topReluBackward', { input: input.offset, gradient, output: to, stride, features }),
    );
  });
  return output;
}
