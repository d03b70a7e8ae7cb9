// Pooling outside chains.
import type { LayerOf } from '@bitnetmcu/models';
import type { PlanBuilder } from '../plan-builder.js';
import { poolingWords } from '../pooling.js';
import type { Tensor } from '../tensor.js';
import type { LayerContext } from './layer-plan.js';

export function planPool2d(
  plan: PlanBuilder,
  layer: LayerOf<'maxPool2d'> | LayerOf<'avgPool2d'>,
  [input]: readonly [Tensor, ...Tensor[]],
  { outputShape, readers }: LayerContext,
): Tensor {
  const [channels, height, width] = input.shape as readonly [number, number, number];
  const [, outHeight, outWidth] = outputShape as readonly [number, number, number];
  const maximum = layer.type === 'maxPool2d';
  const output = plan.tensor(outputShape, {
    needsGradient: input.needsGradient,
    readers,
    unit: maximum ? input.unit : undefined,
  });
  const origin = maximum ? plan.allocateRows(output.stride) : 0;
  const pooling = plan.arena.allocateWords(poolingWords(layer));
  const window = { channels, height, width, outHeight, outWidth, pooling, origin };
  plan.emit('forward', 'pool', {
    input: input.offset,
    inputStride: input.stride,
    output: output.offset,
    outputStride: output.stride,
    ...window,
  });
  plan.onBackward(() => {
    if (!input.needsGradient) return;
    const gradient = plan.gradientOf(output);
    plan.addGradient(input, (to) =>
      plan.emit('backward', 'poolBackward', {
        gradient,
        gradientStride: output.stride,
        output: to,
        outputStride: input.stride,
        ...window,
      }),
    );
  });
  return output;
}
