// topGroups: the groups of channels with the largest scores. The gradient reaches the scores as if their softmax stood in the place of the
// choice; a term `balance` of the loss adds its own.
import type { LayerOf } from '@bitnetmcu/models';
import { TrainerError } from '../../../errors.js';
import { balanceTerms } from '../../losses/schemas.js';
import type { PlanBuilder } from '../plan-builder.js';
import type { Tensor } from '../tensor.js';
import type { LayerContext } from './layer-plan.js';

/** The kernels keep a score a group on the stack. */
const MAX_GROUPS = 4096;

/** Never in place: the gradient of the scores is taken of all groups of the input. @throws TrainerError `unsupported-layer` */
export function planTopGroups(
  plan: PlanBuilder,
  { name, keep }: LayerOf<'topGroups'>,
  inputs: readonly Tensor[],
  { readers }: LayerContext,
): Tensor {
  const [input, scores] = inputs as readonly [Tensor, Tensor];
  const { features, stride } = input;
  const groups = scores.features;
  if (groups > MAX_GROUPS) {
    throw new TrainerError(
      'unsupported-layer',
      `Layer '${name}' chooses among ${groups} groups, at most ${MAX_GROUPS} wanted: give its layer of scores fewer outputs.`,
    );
  }
  const needsGradient = input.needsGradient || scores.needsGradient;
  const output: Tensor = { ...input, needsGradient, readers, offset: plan.allocateRows(stride) };
  const choice = { scores: scores.offset, scoreStride: scores.stride, stride, features, groups, keep };
  plan.emit('forward', 'topGroups', { input: input.offset, output: output.offset, ...choice });
  plan.onBackward(() => {
    const gradient = plan.gradientOf(output);
    if (input.needsGradient)
      plan.addGradient(input, (to) => plan.emit('backward', 'topGroups', { input: gradient, output: to, ...choice }));
    if (!scores.needsGradient) return;
    plan.addGradient(scores, (to) => {
      const { keep: _, ...sizes } = choice;
      plan.emit('backward', 'groupScoresBackward', { input: input.offset, gradient, output: to, ...sizes });
      for (const { weight } of balanceTerms(plan.options.loss)) {
        const { scores: from, scoreStride } = choice;
        plan.emit('backward', 'balanceGroups', { scores: from, scoreStride, groups, keep, weight, gradient: to });
      }
    });
  });
  return output;
}
