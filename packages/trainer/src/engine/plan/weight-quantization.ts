// Weights in the plan: the trained tensor, its clipping scalars, and its fake-quantized copies that the passes read.

import type { Quantizer } from '@bitnetmcu/models';
import { clippingPolicy, getFormat, updateClips, type WeightFormat } from '@bitnetmcu/quant';
import { clipGradientFactor, hasLearnedClip, MIN_CLIP } from '@bitnetmcu/quant/internal';
import { unknownValue } from '../../arguments.js';
import { clipGateName } from '../clip-gate.js';
import { padded, rowStride } from './arena.js';
import { emitBitsGradient, planLearnedBits } from './learned-bits.js';
import type { LearnedBitsParameters, Mask, Parameter, PlanBuilder } from './plan-builder.js';
import type { Operands } from './program.js';
import { codeOf } from './records.js';

export interface PlannedWeights {
  readonly parameter: Parameter;
  /** outputs × inputs, rows `stride` apart, padding 0. */
  readonly quantized: number;
  readonly stride: number;
  /** inputs × outputs, rows `transposedStride` apart, padding 0. */
  readonly transposed: number;
  readonly transposedStride: number;
  readonly format: WeightFormat | null;
  /** Offset and count of the clipping scalars; 0 and 0 in float and with learned bits. */
  readonly clip: number;
  readonly clips: number;
  /** The clipping scalars as a trained parameter; null where they are not learned. */
  readonly learnedClip: Parameter | null;
  /** Bits and exponents in place of clipping scalars; null where they are not learned. */
  readonly learnedBits: LearnedBitsParameters | null;
}

/**
 * @param positives where the layer's positive outputs are counted: see QuantizedLayer.
 * Plans a weight matrix (one row an output) with the quantizer of its layer. Emits its quantization into the pass
 * `weights`; the gradients of learned scalars and bits are emitted by emitScaleGradients.
 */
export function planWeights(
  plan: PlanBuilder,
  layer: string,
  [outputs, inputs]: readonly [number, number],
  quantizer: Quantizer,
  initial: Float32Array,
  positives: number,
): PlannedWeights {
  const mask = planMask(plan, layer, [outputs, inputs]);
  const parameter = plan.parameter(`${layer}.weight`, [outputs, inputs], initial, { decays: true, mask });
  const stride = rowStride(inputs);
  const transposedStride = padded(outputs);
  const quantized = plan.arena.allocate(outputs * stride);
  const transposed = plan.arena.allocate(inputs * transposedStride);
  const copies = {
    weight: parameter.offset,
    rows: outputs,
    columns: inputs,
    quantized,
    stride,
    transposed,
    transposedStride,
  };
  const float = {
    encoding: codeOf('encoding', 'float'),
    perOutput: 0,
    clip: 0,
    centre: 0,
    numerator: 1,
    shift: 0,
    minimum: 0,
    maximum: 0,
    levels: 0,
    levelCount: 0,
    bits: 0,
    exponent: 0,
  };
  const places = { parameter, quantized, stride, transposed, transposedStride };
  const damp = { weight: parameter.offset, rows: outputs, columns: inputs, quantized, stride };
  if (quantizer.format === 'None') {
    plan.emit('weights', 'quantizeWeights', { ...copies, ...float });
    emitMask(plan, mask, copies);
    plan.quantizedLayers.push({
      layer,
      format: null,
      outputs,
      weight: parameter,
      clip: null,
      mask,
      clipGate: null,
      learnedClip: null,
      learnedBits: null,
      quantizer,
      positives,
    });
    return { ...places, format: null, clip: 0, clips: 0, learnedClip: null, learnedBits: null };
  }
  const format = getFormat(quantizer.format);
  const learnedBits = planLearnedBits(plan, layer, format, quantizer, { initial, outputs });
  if (learnedBits) {
    const { bits, exponent } = learnedBits;
    plan.emit(
      'weights',
      'quantizeWeights',
      {
        ...{ ...copies, perOutput: Number(bits.length > 1), bits: bits.offset, exponent: exponent.offset },
        ...{ clip: 0, centre: 0, numerator: format.scaleNumerator, ...encodingOperands(plan, format) },
      },
      { float },
    );
    emitMask(plan, mask, copies);
    emitDamping(plan, layer, damp);
    const none = { clip: null, mask, clipGate: null, learnedClip: null };
    plan.quantizedLayers.push({
      layer,
      format,
      outputs,
      weight: parameter,
      learnedBits,
      quantizer,
      positives,
      ...none,
    });
    return { ...places, format, clip: 0, clips: 0, learnedClip: null, learnedBits };
  }
  const perOutput = quantizer.scaling === 'PerOutput';
  const initialClips = updateClips(format, initial, clippingPolicy(quantizer.clipping), {
    outputs,
    scaling: quantizer.scaling,
  });
  const { clipping } = quantizer;
  const learned = hasLearnedClip(clipping, format);
  const meanScaled = format.meanScaled && !learned;
  const clipGate = learned ? { offset: plan.arena.allocate(1, [1]), length: 1 } : null;
  if (clipGate) plan.state.set(clipGateName(`${layer}.clip`), clipGate);
  const learnedClip =
    clipping.method === 'learned' && learned
      ? plan.parameter(`${layer}.clip`, [1, initialClips.length], initialClips, {
          rateFactor: clipping.learningRateFactor,
          gate: clipGate?.offset ?? 0,
          minimum: MIN_CLIP,
        })
      : null;
  const clip = learnedClip ?? plan.buffer(`${layer}.clip`, initialClips);
  const centred = format.encoding.kind === 'sign' && format.encoding.centred;
  const centre = centred ? plan.arena.allocate(initialClips.length) : 0;
  if (meanScaled) {
    plan.emit(
      'weights',
      'meanScale',
      {
        weight: parameter.offset,
        rows: outputs,
        columns: inputs,
        perOutput: Number(perOutput),
        centred: Number(centred),
        clip: clip.offset,
        centre,
        mask: mask?.offset ?? 0,
      },
      { float: null },
    );
  }
  plan.emit(
    'weights',
    'quantizeWeights',
    {
      ...copies,
      perOutput: Number(perOutput),
      clip: clip.offset,
      centre,
      numerator: format.scaleNumerator,
      bits: 0,
      exponent: 0,
      ...encodingOperands(plan, format),
    },
    { float },
  );
  emitMask(plan, mask, copies);
  emitDamping(plan, layer, damp);
  plan.quantizedLayers.push({
    layer,
    format,
    outputs,
    weight: parameter,
    clip,
    mask,
    clipGate,
    learnedClip,
    learnedBits,
    quantizer,
    positives,
  });
  return { ...places, format, clip: clip.offset, clips: initialClips.length, learnedClip, learnedBits };
}

