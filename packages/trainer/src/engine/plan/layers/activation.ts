// Activation layers.
import type { LayerOf } from '@bitnetmcu/models';
import type { PlanBuilder } from '../plan-builder.js';
import type { Tensor } from '../tensor.js';

/** ReLU, in place where nothing else reads its input. */
export function planActivation(
  plan: PlanBuilder,
  _layer: LayerOf<'activation'>,
  input: Tensor,
  readers: number,
): Tensor {
  const { features, stride } = input;
  const inPlace = input.readers === 1;
  const output: Tensor = { ...input, readers, offset: inPlace ? input.offset : plan.allocateRows(stride) };
  plan.emit('forward', 'relu', {
    input: input.offset,
    inputStride: stride,
    output: output.offset,
    outputStride: stride,
    features,
  });
  plan.onBackward(() => {
    if (!input.needsGradient) return;
    const gradient = plan.gradientOf(output);
    const write = (to: number): void =>
      plan.emit('backward', 'reluBackward', {
        activation: output.offset,
        activationStride: stride,
        gradient,
        gradientStride: stride,
        output: to,
        outputStride: stride,
        features,
      });
    // In place, both tensors have one gradient.
    if (inPlace) write(gradient);
    else plan.addGradient(input, write);
  });
  return output;
}
