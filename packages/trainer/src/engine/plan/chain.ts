// Chains: convolution layers whose channels stay apart, with their ReLUs and poolings, run as one operation per sample and group
// of channels (native/kernels/chain.h).
import type { LayerOf, ResolvedLayer, Shape } from '@bitnetmcu/models';
import { mixSeeds, Random } from '../../random.js';
import { padded } from './arena.js';
import { uniformWeights } from './initial-weights.js';
import { planLinearInput } from './linear-input.js';
import type { Parameter, PlanBuilder } from './plan-builder.js';
import { poolingWords } from './pooling.js';
import { CHUNK_SAMPLES, codeOf, MAX_STAGES, recordWords, windowFields } from './records.js';
import { featuresOf, type Tensor } from './tensor.js';
import { emitScaleGradients, type PlannedWeights, planWeights } from './weight-quantization.js';

const POOLS = { maxPool2d: 'max', avgPool2d: 'average' } as const;
const MAX_LANES = 16;
const MIN_LANES = 4;
/** Floats between the counters of two stages. */
const COUNTER_STRIDE = 16;

/** One stage: a convolution, then ReLU, then pooling; shapes are those of the whole tensor. */
interface StageSpec {
  readonly convolution: LayerOf<'conv2d'>;
  relu: boolean;
  pool: LayerOf<'maxPool2d'> | LayerOf<'avgPool2d'> | null;
  readonly input: Shape;
  /** After the convolution. */
  readonly inner: Shape;
  output: Shape;
}

export interface ChainSpec {
  readonly stages: readonly StageSpec[];
  /** Layers covered. */
  readonly length: number;
}

/**
 * The longest chain that starts at the first of `layers`, or null; layers after its end are not looked at. A full convolution may only be the first stage and must not need the
 * gradient of its input; every other convolution is depthwise with one output a channel.
 */
export function matchChain(layers: Iterable<ResolvedLayer>, needsGradient: boolean): ChainSpec | null {
  const stages: StageSpec[] = [];
  let length = 0;
  for (const { layer, inputShapes, outputShape } of layers) {
    const input = inputShapes[0]!;
    const current = stages.at(-1);
    if (layer.type === 'conv2d' && fits(layer, input, stages.length === 0, needsGradient)) {
      if (stages.length === MAX_STAGES) break;
      stages.push({ convolution: layer, relu: false, pool: null, input, inner: outputShape, output: outputShape });
    } else if (
      layer.type === 'activation' &&
      layer.function === 'relu' &&
      current &&
      current.pool?.type !== 'avgPool2d'
    ) {
      // the maximum of rectified values is the rectified maximum: the order does not matter
      current.relu = true;
    } else if ((layer.type === 'maxPool2d' || layer.type === 'avgPool2d') && current && current.pool === null) {
      current.pool = layer;
      current.output = outputShape;
    } else break;
    length++;
  }
  return length === 0 ? null : { stages, length };
}

function fits(layer: LayerOf<'conv2d'>, input: Shape, first: boolean, needsGradient: boolean): boolean {
  if (!first && layer.activationQuantizer !== 'none') return false;
  const depthwise = isDepthwise(layer, input);
  return first ? depthwise || (layer.groups === 1 && !needsGradient) : depthwise;
}

function isDepthwise({ groups, channels }: LayerOf<'conv2d'>, [inChannels]: Shape): boolean {
  return (groups === 'depthwise' || groups === inChannels) && channels === inChannels;
}

interface PlannedStage {
  readonly weights: PlannedWeights;
  readonly bias: Parameter | null;
  readonly kernelPositions: number;
  /** Gradients of each chunk of samples, to be summed. */
  readonly partial: number;
}