/** Pulls weights to the values of their codes, unless the layer is frozen. */
function emitDamping(plan: PlanBuilder, layer: string, damp: Omit<Operands<'dampOscillations'>, 'damping'>): void {
  if (plan.isFrozen(layer)) return;
  plan.emit('update', 'dampOscillations', { ...damp, damping: plan.damping.offset }, { float: null });
}

/** The mask of a layer's weights, where the network is compiled with masks: all ones. */
function planMask(plan: PlanBuilder, layer: string, [rows, columns]: readonly [number, number]): Mask | null {
  if (!plan.options.masks) return null;
  return { ...plan.buffer(`${layer}.mask`, new Float32Array(rows * columns).fill(1)), rows, columns };
}

function emitMask(
  plan: PlanBuilder,
  mask: Mask | null,
  {
    quantized,
    stride,
    transposed,
    transposedStride,
  }: Pick<PlannedWeights, 'quantized' | 'stride' | 'transposed' | 'transposedStride'>,
): void {
  if (mask === null) return;
  const { offset, rows, columns } = mask;
  plan.emit('weights', 'maskWeights', { mask: offset, rows, columns, quantized, stride, transposed, transposedStride });
}

function encodingOperands(plan: PlanBuilder, { encoding, levels }: WeightFormat) {
  const none = { shift: 0, minimum: 0, maximum: 0, levels: 0, levelCount: 0 };
  const kind = codeOf('encoding', encoding.kind);
  switch (encoding.kind) {
    case 'uniform':
      return { ...none, encoding: kind, shift: encoding.offset, minimum: encoding.min, maximum: encoding.max };
    case 'sign':
      return { ...none, encoding: kind };
    case 'power-of-two':
      return { ...none, encoding: kind, maximum: 2 ** encoding.maxExponent };
    case 'nearest': {
      const midpoints = Array.from({ length: levels.length - 1 }, (_, i) => (levels[i]! + levels[i + 1]!) / 2);
      const table = plan.arena.allocate(2 * levels.length - 1, [...levels, ...midpoints]);
      return { ...none, encoding: kind, levels: table, levelCount: levels.length };
    }
    default:
      throw unknownValue('encoding', encoding);
  }
}

/** Emits the gradients of what scales a weight, where it is learned, from dL/d(weight); call after that is written. */
export function emitScaleGradients(plan: PlanBuilder, weights: PlannedWeights): void {
  emitClipGradient(plan, weights);
  emitBitsGradient(plan, weights);
}

/** dL/d(clip) from dL/d(weight), where the clipping scalar is learned. */
function emitClipGradient(
  plan: PlanBuilder,
  { parameter, format, quantized, stride, clips, learnedClip }: PlannedWeights,
): void {
  if (learnedClip === null || format === null) return;
  const { levels, scaleNumerator } = format;
  plan.emit(
    'backward',
    'clipGradient',
    {
      weight: parameter.offset,
      rows: parameter.rows,
      columns: parameter.columns,
      perOutput: Number(clips > 1),
      clip: learnedClip.offset,
      numerator: scaleNumerator,
      lowest: levels[0]!,
      highest: levels[levels.length - 1]!,
      quantized,
      quantizedStride: stride,
      weightGradient: parameter.gradient,
      weightGradientStride: parameter.gradientStride,
      factor: clipGradientFactor(format, parameter.length / clips),
      gradient: learnedClip.gradient,
    },
    { phase: 'train', float: null },
  );
}
