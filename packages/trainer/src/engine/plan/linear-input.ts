// The input side of a linear layer: norm, then int8 fake quantization of the activations, both with straight-through gradient.
import type { LayerOf } from '@bitnetmcu/models';
import type { Norm } from '@bitnetmcu/models/internal';
import type { PlanBuilder } from './plan-builder.js';
import { codeOf } from './records.js';
import type { Tensor } from './tensor.js';

/** Keeps the norms of an all-zero sample finite. */
const EPSILON = 1e-6;
/** Share of the newest batch in the running statistics, as torch.nn.BatchNorm1d. */
const BATCH_NORM_MOMENTUM = 0.1;
const BATCH_NORM_EPSILON = 1e-5;

export interface LinearInput {
  readonly offset: number;
  readonly stride: number;
  readonly needsGradient: boolean;
  /** Per sample the value of int8 code 1. */
  readonly unit: number | undefined;
  /** Backward: `write` overwrites a place with dL/d(this); the norm's gradient follows. */
  backward(write: (dx: number) => void): void;
}

type ActivationQuantizer = LayerOf<'linear'>['activationQuantizer'];
type Planned = Omit<LinearInput, 'unit'>;

export interface LinearInputSpec {
  readonly name: string;
  readonly norm: Norm;
  readonly activationQuantizer: ActivationQuantizer;
}

/** Plans `norm` and `activationQuantizer` of a layer. */
export function planLinearInput(plan: PlanBuilder, layer: LinearInputSpec, input: Tensor): LinearInput {
  const { norm, activationQuantizer } = layer;
  const trained = norm === 'layer' || norm === 'batch' ? planTrainedNorm(plan, layer.name, norm, input) : null;
  const scaleFree = norm === 'layer' || norm === 'batch' ? 'none' : norm;
  if (scaleFree === 'none' && activationQuantizer === 'none') {
    const planned: Planned = trained ?? {
      offset: input.offset,
      stride: input.stride,
      needsGradient: input.needsGradient,
      backward: (write) => plan.addGradient(input, write),
    };
    return { ...planned, unit: undefined };
  }
  const source = trained ?? input;
  const { features } = input;
  const stride = source.stride;
  // The sample itself is read once and has no gradient: it is quantized in place.
  const inPlace = !source.needsGradient && input.readers === 1;
  const output = inPlace ? source.offset : plan.allocateRows(stride);
  const factor = scaleFree === 'none' ? 0 : plan.allocateRows(1);
  const unit = activationQuantizer === 'none' ? undefined : plan.allocateRows(1);
  const operands = {
    input: source.offset,
    inputStride: stride,
    output,
    outputStride: stride,
    features,
    norm: codeOf('norm', scaleFree),
    quantizer: codeOf('quantizer', quantizerOf(activationQuantizer, source.needsGradient)),
    epsilon: EPSILON,
    factor,
    unit: trained === null ? (input.unit ?? 0) : 0,
    outputUnit: unit ?? 0,
  };
  plan.emit('forward', 'quantizeActivations', operands, { float: { quantizer: codeOf('quantizer', 'none') } });
  const normBackward = (gradient: number): void => {
    if (scaleFree === 'none') return;
    plan.emit('backward', 'normBackward', {
      input: source.offset,
      inputStride: stride,
      gradient,
      gradientStride: stride,
      features,
      norm: codeOf('norm', scaleFree),
      factor,
    });
  };
  return {
    offset: output,
    stride,
    needsGradient: source.needsGradient,
    unit,
    backward: (write) => {
      if (trained) trained.backward(write);
      else
        plan.addGradient(input, (gradient) => {
          write(gradient);
          normBackward(gradient);
        });
    },
  };
}

/** Before the sample itself the integer inference has no accumulator that could be shifted: it is quantized by max|x|. */
function quantizerOf(quantizer: ActivationQuantizer, hasAccumulator: boolean): ActivationQuantizer {
  return quantizer === 'shift' && !hasAccumulator ? 'max-abs' : quantizer;
}

function planTrainedNorm(plan: PlanBuilder, layer: string, norm: 'layer' | 'batch', input: Tensor): Planned {
  const { features, stride } = input;
  const gain = plan.parameter(`${layer}.norm.gain`, [1, features], new Float32Array(features).fill(1));
  const shift = plan.parameter(`${layer}.norm.shift`, [1, features], new Float32Array(features));
  const offset = plan.allocateRows(stride);
  const rows = { input: input.offset, inputStride: stride, output: offset, outputStride: stride, features };
  const trained = { gain: gain.offset, shift: shift.offset };
  const statistics = {
    mean: norm === 'layer' ? plan.allocateRows(1) : plan.arena.allocate(features),
    factor: norm === 'layer' ? plan.allocateRows(1) : plan.arena.allocate(features),
  };
  if (norm === 'layer') {
    plan.emit('forward', 'layerNorm', { ...rows, ...trained, ...statistics, epsilon: BATCH_NORM_EPSILON });
  } else {
    const operands = {
      ...rows,
      ...trained,
      ...statistics,
      epsilon: BATCH_NORM_EPSILON,
      momentum: BATCH_NORM_MOMENTUM,
      runningMean: plan.buffer(`${layer}.norm.mean`, new Float32Array(features)).offset,
      runningVariance: plan.buffer(`${layer}.norm.variance`, new Float32Array(features).fill(1)).offset,
    };
    plan.emit('forward', 'batchNorm', { ...operands, training: 1 }, { phase: 'train' });
    plan.emit('forward', 'batchNorm', { ...operands, training: 0 }, { phase: 'evaluate' });
  }
  const backward = (write: (dx: number) => void): void => {
    // The gradient of gain and shift is wanted even where none flows on.
    const emit = (gradient: number): void => {
      write(gradient);
      plan.emit('backward', norm === 'layer' ? 'layerNormBackward' : 'batchNormBackward', {
        input: input.offset,
        inputStride: stride,
        gradient,
        gradientStride: stride,
        features,
        gain: gain.offset,
        ...statistics,
        gainGradient: gain.gradient,
        shiftGradient: shift.gradient,
      });
    };
    if (input.needsGradient) plan.addGradient(input, emit);
    else emit(plan.allocateRows(stride));
  };
  return { offset, stride, needsGradient: true, backward };
}
