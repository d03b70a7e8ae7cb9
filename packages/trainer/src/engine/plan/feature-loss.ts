// A loss term on a hidden layer: mean squared error to a teacher's features, behind a learned projection where there are more or fewer of them.
// The projection belongs to the loss: it is trained with the network and forgotten with the run (hints, Romero et al. 2015, arXiv:1412.6550).
import { TrainerError } from '../../errors.js';
import type { Random } from '../../random.js';
import { featuresTerm, type LossTerm } from '../losses/schemas.js';
import { padded, rowStride } from './arena.js';
import { uniformWeights } from './initial-weights.js';
import type { PlanBuilder } from './plan-builder.js';
import { BATCH } from './program.js';
import { codeOf } from './records.js';
import type { Tensor } from './tensor.js';

/** In the state of a network. */
const PROJECTION = 'features.projection';

const FLOAT = {
  ...{ perOutput: 0, clip: 0, centre: 0, numerator: 1, shift: 0, minimum: 0 },
  ...{ maximum: 0, levels: 0, levelCount: 0, bits: 0, exponent: 0 },
};

/** @throws TrainerError `invalid-argument` where the term names no layer; call after all layers are planned and before the backward pass is */
export function planFeatures(
  plan: PlanBuilder,
  terms: readonly LossTerm[],
  tensors: ReadonlyMap<string, Tensor>,
  random: Random,
): void {
  const term = featuresTerm(terms);
  if (term === undefined) return;
  const tensor = tensors.get(term.layer);
  if (tensor === undefined || !tensor.needsGradient) {
    throw new TrainerError(
      'invalid-argument',
      `The loss has a term features of a layer '${term.layer}', which the network ${tensor ? 'trains nothing before' : 'has not'}: name one of ${[...tensors].flatMap(([name, { needsGradient }]) => (needsGradient ? [name] : [])).join(', ')}.`,
    );
  }
  const place = term.width === tensor.features ? tensor : planProjection(plan, tensor, term.width, random);
  plan.addGradient(place, () => {});
  const { offset, stride, features } = place;
  plan.emit(
    'forward',
    'meanSquaredError',
    { logits: offset, stride, classes: features, weight: term.weight, gradient: plan.gradientOf(place), accumulate: 0 },
    { phase: 'train' },
  );
}

/** Another number of features: a float matrix of the loss's own. */
function planProjection(plan: PlanBuilder, input: Tensor, width: number, random: Random): Tensor {
  const { features } = input;
  const initial = uniformWeights(random, width, features);
  const projection = plan.parameter(PROJECTION, [width, features], initial, { auxiliary: true });
  const [stride, transposedStride] = [rowStride(features), padded(width)];
  const rows = plan.arena.allocate(width * stride);
  const transposed = plan.arena.allocate(features * transposedStride);
  const copies = { weight: projection.offset, rows: width, columns: features, quantized: rows, stride };
  const encoding = codeOf('encoding', 'float');
  plan.emit('weights', 'quantizeWeights', { ...copies, transposed, transposedStride, encoding, ...FLOAT });
  const output = plan.tensor([width], { needsGradient: true, readers: 1, unit: undefined });
  const product = { m: BATCH, accumulate: 0 } as const;
  plan.emit(
    'forward',
    'matrixMultiply',
    {
      ...{ a: input.offset, rowStrideA: input.stride, columnStrideA: 1, b: transposed, strideB: transposedStride },
      ...{ c: output.offset, strideC: output.stride, n: padded(width), k: features, ...product },
    },
    { phase: 'train' },
  );
  plan.onBackward(() => {
    const dy = plan.gradientOf(output);
    plan.emit('backward', 'matrixMultiply', {
      ...{ a: dy, rowStrideA: 1, columnStrideA: output.stride, b: input.offset, strideB: input.stride },
      ...{ c: projection.gradient, strideC: projection.gradientStride, m: width, n: padded(features), k: BATCH },
      accumulate: 0,
    });
    plan.addGradient(input, (dx) =>
      plan.emit('backward', 'matrixMultiply', {
        ...{ a: dy, rowStrideA: output.stride, columnStrideA: 1, b: rows, strideB: stride },
        ...{ c: dx, strideC: input.stride, n: padded(features), k: width, ...product },
      }),
    );
  });
  return output;
}
