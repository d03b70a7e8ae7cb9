// Activation layers: each element by itself, by the function that the layer names.
import type { LayerOf } from '@bitnetmcu/models';
import { ACTIVATION_NAMES, activationOf } from '@bitnetmcu/models/internal';
import type { PlanBuilder } from '../plan-builder.js';
import type { Tensor } from '../tensor.js';
import type { LayerContext } from './layer-plan.js';

/** In place where nothing else reads its input and the derivative can be taken of the output. @throws ModelError for an unknown function. */
export function planActivation(
  plan: PlanBuilder,
  layer: LayerOf<'activation'>,
  [input]: readonly [Tensor, ...Tensor[]],
  { readers }: LayerContext,
): Tensor {
  const { features, stride } = input;
  const activation = activationOf(layer.function);
  const rows = { features, function: ACTIVATION_NAMES.indexOf(layer.function) };
  const inPlace = activation.inPlace && input.readers === 1;
  // A function that is not linear between its ends leaves no accumulator that a power of two could divide.
  const unit = activation.integerForm === 'rectifier' ? input.unit : undefined;
  const output: Tensor = { ...input, readers, unit, offset: inPlace ? input.offset : plan.allocateRows(stride) };
  const kept = activation.inPlace ? output : input;
  plan.emit('forward', 'activation', {
    input: input.offset,
    inputStride: stride,
    output: output.offset,
    outputStride: stride,
    ...rows,
  });
  plan.onBackward(() => {
    if (!input.needsGradient) return;
    const gradient = plan.gradientOf(output);
    const write = (to: number): void =>
      plan.emit('backward', 'activationBackward', {
        input: kept.offset,
        inputStride: stride,
        gradient,
        gradientStride: stride,
        output: to,
        outputStride: stride,
        ...rows,
      });
    // In place, both tensors have one gradient.
    if (inPlace) write(gradient);
    else plan.addGradient(input, write);
  });
  return output;
}
