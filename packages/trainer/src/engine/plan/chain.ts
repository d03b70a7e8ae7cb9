// Chains: convolution layers whose channels stay apart, with their ReLUs and poolings, run as one operation per sample and group
// of channels (native/kernels/chain.h).
import type { LayerOf, ResolvedLayer, Shape } from '@bitnetmcu/models';
import { mixSeeds, Random } from '../../random.js';
import { padded } from './arena.js';
import { uniformWeights } from './initial-weights.js';
import { planLinearInput } from './linear-input.js';
import type { Parameter, PlanBuilder } from './plan-builder.js';
import { featuresOf, type Tensor } from './tensor.js';
import { emitClipGradient, type PlannedWeights, planWeights } from './weight-quantization.js';

/** As in native/kernels/chain.h. */
const MAX_STAGES = 16;
const CHUNK_SAMPLES = 32;
const CONVOLUTIONS = { none: 0, full: 1, depthwise: 2 } as const;
const POOLS = { none: 0, maxPool2d: 1, avgPool2d: 2 } as const;
const MAX_LANES = 16;
const MIN_LANES = 4;
/** Floats between the counters of two stages. */
const COUNTER_STRIDE = 16;

/** One stage: a convolution or none, then ReLU, then pooling; shapes are those of the whole tensor. */
interface StageSpec {
  readonly convolution: LayerOf<'conv2d'> | null;
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
 * The longest chain that starts at `layers[0]`, or null. A full convolution may only be the first stage and must not need the
 * gradient of its input; every other convolution is depthwise with one output a channel.
 */
export function matchChain(layers: readonly ResolvedLayer[], needsGradient: boolean): ChainSpec | null {
  const stages: StageSpec[] = [];
  let length = 0;
  for (const { layer, inputShapes, outputShape } of layers) {
    const input = inputShapes[0]!;
    const current = stages.at(-1);
    if (layer.type === 'conv2d' && fits(layer, input, stages.length === 0, needsGradient)) {
      if (stages.length === MAX_STAGES) break;
      stages.push({ convolution: layer, relu: false, pool: null, input, inner: outputShape, output: outputShape });
    } else if (layer.type === 'activation' && current && current.pool === null && !current.relu) {
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
  readonly spec: StageSpec;
  readonly weights: PlannedWeights | null;
  readonly bias: Parameter | null;
  readonly kernelPositions: number;
  readonly partial: number;
}

export function planChain(
  plan: PlanBuilder,
  { stages }: ChainSpec,
  source: Tensor,
  readers: number,
  layerNumber: number,
): Tensor {
  const head = stages[0]!.convolution!;
  const input = planLinearInput(plan, { ...head, norm: 'none' }, source);
  const last = stages.at(-1)!;
  const channels = last.output[0];
  const width = padded(channels);
  const { batchSize } = plan.options;
  const positives = plan.arena.allocate(stages.length * COUNTER_STRIDE);
  const firstKept = Math.max(
    0,
    stages.findIndex(({ pool }) => pool !== null) === -1
      ? stages.length - 1
      : stages.findIndex(({ pool }) => pool !== null),
  );
  const words: number[] = [];
  const planned = stages.map((spec, i): PlannedStage => {
    const stage = planStage(
      plan,
      spec,
      positives + i * COUNTER_STRIDE,
      new Random(mixSeeds(plan.options.seed, layerNumber + i)),
    );
    const kept = i >= firstKept;
    const keep = kept ? plan.arena.allocate(batchSize * width * keptPositions(spec)) : 0;
    words.push(...stageWords(spec, stage, keep, kept));
    return stage;
  });
  const maps = stages.flatMap(({ input, inner, output }) =>
    [input, inner, output].map(([, height, width]) => height! * width!),
  );
  const largestMap = Math.max(...maps);
  const largestPaddedMap = Math.max(...stages.map(paddedPositions));
  const first = stages[0]!;
  const full = first.convolution !== null && !isDepthwise(first.convolution, first.input);
  const scratchPositions =
    (full ? 0 : positions(first.input)) +
    stages.reduce((sum, { inner }) => sum + positions(inner), 0) +
    largestMap +
    largestPaddedMap +
    1;
  const scratchLength = scratchPositions * MAX_LANES;
  const items = (width / MIN_LANES) * Math.ceil(batchSize / CHUNK_SAMPLES);
  const output = plan.tensor(last.output, { needsGradient: true, readers, unit: undefined });
  const operands = {
    input: input.offset,
    inputStride: input.stride,
    output: output.offset,
    outputStride: output.stride,
    channels,
    stages: plan.arena.allocateWords(words),
    stageCount: stages.length,
    scratch: plan.arena.allocate(scratchLength * plan.threads),
    scratchLength,
    largestMap,
    largestPaddedMap,
    batchSize,
    positives,
  };
  const none = { outputGradient: 0, inputGradient: 0 };
  plan.emit('forward', 'chain', { ...operands, ...none, counts: 0 }, { phase: 'train' });
  plan.emit(
    'forward',
    'chain',
    { ...operands, ...none, counts: plan.arena.allocate(items * stages.length) },
    { phase: 'evaluate' },
  );
  plan.onBackward(() => {
    const outputGradient = plan.gradientOf(output);
    const emit = (inputGradient: number): void =>
      plan.emit('backward', 'chain', { ...operands, counts: 0, outputGradient, inputGradient });
    if (input.needsGradient) input.backward(emit);
    else emit(0);
    for (const { weights, bias, kernelPositions, partial } of planned) {
      if (weights === null) continue;
      plan.emit('backward', 'chainGradient', {
        partial,
        channels,
        kernelPositions,
        gradient: weights.parameter.gradient,
        gradientStride: weights.parameter.gradientStride,
        biasGradient: bias?.gradient ?? 0,
      });
      emitClipGradient(plan, weights);
    }
  });
  return output;
}

function planStage(
  plan: PlanBuilder,
  { convolution, input, inner }: StageSpec,
  positives: number,
  random: Random,
): PlannedStage {
  const [channels] = inner;
  if (convolution === null)
    return {
      spec: { convolution, relu: false, pool: null, input, inner, output: inner },
      weights: null,
      bias: null,
      kernelPositions: 1,
      partial: 0,
    };
  const { name, kernel } = convolution;
  const kernelPositions = (isDepthwise(convolution, input) ? 1 : input[0]) * kernel[0] * kernel[1];
  const initial = uniformWeights(random, channels, kernelPositions);
  const weights = planWeights(plan, name, [channels, kernelPositions], convolution.weights, initial, positives);
  const bias = convolution.bias ? plan.parameter(`${name}.bias`, [1, channels], new Float32Array(channels)) : null;
  const chunks = Math.ceil(plan.options.batchSize / CHUNK_SAMPLES);
  const partial = plan.arena.allocate(chunks * padded(channels) * (kernelPositions + 1));
  return {
    spec: { convolution, relu: false, pool: null, input, inner, output: inner },
    weights,
    bias,
    kernelPositions,
    partial,
  };
}

/** A `Stage` of native/kernels/chain.h. */
function stageWords(
  { convolution, relu, pool, input, inner, output }: StageSpec,
  { weights, bias, partial }: PlannedStage,
  keep: number,
  kept: boolean,
): number[] {
  const kind = convolution === null ? 'none' : isDepthwise(convolution, input) ? 'depthwise' : 'full';
  const [kernelHeight, kernelWidth] = convolution?.kernel ?? [1, 1];
  const [strideY, strideX] = convolution?.stride ?? [1, 1];
  const [, outHeight, outWidth] = output;
  return [
    CONVOLUTIONS[kind],
    ...[
      input[0],
      input[1]!,
      input[2]!,
      inner[1]!,
      inner[2]!,
      kernelHeight,
      kernelWidth,
      strideY,
      strideX,
      convolution?.padding ?? 0,
    ],
    ...[weights?.transposed ?? 0, weights?.transposedStride ?? 0, bias?.offset ?? 0, Number(relu)],
    ...[POOLS[pool?.type ?? 'none'], pool?.size ?? 1, pool ? (pool.stride ?? pool.size) : 1, outHeight!, outWidth!],
    ...[partial, keep, Number(kept), 0],
  ];
}

function positions(shape: Shape): number {
  return featuresOf(shape) / shape[0];
}

/** Kept for each channel of a sample: `kept_vectors` of chain.h. */
function keptPositions({ pool, inner, output }: StageSpec): number {
  if (pool?.type === 'maxPool2d') return 2 * positions(output);
  return positions(inner) + (pool === null ? 0 : positions(output));
}

/** A gradient map with kernel width − 1 columns of zeros on either side. */
function paddedPositions({ convolution, inner }: StageSpec): number {
  const margin = (convolution?.kernel[1] ?? 1) - 1;
  return inner[1]! * (inner[2]! + 2 * margin);
}