export function planChain(
  plan: PlanBuilder,
  { stages }: ChainSpec,
  source: Tensor,
  readers: number,
  layerNumber: number,
): Tensor {
  const { batchSize } = plan.options;
  const [first, last] = [stages[0]!, stages.at(-1)!];
  const input = planLinearInput(plan, { ...first.convolution, norm: 'none' }, source);
  const channels = last.output[0];
  const width = padded(channels);
  const positives = plan.arena.allocate(stages.length * COUNTER_STRIDE);
  const kept = firstKept(stages);
  const words: number[] = [];
  const planned = stages.map((stage, i): PlannedStage => {
    const random = new Random(mixSeeds(plan.options.seed, layerNumber + i));
    const made = planStage(plan, stage, positives + i * COUNTER_STRIDE, random);
    const keep = i < kept ? 0 : plan.arena.allocate(batchSize * width * keptPositions(stage));
    words.push(...stageWords(stage, made, keep));
    return made;
  });
  const output = plan.tensor(last.output, { needsGradient: true, readers, unit: undefined });
  const operands = {
    input: input.offset,
    inputStride: input.stride,
    output: output.offset,
    outputStride: output.stride,
    channels,
    stages: plan.arena.allocateWords(words),
    stageCount: stages.length,
    batchSize,
    positives,
    ...planScratch(plan, stages),
  };
  const items = (width / MIN_LANES) * Math.ceil(batchSize / CHUNK_SAMPLES);
  const counts = plan.arena.allocate(items * stages.length);
  const forward = { ...operands, outputGradient: 0, inputGradient: 0 };
  plan.emit('forward', 'chain', { ...forward, counts: 0 }, { phase: 'train' });
  plan.emit('forward', 'chain', { ...forward, counts }, { phase: 'evaluate' });
  plan.onBackward(() => {
    const outputGradient = plan.gradientOf(output);
    const emit = (inputGradient: number): void =>
      plan.emit('backward', 'chain', { ...operands, counts: 0, outputGradient, inputGradient });
    if (input.needsGradient) input.backward(emit);
    else emit(0);
    for (const { weights, bias, kernelPositions, partial } of planned) {
      const { gradient, gradientStride } = weights.parameter;
      const biasGradient = bias?.gradient ?? 0;
      plan.emit('backward', 'chainGradient', {
        partial,
        channels,
        kernelPositions,
        gradient,
        gradientStride,
        biasGradient,
      });
      emitScaleGradients(plan, weights);
    }
  });
  return output;
}

/** The backward pass recomputes the stages before the first pooling: storing their large maps would cost more. */
function firstKept(stages: readonly StageSpec[]): number {
  const pooled = stages.findIndex(({ pool }) => pool !== null);
  return pooled < 0 ? stages.length - 1 : pooled;
}

function planStage(plan: PlanBuilder, stage: StageSpec, positives: number, random: Random): PlannedStage {
  const { convolution, input, inner } = stage;
  const [channels] = inner;
  const { name, kernel } = convolution;
  const kernelPositions = (isDepthwise(convolution, input) ? 1 : input[0]) * kernel[0] * kernel[1];
  const initial = uniformWeights(random, channels, kernelPositions);
  const weights = planWeights(plan, name, [channels, kernelPositions], convolution.weights, initial, positives);
  const bias = convolution.bias
    ? plan.parameter(`${name}.bias`, [1, channels], new Float32Array(channels), { mask: weights.parameter.mask })
    : null;
  const chunks = Math.ceil(plan.options.batchSize / CHUNK_SAMPLES);
  const partial = plan.arena.allocate(chunks * padded(channels) * (kernelPositions + 1));
  return { weights, bias, kernelPositions, partial };
}

/** A `Stage` of native/records.json. */
function stageWords(stage: StageSpec, { weights, bias, partial }: PlannedStage, keep: number): number[] {
  const { convolution, relu, pool, input, inner, output } = stage;
  const [channels, inHeight, inWidth] = spatial(input);
  const [, height, width] = spatial(inner);
  const [, outHeight, outWidth] = spatial(output);
  return recordWords('Stage', {
    convolution: codeOf('convolution', isDepthwise(convolution, input) ? 'depthwise' : 'full'),
    geometry: recordWords('Geometry', { channels, inHeight, inWidth, height, width, ...windowFields(convolution) }),
    weights: weights.transposed,
    weightStride: weights.transposedStride,
    bias: bias?.offset ?? 0,
    relu: Number(relu),
    pool: codeOf('pool', pool === null ? 'none' : POOLS[pool.type]),
    pooling: poolingWords(pool),
    outHeight,
    outWidth,
    gradient: partial,
    keep,
    kept: Number(keep !== 0),
  });
}

/** Each worker's scratch memory: the maps of one sample that are not kept, and its gradients. */
function planScratch(plan: PlanBuilder, stages: readonly StageSpec[]) {
  const largestMap = Math.max(...stages.flatMap(({ input, inner, output }) => [input, inner, output].map(positions)));
  const largestPaddedMap = Math.max(...stages.map(paddedPositions));
  const maps = stages.reduce((sum, { inner }) => sum + positions(inner), positions(stages[0]!.input));
  const scratchLength = (maps + largestMap + 2 * largestPaddedMap) * MAX_LANES;
  return { scratch: plan.arena.allocate(scratchLength * plan.threads), scratchLength, largestMap, largestPaddedMap };
}

function spatial(shape: Shape): readonly [number, number, number] {
  return shape as readonly [number, number, number];
}

function positions(shape: Shape): number {
  return featuresOf(shape) / shape[0];
}

/** Kept for each channel of a sample: `kept_vectors` of native/kernels/chain.h. */
function keptPositions({ pool, inner, output }: StageSpec): number {
  if (pool?.type === 'maxPool2d') return 2 * positions(output);
  return positions(inner) + (pool === null ? 0 : positions(output));
}

/** A gradient map with kernel width − 1 columns of zeros on either side. */
function paddedPositions({ convolution, inner }: StageSpec): number {
  const [, height, width] = spatial(inner);
  return height * (width + 2 * (convolution.kernel[1] - 1));
}
