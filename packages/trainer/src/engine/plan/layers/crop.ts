// Cropping: a window of every channel.
import type { LayerOf } from '@bitnetmcu/models';
import type { PlanBuilder } from '../plan-builder.js';
import type { Tensor } from '../tensor.js';
import type { LayerContext } from './layer-plan.js';

export function planCrop(
  plan: PlanBuilder,
  { top, left, height: outHeight, width: outWidth }: LayerOf<'crop'>,
  [input]: readonly [Tensor, ...Tensor[]],
  { outputShape, readers }: LayerContext,
): Tensor {
  const [channels, height, width] = input.shape as readonly [number, number, number];
  const output = plan.tensor(outputShape, { needsGradient: input.needsGradient, readers, unit: input.unit });
  const window = { channels, height, width, top, left, outHeight, outWidth };
  plan.emit('forward', 'crop', {
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
      plan.emit('backward', 'cropBackward', {
        input: gradient,
        inputStride: output.stride,
        output: to,
        outputStride: input.stride,
        ...window,
      }),
    );
  });
  return output;
}
