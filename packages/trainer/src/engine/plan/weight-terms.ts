// Terms of the loss on the weights in the plan: they add to the gradients that the backward pass has written.
import type { ResolvedLayer } from '@bitnetmcu/models';
import type { WeightFormat } from '@bitnetmcu/quant';
import { clipGradientFactor } from '@bitnetmcu/quant/internal';
import { unknownValue } from '../../arguments.js';
import { TrainerError } from '../../errors.js';
import { isWeightTerm, type LossTerm, type LossTermOf } from '../losses/schemas.js';
import type { LearnedBitsParameters, PlanBuilder, QuantizedLayer } from './plan-builder.js';

/** Call behind the backward pass. */
export function planWeightTerms(plan: PlanBuilder, terms: readonly LossTerm[], layers: readonly ResolvedLayer[]): void {
  for (const term of terms.filter(isWeightTerm)) {
    switch (term.kind) {
      case 'size':
        emitSize(plan, term, layers);
        break;
      case 'entropy':
        emitEntropy(plan, term);
        break;
      default:
        throw unknownValue('term of a loss', term);
    }
  }
}

function allWeights({ quantizedLayers }: PlanBuilder): number {
  return quantizedLayers.reduce((sum, { weight }) => sum + weight.length, 0);
}

/**
 * weight · Σ over layers of bits · weights that are left / all weights, which for a network that keeps all of its inputs is the mean bits a
 * weight of the layers that learn them. Layers of fixed bits have no gradient and are left out.
 */
function emitSize(plan: PlanBuilder, { weight }: LossTermOf<'size'>, layers: readonly ResolvedLayer[]): void {
  const learning = plan.quantizedLayers.filter(({ learnedBits }) => learnedBits !== null);
  if (learning.length === 0) {
    throw new TrainerError(
      'invalid-argument',
      "The loss has a term 'size', but no layer learns its bits: give layers' weights learnedBits, or leave the term out.",
    );
  }
  const total = allWeights(plan);
  for (const { layer, learnedBits, weight: parameter } of learning) {
    const { bits } = learnedBits!;
    const input = bitsOfInput(plan, layer, layers);
    plan.emit(
      'backward',
      'sizeLoss',
      {
        bits: bits.offset,
        count: bits.length,
        inputBits: input?.bits.offset ?? 0,
        inputs: input?.bits.length ?? 0,
        weight: (weight * parameter.length) / bits.length / total,
        gradient: bits.gradient,
        inputGradient: input?.bits.gradient ?? 0,
      },
      { phase: 'train', float: null },
    );
  }
}

/** Whether a layer's output channels are its input channels, so that one without weights vanishes behind it too. */
const KEEPS_CHANNELS: ReadonlySet<string> = new Set([
  'activation',
  'dropout',
  'flatten',
  'maxPool2d',
  'avgPool2d',
  'crop',
]);

/** The learned bits of the channels that a layer reads; undefined where they are of no one such layer. Depthwise layers read one channel each. */
function bitsOfInput(
  plan: PlanBuilder,
  name: string,
  layers: readonly ResolvedLayer[],
): LearnedBitsParameters | undefined {
  const byName = new Map(layers.map((resolved) => [resolved.layer.name, resolved]));
  let current = byName.get(name)!;
  if (current.layer.type === 'conv2d' && current.layer.groups !== 1) return undefined;
  for (;;) {
    const source = byName.get(current.inputs[0]!);
    if (source === undefined) return undefined;
    const planned = plan.quantizedLayers.find(({ layer }) => layer === source.layer.name);
    if (planned) return planned.learnedBits ?? undefined;
    if (!KEEPS_CHANNELS.has(source.layer.type)) return undefined;
    current = source;
  }
}

/** weight · Σ over layers of the entropy of the codes · weights / all weights. */
function emitEntropy(plan: PlanBuilder, { weight }: LossTermOf<'entropy'>): void {
  const total = allWeights(plan);
  for (const planned of plan.quantizedLayers) {
    const { weight: parameter, clip, learnedClip, learnedBits } = planned;
    const { format, encoding } = requireUniform(planned);
    plan.emit(
      'backward',
      'entropyLoss',
      {
        parameter: parameter.offset,
        rows: parameter.rows,
        columns: parameter.columns,
        perOutput: Number((learnedBits?.bits.length ?? clip!.length) > 1),
        clip: clip?.offset ?? 0,
        numerator: format.scaleNumerator,
        shift: encoding.offset,
        minimum: encoding.min,
        maximum: encoding.max,
        bits: learnedBits?.bits.offset ?? 0,
        exponent: learnedBits?.exponent.offset ?? 0,
        counts: plan.arena.allocate(2 * format.levels.length),
        weight: weight / total,
        gradient: parameter.gradient,
        gradientStride: parameter.gradientStride,
        scaleGradient: learnedBits?.exponent.gradient ?? learnedClip?.gradient ?? 0,
        // As the gradient of the clipping scalar itself.
        scaleFactor: learnedClip ? clipGradientFactor(format, parameter.length / learnedClip.length) : 1,
      },
      { phase: 'train', float: null },
    );
  }
}

/** @throws TrainerError `invalid-argument` for weights whose codes have no neighbours one step away, or too many to count */
function requireUniform({ layer, format }: QuantizedLayer): {
  readonly format: WeightFormat;
  readonly encoding: Extract<WeightFormat['encoding'], { kind: 'uniform' }>;
} {
  if (format !== null && format.encoding.kind === 'uniform') return { format, encoding: format.encoding };
  throw new TrainerError(
    'invalid-argument',
    `The loss has a term 'entropy', but the weights of layer '${layer}' have the format ${format?.name ?? 'None'}, whose levels are not evenly spaced: use 4bitsym or another evenly spaced format, or leave the term out.`,
  );
}
