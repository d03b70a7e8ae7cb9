// Convolutions over int8 that fast kernels run together with what follows them (bnm_conv_layer of c/fast/bnm_fast.h): what the steps share.
import type { ResolvedNode } from '@bitnetmcu/models';
import { type Conv2dNode, elementCount, type Pair } from '@bitnetmcu/models/internal';
import { getFormat } from '@bitnetmcu/quant';
import type { WeightLayout } from '../layout/weight-layout.js';
import { CONVOLUTION_FIELDS, type Conv2dStep, convolutionStep, convolutionValues } from './conv2d.js';
import { hasPairs } from './geometry.js';
import { MAX_COUNT } from './limits.js';
import { isPadded, type Plane, planeOf } from './node-lowering.js';
import { type Buffer, ELEMENT_BYTES, type FieldValues } from './step.js';

/**
 * How such a convolution makes its sums: by lists of elements or by code for the signed digits of its weights, straight from ternary codes, by
 * multiplication, four outputs of a row or a block of them at once, or on AVR window by window.
 */
export type ConvTechnique = 'digits' | 'trits' | 'code' | 'products' | 'blocks' | 'windows';

/** A convolution over int8 with its pooling, before what makes int8 of it. */
export interface ConvLayerStep extends Omit<Conv2dStep, 'op' | 'taps'> {
  /** The name of its convolution. */
  readonly layers: readonly [string];
  readonly technique: ConvTechnique;
  /** Of the ReLU or of the requantization. */
  readonly shift: number;
  /** Maxima of such windows, side by side. */
  readonly pool: Pair;
  /** Of int8, where it is requantized. */
  readonly min: number;
  readonly max: number;
  /** Of the scratch, for weights as integers; 0 where the kernel lists packed codes. */
  readonly weightBytes: number;
  readonly macs: number;
  readonly scratch: Buffer;
}

export const CONV_LAYER_COMMENT =
  'all channels, or of CONV_REQUANTIZE inside BNM_OP_CHANNELS the current one; n is 0; only where BNM_FAST_KERNELS or BNM_AVR_KERNELS is defined; begins as the record of BNM_OP_CONV2D_I8';

export const CONV_LAYER_FIELDS = {
  ...CONVOLUTION_FIELDS,
  shift: 'u8',
  poolHeight: 'u8',
  poolWidth: 'u8',
  technique: 'u8',
  weightBytes: 'u16',
  min: 'i32',
  max: 'i32',
} as const;

/** BNM_CONVOLVE_* of c/include/bnm_image.h. */
const TECHNIQUES: Readonly<Record<ConvTechnique, number>> = {
  digits: 0,
  products: 1,
  windows: 2,
  blocks: 3,
  code: 4,
  trits: 5,
};

export function convLayerValues(step: ConvLayerStep): FieldValues<typeof CONV_LAYER_FIELDS> {
  const { shift, pool, technique, weightBytes, min, max } = step;
  return {
    ...convolutionValues(step, step.scratch),
    ...{ shift, poolHeight: pool[0], poolWidth: pool[1], technique: TECHNIQUES[technique], weightBytes, min, max },
  };
}

/** Outputs of a row that go over ternary codes together. */
const PAIR = 2;
/** Outputs of a row that multiplications compute at once. */
const PRODUCTS_BLOCK = 4;
/** Outputs of a block in each direction, and its kernel. */
const BLOCK_SIDE = 2;
const BLOCK_KERNEL = 3;
/** Weights of a channel that are integers in RAM at once. */
const MAX_PRODUCTS = 256;

/**
 * The fastest technique for a convolution on a part whose best one is `available`.
 * @param all its outputs
 * @param covered those of them that windows of maxima cover
 */
function techniqueFor(
  layout: WeightLayout,
  available: ConvTechnique,
  conv: Conv2dNode,
  all: Plane,
  { height, width }: Plane,
): ConvTechnique {
  if (available === 'windows') return available;
  if (isTernary(conv)) return hasTrits(layout, conv, all) ? 'trits' : 'digits';
  if (available !== 'products') return available;
  const isPlane = conv.groups === conv.inChannels && hasPairs([conv.kernel, BLOCK_KERNEL], [conv.stride, 1]);
  if (isPlane && height >= BLOCK_SIDE && width >= BLOCK_SIDE) return 'blocks';
  return width >= PRODUCTS_BLOCK && weightsOfChannel(conv) <= MAX_PRODUCTS ? 'products' : 'code';
}

function isTernary({ weights }: Conv2dNode): boolean {
  return getFormat(weights.format).fast?.list !== undefined;
}

/** Whether a ternary convolution with these outputs goes without lists in a layout: few of them, of which pairs of a row lie side by side. */
function hasTrits({ tritOutputs = 0 }: WeightLayout, { stride }: Conv2dNode, { height, width }: Plane): boolean {
  return height * width <= tritOutputs && stride[1] === 1 && width >= PAIR;
}

/**
 * The layout for a model: lists for all of its ternary convolutions where one of them wants lists, so that there are not both in flash.
 */
export function withOneTernaryTechnique(layout: WeightLayout, nodes: readonly ResolvedNode[]): WeightLayout {
  const isWithoutLists = nodes.every(
    ({ node, outputShape }) =>
      node.op !== 'conv2d' || !isTernary(node) || hasTrits(layout, node, planeOf(outputShape, 'int32')),
  );
  if (isWithoutLists) return layout;
  const { tritOutputs: _, ...others } = layout;
  return others;
}

function weightsOfChannel({ inChannels, groups, kernel }: Conv2dNode): number {
  return (inChannels / groups) * kernel[0] * kernel[1];
}

/** BNM_CONV_WEIGHTS of c/fast/bnm_fast.h. */
const MAX_LISTED = 40;
/** A weight in the list of elements, and the same as an integer. */
const WEIGHT_BYTES = 2;
/** BNM_CONVOLVE_CODE_SCRATCH of c/fast/bnm_fast.h, and the weights that are code at once. */
const CODE_BYTES = { all: 90, weight: 20 } as const;
const MAX_CODED = 13;

/** Whether the kernels count as far as the planes of a group with their padding reach: offsets and results of a channel are 16 bits. */
export function fitsConvLayer(conv: Conv2dNode, { inputShapes }: ResolvedNode): boolean {
  const [, height, width] = inputShapes[0] as readonly [number, number, number];
  const padded = (height + 2 * conv.padding[0]) * (width + 2 * conv.padding[1]);
  return (conv.inChannels / conv.groups) * padded <= MAX_COUNT;
}

/**
 * The convolution of a node with its scratch.
 * @param buffers what it reads and writes; `scratch` grows to hold what the kernel wants
 * @param planes how many of the input's are padded at once
 * @param pool windows of the maxima
 * @param shifts bytes of the scratch for shifts of channels
 * @throws RuntimeError `model-too-large`
 */
export function convLayer(
  layout: WeightLayout,
  available: ConvTechnique,
  conv: Conv2dNode,
  resolved: ResolvedNode,
  { scratch, ...buffers }: { readonly x: Buffer; readonly y: Buffer; readonly scratch: Buffer },
  { planes, shifts, pool }: { readonly planes: number; readonly shifts: number; readonly pool: Pair },
): Omit<ConvLayerStep, 'shift' | 'pool' | 'min' | 'max'> {
  const input = planeOf(resolved.inputShapes[0]!, 'int8');
  const all = planeOf(resolved.outputShape, 'int32');
  // What no window of the maxima covers is not computed.
  const output = { ...all, height: all.height - (all.height % pool[0]), width: all.width - (all.width % pool[1]) };
  const technique = techniqueFor(layout, available, conv, all, output);
  const taps: Buffer = { place: 'ram', bytes: 0 };
  const { taps: _, op: __, ...step } = convolutionStep(layout, conv, input, output, { ...buffers, taps });
  const weights = weightsOfChannel(conv);
  const { list, integers } = {
    // A list function of the format's own reads the packed codes.
    digits: { list: WEIGHT_BYTES * Math.min(weights, MAX_LISTED), integers: 0 },
    trits: { list: 0, integers: 0 },
    code: { list: 0, integers: CODE_BYTES.all + CODE_BYTES.weight * Math.min(weights, MAX_CODED) },
    products: { list: 0, integers: WEIGHT_BYTES * weights },
    blocks: { list: 0, integers: WEIGHT_BYTES * weights },
    windows: { list: 0, integers: WEIGHT_BYTES * conv.kernel[0] * conv.kernel[1] },
  }[technique];
  const padded = technique === 'windows' ? 0 : paddedBytes(conv, input, planes);
  const bytes = ELEMENT_BYTES.int32 * sumsOf(technique, output, pool) + list + integers + shifts + padded;
  scratch.bytes = Math.max(scratch.bytes, bytes);
  const macs = elementCount(resolved.outputShape) * weights;
  return { ...step, technique, layers: [conv.name], scratch, weightBytes: integers, macs };
}

/** Sums that are held at once: all of a channel, or with pools of windows as many rows as one has and what is left of all. */
function sumsOf(technique: ConvTechnique, { height, width }: Plane, [rows, columns]: Pair): number {
  if (technique !== 'windows' || rows * columns === 1) return height * width;
  return rows * width + Math.floor(height / rows) * Math.floor(width / columns);
}

/** The planes with their padding, where there is any. */
function paddedBytes({ padding }: Conv2dNode, { height, width }: Plane, planes: number): number {
  return isPadded(padding) ? planes * (height + 2 * padding[0]) * (width + 2 * padding[1]) : 0;
}
